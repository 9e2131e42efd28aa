"""Steps about what the window's process does with its pipes, and how often it asks. They are about
refapp's own channel, and tagged @inproc.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

import pytest
from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import own
from steps.scenario.driver import Driver
from steps.scenario.inside_driver import UNCONFINED, InsideDriver, WindowProcess
from steps.scenario.people import PEOPLE

if TYPE_CHECKING:
    from steps.on_desktop.desktop import Desktop

OFTEN: dict[str, tuple[str, dict[str, str], int]] = {
    "130 times to delete a note": ("note_delete", {"note": "0123456789ab"}, 130),
    "30 times to clear the storage": ("storage_clear", {}, 30),
    "10 times to have the message sent again": ("sign_in_send_verification", {}, 10),
}
"""What the features say -> the request, and how often it is made at once."""
PIPED = (
    "stops reading|reads nothing, and asks for more and more|closes its channel and stays|"
    "reads nothing for 4 seconds, and asks where Ada is signed in|"
    "reads nothing for 4 seconds, and asks for the note once more just then|"
    "is quiet for a minute, and says 500 things at once|"
    "says more than 1 MiB(?: in one line)?, a piece at a time"
)
CRASHES = "crashes 3 times, and 2 times more when the clock was set back"

SEEN_AS = "|".join(get_args(WindowProcess))
OPENED_WITH = (
    r"(?P<who>\w+) (opens|has opened) the app with (its sandbox switched off|"
    rf"a window that (?P<process>{SEEN_AS}))$"
)


@pytest.fixture
def channel(driver: Driver) -> InsideDriver:
    """Only for scenarios that are tagged @inproc, and for refapp."""
    return own(driver, "refapp's channel to its window")


@given("the window is at the far end of real pipes")
def _(channel: InsideDriver) -> None:
    channel.put_pipes()


@when(
    parsers.re(rf"the app is opened with a window that (?P<process>{SEEN_AS})$"),
    target_fixture="ended",
)
def _(driver: Driver, process: WindowProcess) -> tuple[int, str]:
    if process == UNCONFINED:
        return driver.open_unconfined()
    return own(driver, "a window that the kernel is asked about").open_unconfined(process)


@given(parsers.re(OPENED_WITH))
@when(parsers.re(OPENED_WITH))
def _(driver: Driver, who: str, process: WindowProcess | None) -> None:
    assert who in PEOPLE
    if driver.name == "desktop":
        cast("Desktop", driver).open("--allow-unsandboxed-ui")
        return
    own(driver, "a window that the kernel is asked about").open_looked_at(process)


@when("the window does not get ready", target_fixture="ended")
def _(channel: InsideDriver) -> tuple[int, str]:
    return channel.wait_for_window()


@when(parsers.re(rf"the window (?P<how>{PIPED}|{CRASHES})"))
def _(channel: InsideDriver, how: str) -> None:
    channel.misbehave(how)


@then(parsers.parse("each of the last {last:d} answers has the note of {number} characters"))
def _(channel: InsideDriver, last: int, number: str) -> None:
    whole = int(number.replace(",", ""))
    assert [len(text) for text in channel.notes_told(last)] == [whole] * last


@given(parsers.re(rf"the window has asked (?P<often>{'|'.join(OFTEN)})"))
@when(parsers.re(rf"the window asks (?P<often>{'|'.join(OFTEN)})"))
def _(channel: InsideDriver, often: str) -> None:
    method, params, times = OFTEN[often]
    channel.say_often(method, params, times)


@when(parsers.parse('the window saves the note "{text}" and crashes before anybody has read that'))
def _(channel: InsideDriver, text: str) -> None:
    channel.crash_saving(text)
