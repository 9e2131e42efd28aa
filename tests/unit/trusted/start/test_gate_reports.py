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
