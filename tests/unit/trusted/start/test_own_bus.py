"""A display without a session bus:
the app has one of its own, which ends with it, or says what to install.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from refapp.trusted.start.own_bus import FAILED, MISSING, is_there
from refapp.trusted.wording import start_words

ADDRESS = "unix:path=/own"
ASKED = """
import os
from refapp.trusted.start.own_bus import have_one
have_one()
print(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))
"""


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A dbus-run-session that leaves a note once what ran on its bus has ended."""
    runner = tmp_path / "bin/dbus-run-session"
    runner.parent.mkdir()
    runner.write_text(
        f'#!/bin/sh\nshift\nDBUS_SESSION_BUS_ADDRESS={ADDRESS} "$@"\necho ended >{tmp_path}/ended\n'
    )
    runner.chmod(0o755)
    return runner


def start(runner: Path, *command: str, **environment: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, *command],
        env={"PATH": str(runner.parent), "DISPLAY": ":99", **environment},
        cwd=Path(__file__).parents[4], capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout, done.stderr


def test_the_app_has_a_bus_of_its_own(runner: Path) -> None:
    assert start(runner, "-c", ASKED) == (f"{ADDRESS}\n", f"refapp: {start_words.OWN_BUS}\n")


def test_without_the_program_that_starts_one_it_says_what_to_install(runner: Path) -> None:
    runner.unlink()
    assert start(runner, "-c", ASKED) == ("None\n", f"refapp: {MISSING}\n")


def test_a_bus_that_does_not_come_up_is_said(runner: Path) -> None:
    runner.write_text("#!/bin/sh\nexit 1\n")
    assert start(runner, "-c", ASKED) == ("None\n", f"refapp: {FAILED}\n")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_the_bus_ends_with_the_app_and_a_signal_is_the_app_s(
    runner: Path, tmp_path: Path, ending: signal.Signals
) -> None:
    os.mkfifo(tmp_path / "ended")
    waits = "import sys; sys.stdin.read()"
    app = subprocess.Popen(
        [sys.executable, "-c", f"{ASKED}\nsys = __import__('sys'); sys.stdout.flush()\n{waits}"],
        env={"PATH": str(runner.parent), "DISPLAY": ":99"}, cwd=Path(__file__).parents[4],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with app:
        assert app.stdout is not None
        assert app.stdout.readline() == f"{ADDRESS}\n"
        app.send_signal(ending)
        assert app.wait(60) == -ending
    # Reading waits until the runner, which lives as long as the bus, has opened the other end.
    assert (tmp_path / "ended").read_text() == "ended\n"


@pytest.mark.parametrize(
    "environment",
    [{"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}, {"DISPLAY": ""}],
    ids=["a bus", "no display"],
)
def test_nothing_is_started_beside_a_bus_or_where_no_window_can_open(
    runner: Path, environment: dict[str, str]
) -> None:
    assert start(runner, "-c", ASKED, **environment) == (
        f"{environment.get('DBUS_SESSION_BUS_ADDRESS')}\n",
        "",
    )


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
