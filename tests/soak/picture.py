"""What was measured in a soak as a picture: one small curve for each."""

from __future__ import annotations

import html
from collections.abc import Sequence

from tests.soak.growth import Measured

WIDTH, HEIGHT, GAP, TOP, COLUMNS = 440, 90, 54, 34, 2
GOOD, BAD = "#3b6fb6", "#c0392b"


def svg(found: Sequence[Measured], title: str) -> str:
    """A curve from 0 up for each, with its name, its answer and its least and most;
    red if it is not as it should be.
    """
    parts = [f'<text x="10" y="20" font-weight="bold">{html.escape(title)}</text>']
    drawn = [one for one in found if one.known]
    for number, one in enumerate(drawn):
        x = 10 + number % COLUMNS * (WIDTH + 30)
        y = TOP + number // COLUMNS * (HEIGHT + GAP)
        colour = GOOD if one.answer() == "held" else BAD
        most = max(*one.known, 1.0)
        step = WIDTH / max(1, len(one.values) - 1)
        points = " ".join(
            f"{x + step * at:.1f},{y + 24 + HEIGHT * (1 - value / most):.1f}"
            for at, value in enumerate(one.values)
            if value is not None
        )
        words = (
            f"{one.name}, {one.unit}: {one.answer()} ({min(one.known):,.1f} to "
            f"{max(one.known):,.1f})"
        )
        parts += [
            f'<text x="{x}" y="{y + 16}" fill="{colour}">{html.escape(words)}</text>',
            f'<rect x="{x}" y="{y + 24}" width="{WIDTH}" height="{HEIGHT}" fill="#f4f5f7"/>',
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>',
        ]
    height = TOP + -(-len(drawn) // COLUMNS) * (HEIGHT + GAP)
    size = f'width="{COLUMNS * (WIDTH + 30)}" height="{height}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">'
    )
    return "\n".join(
        [head, f'<rect width="100%" height="{height}" fill="white"/>', *parts, "</svg>", ""]
    )
