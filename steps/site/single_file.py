"""The whole site as one file, to be mailed:
every page a part of it, style, pictures and search inside.

Pure but for the pictures it reads. A link to a page leads to its part, a link to a place on a page
to that place: places have names of their own on the whole site, but for a few that every page has,
which get their page's name in front.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from steps.site import frame, search

_MAIN = re.compile(r'(?s)<main id="content">(.*)</main>')
_ID = re.compile(r'\bid="([^"]+)"')
_REFERS = re.compile(r'\b(href|aria-labelledby|for|marker-end)="([^"]+)"')


def in_one(pages: Mapping[str, str], style: str, scripts: Mapping[str, str], folder: Path) -> str:
    """One HTML file out of all ``pages``. ``folder`` has their pictures."""
    bodies = {name: found[1] for name, text in pages.items() if (found := _MAIN.search(text))}
    often = Counter(one for body in bodies.values() for one in set(_ID.findall(body)))
    parts = "".join(
        f'<section class="page" id="{_part(name)}">{_moved(body, name, often, pages)}</section>'
        for name, body in bodies.items()
    )
    menu = "".join(
        f'<li><a href="#{_part(file)}">{name}</a></li>' for file, name in frame.MENU.items()
    )
    code = "".join(
        f"<script>{_for_parts(text) if name == search.FILE else text}</script>"
        for name, text in scripts.items()
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>The specification · refapp</title><style>{style}</style></head><body>"
        '<nav class="menu" aria-label="Site"><strong>refapp, the '
        f"specification</strong><ul>{menu}</ul></nav><main "
        f'id="content">{_with_pictures(parts, folder)}</main>{code}</body></html>\n'
    )


def _part(page: str) -> str:
    return f"page-{page.removesuffix('.html')}"


def _moved(body: str, page: str, often: Mapping[str, int], pages: Mapping[str, str]) -> str:
    def place(name: str, on: str) -> str:
        return f"{_part(on)}-{name}" if often.get(name, 0) > 1 else name

    def refers(found: re.Match[str]) -> str:
        attribute, value = found[1], found[2]
        file, mark, name = value.partition("#")
        if attribute == "href" and file in pages:
            return f'href="#{place(name, file) if mark else _part(file)}"'
        if attribute == "href" and mark and not file:
            return f'href="#{place(name, page)}"'
        if attribute in ("aria-labelledby", "for"):
            return f'{attribute}="{" ".join(place(one, page) for one in value.split())}"'
        if attribute == "marker-end":
            return (
                f'marker-end="url(#{place(value.removeprefix("url(#").removesuffix(")"), page)})"'
            )
        return found[0]

    return _REFERS.sub(refers, _ID.sub(lambda found: f'id="{place(found[1], page)}"', body))


def _with_pictures(text: str, folder: Path) -> str:
    def inside(found: re.Match[str]) -> str:
        data = base64.b64encode((folder / found[1]).read_bytes()).decode()
        return f'src="data:image/png;base64,{data}"'

    return re.sub(r'src="(pictures/[^"]+)"', inside, text)


def _for_parts(index: str) -> str:
    return re.sub(r'"[\w-]+\.html#([^"]+)"', r'"#\1"', index)
