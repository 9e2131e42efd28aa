"""The little Markdown that the specification's own texts use, as HTML: headings, lists, tables,
code, emphasis, links.

Pure. What it does not know stays as it is written: text, never markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

_INLINE: Sequence[tuple[str, str]] = (
    (r"\*\*(.+?)\*\*", r"<strong>\1</strong>"),
    (r"(?<!\*)\*(?!\s)(.+?)\*(?!\*)", r"<em>\1</em>"),
    # A page of this site, or of the web; no other scheme, and nothing that ends the attribute.
    (r"\[([^]]+)\]\((https?://[^)\s\"]+|[^)\s\":]+)\)", r'<a href="\2">\1</a>'),
)


def code(word: str) -> str:
    """``word`` as code."""
    return f"<code>{escape(word)}</code>"


def html_of(text: str, code: Callable[[str], str] = code) -> str:
    """``text`` as HTML. ``code`` makes the HTML of what stands in backquotes;
    headings begin at h1.
    """
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        blocks += _block(block.splitlines(), code)
    return "".join(blocks)


def line_of(text: str) -> str:
    """``text``, which has no blocks, as HTML."""
    return _inline(text, code)


def _block(lines: list[str], code: Callable[[str], str]) -> list[str]:
    first = lines[0] if lines else ""
    if not first.strip():
        return []
    if all(line.startswith("    ") for line in lines):
        return [f"<pre>{escape(chr(10).join(line[4:] for line in lines))}</pre>"]
    if heading := re.match(r"(#+) (.*)", first):
        level = len(heading[1])
        return [f"<h{level}>{_inline(heading[2], code)}</h{level}>", *_block(lines[1:], code)]
    if first.startswith("|"):
        return [_table(lines, code)]
    for marker, name in ((r"- ", "ul"), (r"\d+\. ", "ol")):
        if re.match(marker, first):
            items = re.split(rf"(?m)^{marker}", "\n".join(lines))[1:]
            inner = "".join(f"<li>{_inline(item.strip(), code)}</li>" for item in items)
            return [f"<{name}>{inner}</{name}>"]
    return [f"<p>{_inline(chr(10).join(lines), code)}</p>"]


def _table(lines: list[str], code: Callable[[str], str]) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = "".join(f'<th scope="col">{_inline(cell, code)}</th>' for cell in rows[0])
    body = "".join(
        "<tr><th "
        f'scope="row">{_inline(row[0], code)}</th>'
        f"{''.join(f'<td>{_inline(c, code)}</td>' for c in row[1:])}</tr>"
        for row in rows[2:]
    )
    return (
        '<div class="wide" role="region" aria-label="Table" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _inline(text: str, code: Callable[[str], str]) -> str:
    parts = re.split(r"`([^`]+)`", text)
    said = []
    for number, part in enumerate(parts):
        if number % 2:
            said.append(code(part))
            continue
        shown = escape(part, quote=False)
        for pattern, replacement in _INLINE:
            shown = re.sub(pattern, replacement, shown)
        said.append(shown)
    return "".join(said)
