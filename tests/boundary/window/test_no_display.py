"""An app that can't open its window says why in a line, and the cure in another: no display, a
wrong one, a wrong cookie, Tk.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from refapp.tour.desktop import PrivateDesktop, write_cookie
from refapp.trusted.start import spawn
from refapp.trusted.window.window_ends import NO_DISPLAY
from tests.boundary.window_parent import WindowParent

NONE = "refapp: There is no display to open a window on."
CURE = "Start it in a desktop session; `refapp tour` needs no display."


def said(env: Mapping[str, str], home: Path) -> tuple[int, str]:
    """Exit code and words of the app in this environment."""
    outer = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "XAUTHORITY")
    }
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "refapp",
            "run",
            "--server",
            "http://127.0.0.1:9",
            "--home",
            str(home),
        ],
        # A session bus is another matter, and has sentences of its own.
        env={**outer, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere", **env},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.mark.parametrize("display", ["", ":4711", "elsewhere.invalid:10.0", "nonsense"])
def test_no_display_and_a_wrong_one_are_told_with_the_cure(display: str, tmp_path: Path) -> None:
    code, words = said({"DISPLAY": display} if display else {}, tmp_path)
    assert (code, words.startswith(NONE), words.splitlines()[1:]) == (NO_DISPLAY, True, [CURE]), (
        words
    )


@pytest.mark.skipif(
    not all(map(shutil.which, ("Xvfb", "xdotool", "openbox"))),
    reason="xvfb, xdotool or openbox missing",
)
@pytest.mark.parametrize("cookie", ["another", "none"])
def test_a_display_that_does_not_let_the_app_in_is_told_with_the_cure(
    cookie: str, tmp_path: Path
) -> None:
    authority = tmp_path / "cookies"
    if cookie == "another":
        write_cookie(authority)
    with PrivateDesktop() as desktop:
        code, words = said(
            {"DISPLAY": desktop.env["DISPLAY"], "XAUTHORITY": str(authority)}, tmp_path / "home"
        )
    assert (code, words.startswith(NONE), words.splitlines()[1:]) == (NO_DISPLAY, True, [CURE]), (
        words
    )


WITHOUT_SCRIPTS = """
import runpy, sys, tkinter

def no_scripts(**_):
    raise tkinter.TclError(
        "Can't find a usable tk.tcl in the following directories: \\n    /usr/share/tcltk/tk8.6")

tkinter.Tk = no_scripts
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_an_error_of_tks_own_is_told_as_what_it_is(display: dict[str, str]) -> None:
    python, *flags, main = spawn.own_window(on_violation="kill", unsandboxed=False)[:4]
    options = spawn.own_window(on_violation="kill", unsandboxed=False)[4:]
    parent = WindowParent(display)
    parent.start(command=[python, *flags, "-c", WITHOUT_SCRIPTS, main, *options])
    assert parent.exit_code() == 1
    parent.close()
    found = "Can't find a usable tk.tcl in the following directories: /usr/share/tcltk/tk8.6"
    assert parent.complaint == f"Tk can't be started: {found}\n"
