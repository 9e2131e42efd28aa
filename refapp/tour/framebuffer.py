"""A picture of the virtual screen: Xvfb's frame buffer file (XWD format, always current) to PNG,
with nothing to install.

Owns the two formats, no processes.
Only what Xvfb writes for a screen of depth 24 is read: 32 bits a pixel, blue first.
"""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

XWD_VERSION = 7
_HEADER = struct.Struct(">25I")
_COLOUR_BYTES = 12


class Area(NamedTuple):
    """A part of the screen, in pixels."""

    x: int
    y: int
    width: int
    height: int


def png_of(dump: bytes, area: Area | None = None) -> bytes:
    """A PNG of ``area`` (clipped to the screen), or of the whole screen.

    Raises:
        ValueError: as ``lines_of`` does.
    """
    lines, rows = lines_of(dump, area), bytearray()
    for line in lines:
        rgb = bytearray(3 * (len(line) // 4))
        rgb[0::3], rgb[1::3], rgb[2::3] = line[2::4], line[1::4], line[0::4]
        rows += b"\0" + rgb
    return _png(len(lines[0]) // 4, len(lines), bytes(rows))


def lines_of(dump: bytes, area: Area | None = None) -> list[bytes]:
    """The pixels of ``area`` (clipped to the screen), or of the whole screen, row by row:
    four bytes each, blue first.

    Raises:
        ValueError: the dump is not what Xvfb writes at depth 24,
        or the area lies outside the screen.
    """
    if len(dump) < _HEADER.size:
        raise ValueError("the frame buffer has no header")
    header = _HEADER.unpack_from(dump)
    start, version, width, height, least_first, bits, stride = (
        header[i] for i in (0, 1, 4, 5, 7, 11, 12)
    )
    pixels = start + header[19] * _COLOUR_BYTES
    if (
        version != XWD_VERSION
        or least_first != 0
        or bits != 32
        or len(dump) < pixels + height * stride
    ):
        raise ValueError("the frame buffer is not one of depth 24 in XWD format")
    left, top = max(0, area.x if area else 0), max(0, area.y if area else 0)
    right = min(width, area.x + area.width) if area else width
    bottom = min(height, area.y + area.height) if area else height
    if left >= right or top >= bottom:
        raise ValueError("the area lies outside the screen")
    return [
        dump[pixels + y * stride + left * 4 : pixels + y * stride + right * 4]
        for y in range(top, bottom)
    ]


def _png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 6))
        + chunk(b"IEND", b"")
    )
