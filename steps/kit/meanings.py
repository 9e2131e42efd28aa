"""What sentences mean: the features state refapp's words, another app has its own, and what is
compared is the meaning.

Pure but for the reading of ``features/meanings.toml``, which is the closed list of meanings.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


@dataclasses.dataclass(frozen=True, slots=True)
class Meanings:
    """``says``: meaning -> what a person has to understand.
    ``of``: a text of the features -> its meaning.

    ``shoulds``: meanings that an app need not have words for. ``literal`` are the texts that every
    app shows as they are, ``own`` those that are compared for refapp alone.
    """

    says: Mapping[str, str]
    of: Mapping[str, str]
    literal: frozenset[str]
    own: frozenset[str]
    shoulds: frozenset[str] = frozenset()


def read(path: Path) -> Meanings:
    """The list in ``path``."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    literal, own = frozenset(found.pop("literal")), frozenset(found.pop("own"))
    of = {text: name for name, meaning in found.items() for text in meaning["words"]}
    says = {name: str(meaning["says"]) for name, meaning in found.items()}
    shoulds = frozenset(name for name, meaning in found.items() if meaning.get("level") == "should")
    return Meanings(says, of, literal, own, shoulds)


class Sentences:
    """An app's own sentences.
    ``own``: meaning -> the texts of the app that have it; a part of a sentence will do.
    """

    def __init__(self, meanings: Meanings, own: Mapping[str, Sequence[str]]) -> None:
        self._meanings = meanings
        self._own = own

    def reads(self, text: str, shown: Iterable[str]) -> bool | None:
        """Whether ``shown`` has what the features call ``text``;
        None if that is not compared: a detail of refapp's, or a should.

        Raises:
            AssertionError: the app has named no words for that meaning, so nobody can tell.
        """
        if text in self._meanings.own:
            return None
        meaning = self._meanings.of.get(text)
        if meaning in self._meanings.shoulds and not self._own.get(meaning):
            return None
        assert meaning is None or self._own.get(meaning), (
            f"the adapter names no words for the meaning {meaning!r}, so whether that is "
            f"said can't be told: {self._meanings.says.get(meaning)}"
        )
        looked_for = [text] if meaning is None else self._own[meaning]
        return any(one in said for one in looked_for for said in shown)

    def about(self, text: str) -> str | None:
        """The meaning of a text of the features;
        None: it has none, but is compared as it is or not at all.
        """
        return self._meanings.of.get(text)

    def meaning_of_own(self, sentence: str) -> str:
        """A sentence of the app as it is compared: its meaning, or itself if it has none."""
        found = [
            name for name, texts in self._own.items() if any(text in sentence for text in texts)
        ]
        return f"means: {', '.join(found)}" if found else sentence

    def meaning_of(self, text: str) -> str:
        """A sentence of the features as it is compared."""
        return f"means: {self._meanings.of[text]}" if text in self._meanings.of else text
