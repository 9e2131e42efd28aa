"""A display without a session bus: the app is started once more, on a bus of its own, or it says what to install."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from refapp.trusted.start.own_bus import MISSING, STARTED, is_there

WORDS = ["run", "--theme", "dark"]
ASKED = f"from refapp.trusted.start.own_bus import have_one; have_one({WORDS}); print('goes on')"


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A dbus-run-session that says how it was called."""
    runner = tmp_path / "bin/dbus-run-session"
    runner.parent.mkdir()
    runner.write_text('#!/bin/sh\necho "$@"\n')
    runner.chmod(0o755)
    return runner


def start(runner: Path, *command: str, **environment: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, *command],
        env={"PATH": str(runner.parent), "DISPLAY": ":99", **environment},
        cwd=Path(__file__).parents[4], capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout, done.stderr


@pytest.mark.parametrize("words", [[], WORDS], ids=["refapp", "refapp run"])
def test_the_app_is_started_on_a_bus_of_its_own(runner: Path, words: list[str]) -> None:
    said = start(runner, "-m", "refapp", *words)
    assert said == (f"-- {sys.executable} -m refapp {' '.join(words or ['run'])}\n", f"refapp: {STARTED}\n")


def test_without_the_program_that_starts_one_it_says_what_to_install(runner: Path) -> None:
    runner.unlink()
    assert start(runner, "-c", ASKED) == ("goes on\n", f"refapp: {MISSING}\n")


@pytest.mark.parametrize(
    "environment", [{"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}, {"DISPLAY": ""}], ids=["a bus", "no display"]
)
def test_nothing_is_started_beside_a_bus_or_where_no_window_can_open(runner: Path, environment: dict[str, str]) -> None:
    assert start(runner, "-c", ASKED, **environment) == ("goes on\n", "")


def test_a_bus_is_where_every_program_looks_for_it(tmp_path: Path) -> None:
    here = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert not is_there({})
    assert not is_there({"DBUS_SESSION_BUS_ADDRESS": "", **here})
    (tmp_path / "bus").touch()
    assert not is_there(here), "a plain file is no bus"
    (tmp_path / "bus").unlink()
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        assert is_there(here)
    assert is_there({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"})
