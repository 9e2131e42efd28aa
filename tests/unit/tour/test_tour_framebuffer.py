"""The picture of a screen is the screen: pixel for pixel, clipped, and refused when the dump is
something else.
"""

from __future__ import annotations

import struct
import zlib

import pytest

from refapp.tour.framebuffer import Area, png_of

WIDTH, HEIGHT, COLOURS = 4, 3, 2


def dump_of(pixels: dict[tuple[int, int], tuple[int, int, int]], version: int = 7) -> bytes:
    """What Xvfb writes for a screen of 4 x 3 that is black but for ``pixels``,
    with 4 bytes of padding a row.
    """
    stride = WIDTH * 4 + 4
    header = [
        100,
        version,
        2,
        24,
        WIDTH,
        HEIGHT,
        0,
        0,
        32,
        0,
        32,
        32,
        stride,
        4,
        0,
        0,
        0,
        8,
        256,
        COLOURS,
        4,
        3,
        0,
        0,
        0,
    ]
    body = bytearray(stride * HEIGHT)
    for (x, y), (red, green, blue) in pixels.items():
        body[y * stride + x * 4 : y * stride + x * 4 + 4] = bytes([blue, green, red, 0xAA])
    return struct.pack(">25I", *header) + b"c" * 12 * COLOURS + bytes(body)


def pixels_of(png: bytes) -> list[list[tuple[int, int, int]]]:
    """The rows of a PNG as this module writes it: no filter, three bytes a pixel."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack_from(">II", png, 16)
    length = struct.unpack_from(">I", png, 33)[0]
    rows = zlib.decompress(png[41 : 41 + length])
    lines = [rows[y * (width * 3 + 1) + 1 : (y + 1) * (width * 3 + 1)] for y in range(height)]
    return [
        [(line[x * 3], line[x * 3 + 1], line[x * 3 + 2]) for x in range(width)] for line in lines
    ]


def test_every_pixel_keeps_its_place_and_colour() -> None:
    rows = pixels_of(png_of(dump_of({(0, 0): (1, 2, 3), (3, 2): (250, 100, 50)})))
    assert (len(rows), len(rows[0])) == (HEIGHT, WIDTH)
    assert rows[0][0] == (1, 2, 3)
    assert rows[2][3] == (250, 100, 50)
    assert sum(pixel != (0, 0, 0) for row in rows for pixel in row) == 2


def test_an_area_is_clipped_to_the_screen() -> None:
    rows = pixels_of(png_of(dump_of({(3, 2): (9, 8, 7)}), Area(2, 1, 100, 100)))
    assert rows == [[(0, 0, 0), (0, 0, 0)], [(0, 0, 0), (9, 8, 7)]]


@pytest.mark.parametrize(
    ("dump", "area"),
    [
        (b"", None),
        (b"PNG?" * 100, None),
        (dump_of({}, version=6), None),
        (dump_of({})[:-1], None),
        (dump_of({}), Area(WIDTH, 0, 1, 1)),
        (dump_of({}), Area(0, 0, 0, 1)),
    ],
)
def test_anything_else_is_refused(dump: bytes, area: Area | None) -> None:
    with pytest.raises(ValueError, match=r"frame buffer|outside"):
        png_of(dump, area)
