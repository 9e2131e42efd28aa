"""``refapp attack``, as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from refapp.attack.catalogue import ALL
from refapp.tour.desktop import PrivateDesktop
from tests.boundary.test_attacks import controls_that_fail, may_all

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux only")


COMMAND = [sys.executable, "-m", "refapp", "attack"]


def on(display: dict[str, str]) -> dict[str, str]:
    """The environment of a session with this display, or with none."""
    env = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "XAUTHORITY")
    }
    return {**env, **display}


def attack(display: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        COMMAND, env=on(display), capture_output=True, text=True, timeout=120, check=False
    )


def test_nothing_gets_through_and_each_attempt_of_a_window_on_a_desktop_has_a_line() -> None:
    with PrivateDesktop({}) as screen:
        display = {name: screen.env[name] for name in ("DISPLAY", "XAUTHORITY")}
        done = attack(display)
    assert done.returncode == 0, done.stdout
    assert f"with a window on display {display['DISPLAY']}" in done.stderr
    assert f"{len(ALL)} attempts" in done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == list(ALL)
    assert lines[-1].endswith("0 SUCCEEDED, 0 BROKEN")
    second = [line for line in lines if line.startswith("bus.x-server ")]
    assert [line.split()[1:3] for line in second] == [["works", "stopped"]]
    stopped = [line for line in lines if line.split()[1:3] == ["works", "stopped"]]
    assert len(stopped) >= 150, lines[-1]
    assert controls_that_fail(lines, anything=may_all()) == []


def test_a_display_that_does_not_answer_is_none(tmp_path: Path) -> None:
    # Ended half-way it leaves its folder behind.
    env = on({"DISPLAY": ":4711", "TMPDIR": str(tmp_path)})
    started = subprocess.Popen(COMMAND, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    with started:
        assert started.stderr
        assert b"without a display" in started.stderr.readline()
        started.terminate()
