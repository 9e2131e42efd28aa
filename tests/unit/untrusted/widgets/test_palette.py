"""Both palettes can be read: WCAG 2.2's contrast, computed."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from refapp.snapshot import Theme
from refapp.untrusted.widgets.palette import HIGH, PALETTES, READABLE_ON, STEP, TEXT, Palette


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_agrees_with_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
@pytest.mark.parametrize(("front", "back", "least"), READABLE_ON)
def test_what_stands_on_a_colour_can_be_read(
    palette: type[Palette], front: str, back: str, least: float
) -> None:
    wanted = HIGH if palette.name.endswith("-contrast") and least == TEXT else least
    assert contrast(getattr(palette, front), getattr(palette, back)) >= wanted


def test_the_palettes_are_the_themes_that_a_window_can_be_told() -> None:
    assert set(PALETTES) == set(get_args(Theme))


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_every_colour_is_given(palette: type[Palette]) -> None:
    for name in Palette.__annotations__:
        value = getattr(palette, name)
        assert name == "name" or re.fullmatch("#[0-9a-f]{6}", value), name
        if name != "name":
            assert all(int(value[i : i + 2], 16) % STEP == 0 for i in (1, 3, 5)), (name, value)
