"""``refapp attack``, as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from refapp.attack.catalogue import ALL

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux only")


def attack(display: dict[str, str]) -> subprocess.CompletedProcess[str]:
    env = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "XAUTHORITY")
    }
    command = [sys.executable, "-m", "refapp", "attack"]
    return subprocess.run(
        command, env={**env, **display}, capture_output=True, text=True, timeout=120, check=False
    )


def test_it_prints_one_line_for_each_attempt_and_how_many_were_stopped() -> None:
    done = attack({})
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == list(ALL)
    assert lines[-1].endswith("0 SUCCEEDED, 0 BROKEN")
    assert f"{len(ALL)} attempts" in done.stderr
    assert "without a display" in done.stderr


def test_with_a_display_the_window_is_on_it(display: dict[str, str]) -> None:
    done = attack(display)
    assert done.returncode == 0, done.stderr
    assert f"with a window on display {display['DISPLAY']}" in done.stderr


def test_a_display_that_does_not_answer_is_none() -> None:
    done = attack({"DISPLAY": ":4711"})
    assert done.returncode == 0, done.stderr
    assert "without a display" in done.stderr
