"""The whole app on a screen whose window manager has ended: the keyboard is where the pointer is.
It comes and goes, and the app goes on.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.tour.desktop import PrivateDesktop
from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService, missing_programs

LIMIT_S = 10
INSIDE, OUTSIDE = (300, 300), (1270, 790)
pytestmark = [
    pytest.mark.skipif(
        any(shutil.which(name) is None for name in ("Xvfb", "xdotool", "openbox")),
        reason="a private screen is missing",
    ),
    pytest.mark.skipif(
        bool(missing_programs()), reason="a private Secret Service needs dbus and gnome-keyring"
    ),
]


class LeftDesktop(PrivateDesktop):
    """One whose window manager may end before the rest does."""

    def end_window_manager(self) -> None:
        """It gives the keyboard to whatever is under the pointer."""
        manager = self._processes.pop(1)
        assert "openbox" in str(manager.args)
        manager.terminate()
        manager.wait(LIMIT_S)


@pytest.fixture
def left(tmp_path: Path) -> Iterator[tuple[LeftDesktop, RunningApp]]:
    with (
        PrivateServer(tmp_path / "server", "sliding") as server,
        PrivateSecretService() as keychain,
        LeftDesktop(keychain.env) as desktop,
    ):
        app = RunningApp(desktop, server.url, tmp_path)
        app.start()
        desktop.point(*OUTSIDE)
        desktop.end_window_manager()
        yield desktop, app


def test_the_pointer_leaves_the_window_and_the_app_goes_on(
    left: tuple[LeftDesktop, RunningApp],
) -> None:
    desktop, app = left
    for place in (INSIDE, OUTSIDE, INSIDE, OUTSIDE, INSIDE):
        desktop.point(*place)
        time.sleep(0.3)  # a window that is ended ends within it
    desktop.type("ada")
    app.wait_until(
        "What was typed where the pointer is",
        lambda widgets: "ada" in widgets.get("sign_in.email", ""),
    )
    assert "must never do" not in app.log.read_text()
