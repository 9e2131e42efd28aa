"""The Qt window on a screen of its own, as a person uses it: its process is confined;
its display is not, and that is said.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

import pytest

from refapp.examples import qt_window
from refapp.tour.desktop import PrivateDesktop
from refapp.tour.secret_service import PrivateSecretService, missing_programs

LIMIT_S = 60
pytest.importorskip(
    "PySide6.QtWidgets",
    reason="refapp[qt] is not installed, or lacks libraries",
    exc_type=ImportError,
)
pytestmark = [
    pytest.mark.skipif(find_library("xcb-cursor") is None, reason="Qt needs libxcb-cursor0"),
    pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux only"),
    pytest.mark.skipif(
        bool(missing_programs()), reason="a private Secret Service needs dbus and gnome-keyring"
    ),
]
UI = shlex.join([sys.executable, "-I", qt_window.__file__])


def wait(until: Callable[[], bool]) -> None:
    give_up = time.monotonic() + LIMIT_S
    while not until():
        assert time.monotonic() < give_up, "it did not come"
        time.sleep(0.05)


def test_a_note_is_written_in_a_confined_window(tmp_path: Path) -> None:
    trace, errors, home = tmp_path / "trace.ndjson", tmp_path / "errors", tmp_path / "home"
    command = [
        "-m",
        "refapp",
        "run",
        "--allow-ungated-display",
        "--ui",
        UI,
        "--home",
        str(home),
        "--trace",
        str(trace),
    ]
    with PrivateSecretService() as keyring, PrivateDesktop(keyring.environment({})) as desktop:
        with errors.open("wb") as said:
            app = desktop.start([sys.executable, *command], stderr=said)
        desktop.wait_for_window("refapp in Qt")
        wait(lambda: trace.exists() and '"signed_out"' in trace.read_text())
        for line in ("write", "Milk", "."):
            desktop.type(line)
            desktop.key("Return")
        wait(lambda: trace.read_text().count('"what":"write note"') >= 1)
        desktop.key("ctrl+q")
        assert app.wait(LIMIT_S) == 0
    states = [
        one["detail"]
        for one in map(json.loads, trace.read_text().splitlines())
        if one["what"] == "state"
    ]
    assert states
    assert all(state["boundary"]["verified"] for state in states)
    assert "Display isolation: none" in errors.read_text(), "what it gives up is said"
    [note] = home.rglob("notes/nobody/*.json")
    assert '"Milk"' in note.read_text()


def test_the_gate_ends_it_where_nobody_has_said_that_it_may_do_without(tmp_path: Path) -> None:
    command = ["-m", "refapp", "run", "--ui", UI, "--home", str(tmp_path / "home")]
    with PrivateSecretService() as keyring, PrivateDesktop(keyring.environment({})) as desktop:
        app = desktop.start([sys.executable, *command], stderr=subprocess.DEVNULL)
        assert app.wait(LIMIT_S) == 71
