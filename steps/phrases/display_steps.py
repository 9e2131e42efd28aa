"""Steps about the display, when it is not Ada who speaks through the window: what Mallory does
there, and what comes of it.
"""

from __future__ import annotations

import dataclasses

import pytest
from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import own
from steps.scenario.driver import Driver
from steps.scenario.inside_driver import InsideDriver

ATTEMPTS = {
    "listens to the keyboard": "keyboard",
    "listens for one key": "key",
    "looks which keys are down": "keys-down",
    "takes a picture of the screen": "picture",
    "copies the screen and reads the copy": "picture-copied",
    "reads the title of another program's window": "title",
    "looks where other programs' windows are": "place",
    "looks where the mouse is": "pointer-place",
    "asks who has copied something": "who-copied",
    "takes the mouse": "pointer",
    "moves the mouse": "warp",
    "swaps the mouse's buttons": "buttons",
    "types into another program": "type",
    "ends what another program has left": "kill",
    "covers the screen": "cover",
    "stays in front of all windows": "in-front",
    "lets anybody onto the display": "hosts",
    "keeps the screen from being locked": "screen-saver",
    "takes the keyboard": "focus",
    "lies over other programs": "cover-away",
    "reads what was copied": "paste",
    "asks for an extension that presses keys": "xtest",
}
"""What the features say -> the attempt's name in ``refapp.attack.attempts.display``."""


@dataclasses.dataclass
class Tried:
    """What came of the newest attempt:
    whether it brought anything, and how the app ended, if it did.
    """

    gained: bool = False
    ended: tuple[int, str] = (0, "")


@pytest.fixture
def tried() -> Tried:
    return Tried()


@pytest.fixture
def mallory(driver: Driver) -> InsideDriver:
    """Only for scenarios that are tagged @inproc, and for apps whose display has a gate."""
    return own(driver, "a gate between the window and the display")


@given("the window has been taken over")
def _(mallory: InsideDriver) -> None:
    mallory.take_over()


@given(
    parsers.re(
        r"(?P<who>\w+) (works in another program|types her keychain's password into its prompt)"
    )
)
def _(mallory: InsideDriver, who: str) -> None:
    del who
    mallory.work_elsewhere()


@when(parsers.re(rf"the window (?P<does>{'|'.join(ATTEMPTS)})"), target_fixture="ended")
def _(mallory: InsideDriver, tried: Tried, does: str) -> tuple[int, str]:
    tried.gained, tried.ended = mallory.attempt(ATTEMPTS[does])
    return tried.ended


@when(parsers.re(r"(?P<who>\w+) presses a key in the window, and it reads what was copied"))
def _(mallory: InsideDriver, tried: Tried, who: str) -> None:
    del who
    mallory.press_a_key()
    tried.gained, tried.ended = mallory.attempt(ATTEMPTS["reads what was copied"])


@when("the window asks for what no window needs", target_fixture="ended")
def _(mallory: InsideDriver) -> tuple[int, str]:
    return mallory.attempt("bell")[1]


@when("the window opens a font, and then a file of the app", target_fixture="opened")
def _(mallory: InsideDriver) -> dict[str, bool]:
    return mallory.open_behind_the_lock()


@then("nothing comes of it")
def _(tried: Tried) -> None:
    assert not tried.gained
    assert tried.ended == (0, "")


@then("it has what was copied")
def _(tried: Tried) -> None:
    assert tried.gained


@then("it can read the font, and not the file")
def _(opened: dict[str, bool]) -> None:
    assert opened == {"font": True, "file": False}
