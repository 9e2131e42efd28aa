"""A screen that shrinks under the real app, which has its window behind the display's gate: the
window can be reached.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.tour.desktop import HEIGHT, WIDTH, PrivateDesktop
from refapp.tour.framebuffer import Area
from refapp.tour.running_app import TITLE, RunningApp

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("Xvfb", "xdotool", "openbox", "xrandr"))),
    reason="xvfb, xdotool, openbox or x11-xserver-utils is not installed",
)
NOBODY = "http://127.0.0.1:9"
SMALL = "25 640 656 752 800 480 490 492 525"
"""640 by 480, as ``cvt`` has it."""


@pytest.fixture
def desktop() -> Iterator[PrivateDesktop]:
    with PrivateDesktop({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}) as desktop:
        yield desktop


def xrandr(desktop: PrivateDesktop, *words: str) -> None:
    subprocess.run(["xrandr", *words], env=desktop.env, check=True, capture_output=True)


def test_the_window_follows_a_screen_that_shrinks_and_every_page_is_in_reach(
    desktop: PrivateDesktop, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    # As she left it: in the corner that is about to go.
    (home / "window.conf").write_text(
        f"x = {WIDTH - 900}\ny = {HEIGHT - 640}\nwidth = 900\nheight = 640\n"
    )
    app = RunningApp(desktop, NOBODY, tmp_path, ("--theme", "light"))
    app.start()
    window = desktop.wait_for_window(TITLE)
    assert desktop.area(window) == Area(WIDTH - 900, HEIGHT - 640, 900, 640)
    xrandr(desktop, "--newmode", "small", *SMALL.split())
    xrandr(desktop, "--addmode", "screen", "small")
    xrandr(desktop, "--output", "screen", "--mode", "small")
    app.wait_until(
        "The window on the small screen", lambda _: desktop.area(window) == Area(0, 0, 640, 480)
    )
    app.press("ctrl+n")
    app.wait_until("An empty note", lambda seen: seen.get("focus") == "notes.editor")
    app.type("x")
    app.wait_until("A note", lambda seen: seen.get("notes.editor") == "x")
    for page in ("inspector", "account", "notes"):
        app.click(f"nav.{page}")
        app.wait_until(
            "The page", lambda seen, page=page: seen.get(f"state:nav.{page}") == "selected"
        )  # type: ignore[misc]
    assert app.quit() == 0
