"""Rounded rectangles, computed: the one picture that every face of a widget is made of. Pure."""

from __future__ import annotations

import functools
import operator

from refapp.untrusted.widgets.palette import STEP

Middle = tuple[int, int]
"""Pixels across and down between a picture's corners."""


def rounded_rectangle(
    fill: str, edge: str, ground: str, radius: int, width: int, middle: Middle, gap: int = 0
) -> bytes:
    """A PPM of a rectangle on ``ground``: corners of ``radius`` pixels, outline of ``width``,
    ``gap`` pixels of the ground within it, ``middle`` pixels across and down between corners.

    Tk fills a larger one with copies of the middle; one pixel of it takes seconds. The corners are
    smooth: what a pixel covers in part is mixed. There is no transparency, for which Tk would ask
    the display what lies below, for each copy.
    """
    colours = [bytes.fromhex(colour[1:]) for colour in (fill, edge, ground)]
    mixed = {
        shares: bytes(
            STEP * round(sum(map(operator.mul, parts, shares)) / STEP)
            for parts in zip(*colours, strict=True)
        )
        for shares in {shares for row in corner(radius, width, gap) for shares in row}
    }
    across, down = middle
    rows = []
    for shares_of_row in corner(radius, width, gap):
        half = [mixed[shares] for shares in shares_of_row]
        rows.append(b"".join(half + half[-1:] * (across - 1) + half[-2::-1]))
    size = 2 * radius + across, 2 * radius + down
    return b"P6 %d %d 255\n" % size + b"".join(rows + rows[-1:] * (down - 1) + rows[-2::-1])


@functools.cache
def corner(radius: int, width: int, gap: int = 0) -> list[list[tuple[float, float, float]]]:
    """For each pixel of the upper left corner, row by row:
    how much of it is fill, outline and ground.
    """
    rows = []
    for y in range(radius + 1):
        row = []
        for x in range(radius + 1):
            away = ((radius - x) ** 2 + (radius - y) ** 2) ** 0.5
            # Straight edges fall between two pixels,
            # so that an outline of one pixel is one and not two pale ones.
            covered = min(1.0, max(0.0, radius + 1 - away))
            within = min(1.0, max(0.0, radius + 1 - width - away))
            filled = min(1.0, max(0.0, radius + 1 - width - gap - away))
            row.append((filled, covered - within, 1 - covered + within - filled))
        rows.append(row)
    return rows
