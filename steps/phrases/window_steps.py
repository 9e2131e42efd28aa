"""How a person leaves the window, and how it comes up the next time; its pages, buttons and lists,
and what was copied in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast, get_args

from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import own
from steps.scenario.driver import Driver
from steps.scenario.people import PEOPLE
from steps.scenario.sight import Keyboard
from steps.scenario.whole_page import WHOLE_PAGES, WholePage

if TYPE_CHECKING:
    from steps.on_desktop.desktop import Desktop
    from steps.scenario.inside_driver import InsideDriver

KEYBOARDS = "|".join(get_args(Keyboard))
A_CODE = r"[A-Z0-9-]{8,9}"
"""As a person types it, without what makes it easier to read."""
CORNER = {"x": 0, "y": 0, "width": 700, "height": 500, "text": 14}
LEFT: Mapping[str, Mapping[str, object]] = {
    "in a corner, dark, with larger text": {**CORNER, "colours": "dark"},
    "in a corner, in high contrast": {**CORNER, "colours": "contrast"},
    "on a screen to the left, in the desktop's colours, with larger text": {
        **CORNER, "x": -700, "y": -20, "colours": "system",
    },
    "in a corner, dark, and smaller than a page of it": {
        **CORNER, "width": 320, "height": 240, "colours": "dark",
    },
}  # fmt: skip
LEFT_AT = {
    "at the far end of a larger screen": {
        "x": "3000", "y": "2000", "width": "700", "height": "1200",
    },
    "at the near end of a larger screen": {
        "x": "-3000", "y": "-2000", "width": "700", "height": "500",
    },
    "smaller than a page of it": {
        "x": "0", "y": "0", "width": "320", "height": "240", "text": "14",
    },
    "lower than a page of it": {
        "x": "0", "y": "0", "width": "1000", "height": "240", "text": "14",
    },
    "narrower than a page of it": {
        "x": "0", "y": "0", "width": "320", "height": "700", "text": "14",
    },
    "with dark colours": {"colours": "dark"},
    "where no screen is, and with text of a thousand points": {
        "x": "0", "y": "99999", "width": "900", "height": "640", "text": "1000",
    },
    "smaller than a window can be, and with text of 28 points": {
        "x": "0", "y": "0", "width": "199", "height": "640", "text": "28",
    },
}  # fmt: skip
LEAVES = rf"(?P<who>\w+) (left|leaves) the window (?P<how>{'|'.join(LEFT)})"
OPENED = {
    "in that corner, dark, with larger text": [
        "--theme",
        "dark",
        "--place",
        "0,0,700,500",
        "--text",
        "14",
    ],
    **{
        f"in that corner, light, {how}": [
            "--theme",
            "light",
            "--place",
            "0,0,700,500",
            "--text",
            "14",
        ]
        for how in ("with larger text", "if the command line says so")
    },
    "in that corner, dark in high contrast, with larger text": [
        "--theme",
        "dark-contrast",
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
    "on that screen, dark, with larger text": [
        "--theme",
        "dark",
        "--place",
        "-700,-20,700,500",
        "--text",
        "14",
    ],
    "in its usual place, light, with text of the usual size": ["--theme", "light"],
    "in its usual place, light, with text of 28 points": ["--theme", "light", "--text", "28"],
    "in its usual place, dark, with text of the usual size": ["--theme", "dark"],
    "in its usual place, light in high contrast, with text of the usual size": [
        "--theme",
        "light-contrast",
    ],
    "in its usual place, dark in high contrast, with text of the usual size": [
        "--theme",
        "dark-contrast",
    ],
    "in its usual place, with text of 11 points": [
        "--theme",
        "light",
        "--place",
        "190,53,900,640",
        "--text",
        "11",
    ],
    "dark, with text of 8 points": ["--theme", "dark", "--text", "8"],
    "dark, with text of 27 points": ["--theme", "dark", "--text", "27"],
}
"""What the features call a first look -> what the parent tells the window before it paints."""
PORTAL: Mapping[str, Mapping[str, int]] = {
    "dark": {"color-scheme": 1},
    "light": {"color-scheme": 2},
    "no colours of its own": {"color-scheme": 0},
    "usual contrast": {"contrast": 0},
    "high contrast": {"contrast": 1},
}
"""What the features call a portal's words -> its settings and their numbers."""


@given(
    parsers.re(
        r"the desktop's settings for GTK (?P<gtk>4\.0|3\.0)(?P<apart>, in a folder of their own,)? "
        rf'say "(?P<setting>[^"]+)"(, and its portal says "(?P<portal>{"|".join(PORTAL)})")?$'
    )
)
def _(driver: Driver, gtk: str, apart: str | None, setting: str, portal: str | None) -> None:
    driver.need("a window that is remembered")
    inside = cast("InsideDriver", driver)
    inside.set_desktop(gtk, setting, apart=apart is not None)
    if portal is not None:
        inside.portal_says = PORTAL[portal]


@given("the app is open, with dark colours from its command line")
def _(driver: Driver) -> None:
    own(driver, "the command line of refapp").open_in_colours("dark")


@given(parsers.re(LEAVES))
def _(driver: Driver, who: str, how: str) -> None:
    _leave(driver, who, how, at_once=True)


@when(parsers.re(LEAVES))
def _(driver: Driver, who: str, how: str) -> None:
    _leave(driver, who, how, at_once=False)


def _leave(driver: Driver, who: str, how: str, *, at_once: bool) -> None:
    assert who in PEOPLE
    driver.need("a window that is remembered")
    if driver.name == "desktop":
        cast("Desktop", driver).leave_window(LEFT[how], at_once=at_once)
    else:
        cast("InsideDriver", driver).leave_window(LEFT[how])


@then(parsers.re(rf"the window comes up (?P<how>{'|'.join(OPENED)})"))
def _(driver: Driver, how: str) -> None:
    driver.need("a window that is remembered")
    from refapp.trusted.start import window_settings

    theme = "light" if how.endswith("if the command line says so") else "system"
    told, wanted = window_settings.words(str(driver.folder), theme), OPENED[how]
    assert (told[:2] + told[-2:] if how.startswith("dark, with text") else told) == wanted
    if driver.name == "desktop" and "corner" in how:
        assert cast("Desktop", driver).window_is_as_left(0, 0, 700, 500)


@then(parsers.re(r"the page with the (?P<what>notes|form) is open"))
def _(driver: Driver, what: str) -> None:
    assert driver.open_page() in (None, {"notes": "notes", "form": "account"}[what])


@then("each text stands out from its ground by 4.5, in high contrast by 7, and each edge by 3")
def _(driver: Driver) -> None:
    """Computed from the colours themselves: no example has them all on a screen."""
    driver.need("a window that is remembered")
    from steps.on_desktop.glance import in_numbers

    assert list(in_numbers.pale()) == []


@when(parsers.parse("{who} looks at the window"))
def _(driver: Driver, who: str) -> None:
    assert who in PEOPLE
    driver.rest()


@then(parsers.re(rf"the page with the (?P<page>{'|'.join(WHOLE_PAGES)}) shows, and nothing else:"))
def _(driver: Driver, page: WholePage, datatable: Sequence[Sequence[str]]) -> None:
    wanted = [(called, said, buttons) for called, said, buttons in datatable]
    seen, compared = driver.whole_page(page, wanted)
    assert seen == compared


@then(parsers.parse('"{first}" stands above "{second}"'))
def _(driver: Driver, first: str, second: str) -> None:
    assert driver.stands_above(first, second) in (None, True)


@then(
    parsers.re(
        r'"(?P<button>[^"]+)" (?P<how>can|can\'t) be pressed|the keyboard is at "(?P<at>[^"]+)"'
        r'|"(?P<box>[^"]+)" is not ticked'
    )
)
def _(driver: Driver, button: str | None, how: str | None, at: str | None, box: str | None) -> None:
    seen = driver.button(button or at or box or "")
    if seen is None or (button is None and driver.name != "desktop"):
        return  # without a screen nothing is ticked, and there is no keyboard
    if box is not None:
        assert "ticked" not in seen
    else:
        assert ("usable" in seen) == (how != "can't"), seen
        assert at is None or "at the keyboard" in seen, seen


@given(parsers.re(rf"the window was left (?P<where>{'|'.join(LEFT_AT)})"))
def _(driver: Driver, where: str) -> None:
    driver.need("a window that is remembered")
    from refapp.trusted.start import window_settings

    driver.folder.mkdir(mode=0o700)
    (driver.folder / window_settings.NAME).write_bytes(window_settings.lines(LEFT_AT[where]))


@given(parsers.parse("its desktop asks for {dots} dots an inch"))
def _(driver: Driver, dots: str) -> None:
    settings = f"Xft.antialias:\t1\nXft.dpi:\t{dots}\n"
    if driver.name == "desktop":
        cast("Desktop", driver).ask_of_the_screen(settings)
    else:
        own(driver, "a screen").launcher.settings = settings


@then("all of the window is on the screen")
def _(driver: Driver) -> None:
    assert driver.all_on_screen() in (None, True)


@when(parsers.re(rf"(?P<who>\w+) copies her note into another by keys, (?P<how>{KEYBOARDS})"))
def _(driver: Driver, who: str, how: Keyboard) -> None:
    assert who in PEOPLE
    driver.copy_by_keys(how)


@then("what was pasted is not in the window any more")
def _(driver: Driver) -> None:
    assert driver.pasted() in (None, "pasted: 0 characters")


@then(
    parsers.re(r'what was copied is (?P<what>"(?P<text>[^"]+)"|the code of the sign-in|its link)')
)
def _(driver: Driver, what: str, text: str | None) -> None:
    copied = driver.copied()
    if copied is None:
        return
    if what == "its link":
        assert copied == cast("Desktop", driver).sees("account")["sign_in.link"]
    else:
        assert copied == text if text else re.fullmatch(A_CODE, copied), copied


@then(parsers.re(r"the window is drawn for (any screen|(?P<dots>\d+) dots an inch)"))
def _(driver: Driver, dots: str | None) -> None:
    if driver.name == "desktop":
        assert cast("Desktop", driver).drawn_for(int(dots or 96))
        return
    words = list(own(driver, "a screen").launcher.words)
    assert words[words.index("--theme") + 2 :] == (["--dots", dots] if dots else [])
