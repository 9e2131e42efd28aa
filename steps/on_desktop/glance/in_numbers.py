"""How far each text and each edge of the window stands out from its ground, computed for every
choice of colours, those too that no example looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from refapp.untrusted.widgets.palette import PALETTES, Palette

TEXTS: Mapping[str, Sequence[str]] = {
    "text": ("page", "card", "hover", "chosen"),
    "muted": ("page", "card", "hover"),
    "wrong": ("card",),
    "accent_on": ("accent", "accent_hover"),
    "info_on": ("info",),
    "warning_on": ("warning",),
    "error_on": ("error",),
}
"""What is written -> what it is written on."""
EDGES: Mapping[str, Sequence[str]] = {
    "edge": ("page", "card"),
    "accent": ("page", "card", "hover", "chosen", "info", "warning", "error"),
}
"""An outline, and the ring around what has the keyboard -> what is around it."""
STRONG: Mapping[str, Sequence[str]] = {"line": ("page", "card")}
"""In high contrast, where every line is as strong as a text."""
TEXT, HIGH, EDGE = 4.5, 7.0, 3.0


def contrast(one: int, other: int) -> float:
    """Of two colours, each 0xRRGGBB (WCAG 2.2)."""
    lights = sorted((_light(one), _light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def pale() -> Iterator[str]:
    """What can't be told from its ground."""
    for name, palette in PALETTES.items():
        text, strong = (HIGH, STRONG) if name.endswith("contrast") else (TEXT, {})
        for table, least in ((TEXTS, text), (EDGES, EDGE), (strong, text)):
            for ink, grounds in table.items():
                for ground in grounds:
                    if (has := contrast(_of(palette, ink), _of(palette, ground))) < least:
                        yield f"{name}: {ink} on {ground} has {has:.1f}, not {least}"


def _of(palette: type[Palette], name: str) -> int:
    return int(getattr(palette, name)[1:], 16)


def _light(colour: int) -> float:
    """Relative luminance."""
    parts = ((colour >> shift & 255) / 255 for shift in (16, 8, 0))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
