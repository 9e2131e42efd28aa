"""The whole app through the display's gate:
what a start costs the display, and what is said when the gate ends.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from refapp.tour.desktop import PrivateDesktop
from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService
from refapp.tour.walk import sign_in
from steps.on_desktop.computer import children

MOST_REQUESTS, MOST_ROUND_TRIPS = 5000, 200

pytestmark = pytest.mark.skipif(
    any(shutil.which(name) is None for name in ("Xvfb", "xdotool", "openbox")),
    reason="a private screen is missing",
)


class Desk(NamedTuple):
    """A desktop with the app on it, Ada signed in, and how it is started as a person starts it,
    without a trace.
    """

    desktop: PrivateDesktop
    app: RunningApp
    command: list[str]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with (
        PrivateServer(tmp_path / "server", "sliding") as server,
        PrivateSecretService() as keychain,
        PrivateDesktop(keychain.env) as desktop,
    ):
        app = RunningApp(desktop, server.url, tmp_path)
        sign_in(app, server)
        plain = [
            sys.executable,
            "-m",
            "refapp",
            "run",
            "--server",
            server.url,
            "--home",
            str(app.home),
        ]
        yield Desk(desktop, app, [*plain, "--log-level", "debug"])


def test_a_start_asks_little_of_the_display(desk: Desk) -> None:
    """On a forwarded display each round trip is a wait of the connection's delay.
    Both are counted in the gate.
    """
    assert desk.app.quit() == 0
    started = desk.desktop.start(desk.command, stderr=subprocess.PIPE)
    desk.desktop.wait_for_window("refapp - Signed in")
    started.terminate()
    _, log = started.communicate(timeout=30)
    [(requests, round_trips)] = re.findall(rb"display's gate: gone 0 (\d+) (\d+)", log)
    assert int(requests) < MOST_REQUESTS
    assert int(round_trips) < MOST_ROUND_TRIPS


def test_when_the_gate_ends_it_is_said_and_both_begin_again(desk: Desk) -> None:
    app = desk.app
    os.kill(gate_of(app.pid), signal.SIGKILL)
    seen = app.wait_until(
        "A new window", lambda widgets: "The display's gate ended" in widgets.get("notice", "")
    )
    assert seen["notice"].startswith(
        "The display's gate ended, and the window with it. Both were started again. What was"
    )
    assert app.quit() == 0


def gate_of(pid: int) -> int:
    """The gate is the one grandchild of the app."""
    [gate] = [grandchild for child in children(pid) for grandchild in children(child)]
    return gate
