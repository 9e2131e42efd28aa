"""How a person leaves the window, and how it comes up the next time."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import Inside
from steps.scenario.people import PEOPLE

CORNER = {"x": 0, "y": 0, "width": 700, "height": 500, "text": 14}
LEFT: Mapping[str, Mapping[str, object]] = {
    "dark, with larger text": {**CORNER, "colours": "dark"},
    "in high contrast": {**CORNER, "colours": "contrast"},
}
LEAVES = rf"(?P<who>\w+) (left|leaves) the window in a corner, (?P<how>{'|'.join(LEFT)})"
OPENED = {
    "in that corner, dark, with larger text": [
        "--theme",
        "dark",
        "--place",
        "0,0,700,500",
        "--text",
        "14",
    ],
    "in that corner, in high contrast": [
        "--theme",
        "light-contrast",
        "--place",
        "0,0,700,500",
        "--text",
        "14",
    ],
    "in its usual place, light, with text of the usual size": ["--theme", "light"],
}
"""What the features call a first look -> what the parent tells the window before it paints."""


@given(parsers.re(LEAVES))
@when(parsers.re(LEAVES))
def _(inside: Inside, who: str, how: str) -> None:
    assert who in PEOPLE
    inside.driver.need("a window that is remembered")
    inside.driver.say("remember_window", **LEFT[how])


@then(parsers.re(rf"the window comes up (?P<how>{'|'.join(OPENED)})"))
def _(inside: Inside, how: str) -> None:
    inside.driver.need("a window that is remembered")
    from refapp.trusted.start import window_settings

    assert window_settings.words(str(inside.driver.folder), "system") == OPENED[how]
