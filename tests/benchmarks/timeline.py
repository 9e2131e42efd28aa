"""Bars over time as a picture, one lane a process."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Sequence

LEFT, WIDTH, LANE, ROW, TOP = 70, 880, 34, 22, 34
COLOURS = {"parent": "#3b6fb6", "window": "#b6623b"}
WAITED = "#e3e6ea"


@dataclasses.dataclass(frozen=True, slots=True)
class Bar:
    """``begin`` and ``end`` in milliseconds. ``idle``: it waited."""

    lane: str
    begin: float
    end: float
    what: str
    idle: bool = False


def svg(bars: Sequence[Bar], title: str) -> str:
    """Each lane's bars, and below it a line of words for each."""
    most = max(bar.end for bar in bars)
    scale = WIDTH / most
    parts, y = [f'<text x="{LEFT}" y="20" font-weight="bold">{html.escape(title)}</text>'], TOP
    for lane in dict.fromkeys(bar.lane for bar in bars):
        parts.append(f'<text x="4" y="{y + 20}">{html.escape(lane)}</text>')
        for number, bar in enumerate(own := [bar for bar in bars if bar.lane == lane], 1):
            x, wide = LEFT + bar.begin * scale, max(1.0, (bar.end - bar.begin) * scale)
            colour = WAITED if bar.idle else COLOURS.get(lane, "#777")
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{LANE - 8}" fill="{colour}" '
                'stroke="white"/>'
            )
            words = f"{bar.begin:.0f} - {bar.end:.0f}: {bar.what}"
            at = min(x, LEFT + WIDTH - 250)
            parts.append(
                f'<text x="{at:.1f}" y="{y + LANE + number * ROW - 8}">{html.escape(words)}</text>'
            )
        y += LANE + len(own) * ROW + 12
    size = f'width="{LEFT + WIDTH + 10}" height="{y}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">'
    )
    return "\n".join(
        [head, f'<rect width="100%" height="{y}" fill="white"/>', *parts, "</svg>", ""]
    )
