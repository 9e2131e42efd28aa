"""What the display's gate tells the parent of a window, as it is logged."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from refapp.display_gate.process import _say
from refapp.display_gate.rules import ForbiddenRequest
from refapp.trusted.start.display import Display
from tests.unit.display_gate.display_server import TOP, Connection, request

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is for X11 on Linux")


def test_what_a_window_names_can_not_steer_a_terminal(tmp_path: Path) -> None:
    display = Display({}, str(tmp_path))
    display.reports, gate = os.pipe()
    x = Connection()
    with pytest.raises(ForbiddenRequest) as caught:
        x.asks(request(18, 0, TOP, x.atom("\x1b]0;mine\x07\r\x7f b"), 31, 8, 1, tail=b"x"))
    _say(gate, f"forbidden {caught.value}")
    os.close(gate)
    assert display.report() == ("forbidden", "to set the property ]0;mine b")
    assert display.report() == ("", "")
    os.close(display.reports)


def test_how_a_gate_ended_is_not_held_against_the_next(tmp_path: Path) -> None:
    """Its end may be heard only when the next one says where it listens."""
    for before, after, failed in (("-9 1 1", "0 2 2", False), ("0 1 1", "-9 2 2", True)):
        display = Display({}, str(tmp_path))
        display.reports, gate = os.pipe()
        display._keeper = os.getpid()
        _say(gate, f"gone {before}")
        _say(gate, "at 100")
        assert display._answer() == ("at", "100")
        _say(gate, f"gone {after}")
        assert display.gate_failed is failed
        os.close(gate)
        os.close(display.reports)


def test_an_end_that_was_read_with_the_line_before_it_is_heard_at_once(tmp_path: Path) -> None:
    display = Display({}, str(tmp_path))
    display.reports, gate = os.pipe()
    display._keeper = os.getpid()
    _say(gate, "stranger process 1")
    _say(gate, "gone -9 0 0")
    assert display.gate_failed
    os.close(gate)
    os.close(display.reports)
