"""Steps that need the real processes. Their scenarios are tagged @desktop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_bdd import then

from steps.scenario.driver import Driver

if TYPE_CHECKING:
    from steps.on_desktop.desktop import Desktop

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
