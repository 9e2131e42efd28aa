"""Steps that need the real processes. Their scenarios are tagged @desktop."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import parsers, then, when

from steps.driver import Driver

if TYPE_CHECKING:
    from steps.desktop import Desktop

FILTERED = "2"
"""What /proc says of a thread whose system calls a filter decides on."""


@dataclasses.dataclass
class Outside:
    """The desktop driver, and how an app that would not start ended."""

    driver: Desktop
    code: int | None = None
    said: str = ""


@pytest.fixture
def outside(driver: Driver) -> Outside:
    """Only for scenarios that are tagged @desktop."""
    from steps.desktop import Desktop

    assert isinstance(driver, Desktop), "this step needs the tag @desktop"
    return Outside(driver)


@then("the kernel holds every thread of the window's process")
def _(outside: Outside) -> None:
    status = outside.driver.window_status()
    assert set(status["Seccomp"]) == {FILTERED}
    assert set(status["NoNewPrivs"]) == {"1"}
    assert {int(value, 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb") for value in status[name]} == {0}


@when("the app is opened with a window that does not confine itself")
def _(outside: Outside) -> None:
    outside.code, outside.said = outside.driver.open_unconfined()


@then(parsers.parse('the app ends and says "{text}"'))
def _(outside: Outside, text: str) -> None:
    assert text in outside.said
    assert "the app told" not in outside.said
    assert outside.code not in (None, 0)
