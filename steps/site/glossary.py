"""The words of the specification's guide, and the places in steps where they stand:
each leads to what it means.

Pure. A word is what the first cell of a row of the guide's table "Words" has;
several of one row stand apart by commas.
"""

from __future__ import annotations

import re

from steps.site.frame import slug

PAGE = "words.html"
_ROW = re.compile(r"(?m)^\| ([^|]+?) \| [^|]+ \|$")
_TOO_COMMON = frozenset({"the app", "the window", "the server", "tokens", "the code", "the link"})
"""They stand in most steps, and would drown the others."""


class Glossary:
    """Of the guide ``text``."""

    def __init__(self, text: str) -> None:
        part = text.partition("## Words")[2].partition("\n## ")[0]
        self.rows = [cell for cell in _ROW.findall(part) if cell not in ("word", "---")]
        words = {word.strip(): cell for cell in self.rows for word in cell.split(",")}
        self._places = {
            word.removeprefix("the "): slug(cell)
            for word, cell in words.items()
            if word not in _TOO_COMMON
        }
        longest = sorted(self._places, key=len, reverse=True)
        self._pattern = (
            re.compile(rf"\b({'|'.join(map(re.escape, longest))})\b") if longest else None
        )

    def linked(self, html: str) -> str:
        """``html``, a step, with the first of its words of each kind as a link;
        what is quoted or a placeholder stays.
        """
        if self._pattern is None:
            return html
        seen: set[str] = set()
        parts = re.split(r'("[^"]*"|<[^>]+>[^<]*</var>|<[^>]+>)', html)
        return "".join(
            part if number % 2 else self._pattern.sub(lambda m: self._link(m[0], seen), part)
            for number, part in enumerate(parts)
        )

    def _link(self, word: str, seen: set[str]) -> str:
        place = self._places[word]
        if place in seen:
            return word
        seen.add(place)
        return f'<a class="meant" href="{PAGE}#{place}">{word}</a>'

    def with_places(self, html: str) -> str:
        """The guide's page, with a place for each row."""
        for cell in self.rows:
            html = html.replace(
                f'<th scope="row">{cell}</th>', f'<th scope="row" id="{slug(cell)}">{cell}</th>', 1
            )
        return html
