"""Steps that need the real processes. Their scenarios are tagged @desktop."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import pytest
from pytest_bdd import given, parsers, then, when

from steps.scenario.driver import Driver
from steps.scenario.people import PEOPLE

if TYPE_CHECKING:
    from steps.on_desktop.desktop import Desktop

LINE = "The engine weaves algebraical patterns. " * 5000
BOLD = LINE.translate({one: one - ord("a") + 0x1D41A for one in range(ord("a"), ord("z") + 1)})
"""The same in letters of mathematics, each of which is two characters for Tk."""
KEYS = r'(?P<who>\w+) (has pressed|presses) the keys "(?P<keys>[^"]+)"'
FILTERED = "2"
"""What /proc says of a thread whose system calls a filter decides on."""


@pytest.fixture
def desktop(driver: Driver) -> Desktop:
    """Only for scenarios that are tagged @desktop."""
    from steps.on_desktop.desktop import Desktop

    assert isinstance(driver, Desktop), "this step needs the tag @desktop"
    return driver


@then("the kernel holds every thread of the window's process")
def _(desktop: Desktop) -> None:
    status = desktop.window_status()
    assert set(status["Seccomp"]) == {FILTERED}
    assert set(status["NoNewPrivs"]) == {"1"}
    assert {
        int(value, 16)
        for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")
        for value in status[name]
    } == {0}


@then("the app itself has looked, and found:")
def _(desktop: Desktop, datatable: Sequence[Sequence[str]]) -> None:
    boundary = desktop.trace.newest_state()["boundary"]
    assert boundary["verified"]
    found = [one["name"] for one in boundary["checks"] if one["held"]]
    assert sorted({name for [name] in datatable} - set(found)) == []


@when("the display's gate is killed")
def _(desktop: Desktop) -> None:
    desktop.kill_gate()


@given(parsers.parse("{who} has typed his e-mail into the form"))
def _(desktop: Desktop, who: str) -> None:
    desktop.type_email(PEOPLE[who].email)


@then(parsers.parse("the form holds {who}'s e-mail"))
def _(desktop: Desktop, who: str) -> None:
    assert desktop.form()[0] == PEOPLE[who].email


@then("the note is on a dark ground")
def _(desktop: Desktop) -> None:
    assert desktop.ground_of_note() == "dark"


@given("the app is open, and came up while somebody was at another program")
def _(desktop: Desktop) -> None:
    desktop.open_behind()


@given("no note can be written")
def _(desktop: Desktop) -> None:
    desktop.spoil_notes()


@when(parsers.re(r'(?P<who>\w+) types "(?P<text>[^"]+)" and tries to close the window'))
def _(desktop: Desktop, who: str, text: str) -> None:
    assert who in PEOPLE
    desktop.type_and_close(text)


@given(
    parsers.re(
        r"a note of one line with (?P<number>[\d,]+) characters(?P<bold> in bold)? was "
        r"written on the computer"
    )
)
def _(desktop: Desktop, number: str, bold: str | None) -> None:
    desktop.keep_note((BOLD if bold else LINE)[: int(number.replace(",", ""))])


@when(parsers.parse("{who} copies it and pastes it twice behind itself"))
def _(desktop: Desktop, who: str) -> None:
    assert who in PEOPLE
    desktop.double_by_keys()


@then("what was copied is that line")
def _(desktop: Desktop) -> None:
    copied = desktop.copied()
    assert copied in (LINE[: desktop.kept_characters], BOLD[: desktop.kept_characters])


@then(parsers.parse("the note is that line {number:d} times, one behind the other"))
def _(desktop: Desktop, number: int) -> None:
    [kept] = [json.loads(path.read_text())["text"] for path in desktop.notes()]
    characters = desktop.kept_characters
    assert kept in (LINE[:characters] * number, BOLD[:characters] * number)


@then(
    parsers.re(
        r'the note is that line still, with "(?P<text>[^"]+)" '
        r"(in it|after its first (?P<place>[\d,]+) characters)"
    )
)
def _(desktop: Desktop, text: str, place: str | None) -> None:
    [kept] = [json.loads(path.read_text())["text"] for path in desktop.notes()]
    assert kept.replace(text, "") == LINE[: desktop.kept_characters]
    assert kept.find(text) == (int(place.replace(",", "")) if place else kept.rfind(text))
    assert text in kept


@then("the window leaves when it is closed once more")
def _(desktop: Desktop) -> None:
    assert desktop.leaves()


@given(parsers.re(KEYS))
@when(parsers.re(KEYS))
def _(desktop: Desktop, who: str, keys: str) -> None:
    assert who in PEOPLE
    desktop.press_keys(keys)


@given("the app does not answer the window yet")
def _(desktop: Desktop) -> None:
    desktop.hold()


@given(parsers.parse('{who} has clicked "{place}"'))
def _(desktop: Desktop, who: str, place: str) -> None:
    assert who in PEOPLE
    desktop.click_on(place)


@when(parsers.re(r'(?P<who>\w+) goes once around with "(?P<key>[^"]+)"'), target_fixture="visited")
def _(desktop: Desktop, who: str, key: str) -> list[str]:
    assert who in PEOPLE
    return desktop.tab_through(key)


@then("the keyboard was at these places, one after the other:")
def _(visited: Sequence[str], datatable: Sequence[Sequence[str]]) -> None:
    said = ", ".join(row[0] for row in datatable)
    if (found := ", ".join(visited)) != said:
        raise AssertionError(f"it was at {found}")


@then("the window looks like this:")
def _(driver: Driver, datatable: Sequence[Sequence[str]]) -> None:
    """Of a window on a screen; of others that can't be told."""
    if driver.name != "desktop":
        return
    desktop = cast("Desktop", driver)
    wrong = [desktop.tells(place, fact) for place, facts in datatable for fact in facts.split("; ")]
    if any(wrong):
        raise AssertionError("\n".join(one for one in wrong if one))
