"""The Qt window on a screen of its own, as a person uses it: its process is confined, and its
display has a gate, with Qt's table; by Tk's the gate ends it.
"""

from __future__ import annotations

import dataclasses
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

import httpx
import pytest

from refapp.demo_server.demo_account import FILE
from refapp.examples import qt_window
from refapp.tour.desktop import PrivateDesktop
from refapp.tour.secret_service import PrivateSecretService, missing_programs
from steps.scenario.browser_page import decide
from steps.scenario.people import ADA

LIMIT_S = 60
TWICE_S = 0.6
"""After it another click is no third one."""
OTHER = Path(__file__).parents[2] / "boundary" / "programs" / "x11_programs.py"
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
RUN = [sys.executable, "-m", "refapp", "run", "--ui", UI]


def wait(until: Callable[[], bool]) -> None:
    give_up = time.monotonic() + LIMIT_S
    while not until():
        assert time.monotonic() < give_up, "it did not come"
        time.sleep(0.05)


class Used:
    """The window on ``desktop``, and what the app writes down of it in ``folder``."""

    def __init__(self, desktop: PrivateDesktop, folder: Path) -> None:
        self.desktop, self.home, self._trace = desktop, folder / "home", folder / "trace.ndjson"
        words = ["--ui-toolkit", "qt", "--home", str(self.home), "--trace", str(self._trace)]
        with (folder / "errors").open("wb") as said:
            self.app = desktop.start([*RUN, *words], stderr=said)
        desktop.wait_for_window("refapp in Qt")
        wait(lambda: "signed_out" in self.phases())

    def went(self, what: str) -> list[dict[str, object]]:
        text = self._trace.read_text() if self._trace.exists() else ""
        # The last may be half written.
        lines = [line for line in text.splitlines(keepends=True) if line.endswith("\n")]
        return [one for one in map(json.loads, lines) if one["what"] == what]

    def states(self) -> list[dict[str, object]]:
        return [one["detail"] for one in self.went("state")]  # type: ignore[misc]

    def phases(self) -> list[object]:
        return [state["phase"] for state in self.states()]

    def enter(self, line: str) -> None:
        self.desktop.type(line)
        self.desktop.key("Return")

    def sign_in(self) -> None:
        self.enter("sign in")
        pending: list[dict[str, str]] = []

        def code() -> bool:
            pending[:] = [state["pending"] for state in self.states() if state["pending"]]  # type: ignore[misc]
            return any(one.get("user_code") for one in pending)

        wait(code)
        link = pending[-1]["link"]
        person = dataclasses.replace(ADA, password=next(self.home.rglob(FILE)).read_text())
        with httpx.Client(base_url=link.partition("/device")[0], trust_env=False) as browser:
            decide(browser, link, person, "allows")
        wait(lambda: "signed_in" in self.phases())

    def drag_a_word(self) -> None:
        """Select one by a double click, and draw it down by the mouse."""
        window = self.desktop.window("refapp in Qt")
        assert window
        across, down, *_ = self.desktop.area(window)
        self.desktop.click(across + 40, down + 25)
        self.desktop._xdotool("click", "1")
        time.sleep(TWICE_S)
        self.desktop._xdotool("mousedown", "1")
        for step in range(5):
            self.desktop.point(across + 40 + 30 * step, down + 25 + 20 * step)
        self.desktop._xdotool("mouseup", "1")


def test_it_is_used_behind_the_gate(tmp_path: Path) -> None:
    with PrivateSecretService() as keyring, PrivateDesktop(keyring.environment({})) as desktop:
        other = subprocess.Popen(
            [sys.executable, str(OTHER), "other"],
            env=desktop.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

        def other_does(word: str) -> str:
            assert other.stdin
            assert other.stdout
            other.stdin.write(f"{word}\n")
            other.stdin.flush()
            return other.stdout.readline().strip()

        with other:
            assert other.stdout
            assert other.stdout.readline().startswith("ready")
            assert other_does("copy Milk") == "copied"
            window = Used(desktop, tmp_path)
            desktop.key("Menu")  # for which Qt asks for the whole keyboard
            desktop.key("Escape")
            window.enter("write")
            desktop.key("ctrl+v", "Return")
            window.enter(".")
            wait(lambda: bool(window.went("write note")))
            [note] = window.home.rglob("notes/nobody/*.json")
            assert '"Milk"' in note.read_text(), "what another program has copied is pasted"
            desktop.type("Bread")
            desktop.key("ctrl+a", "ctrl+c")
            wait(lambda: other_does("paste") == "pasted Bread")
            desktop.key("BackSpace")
            window.sign_in()
            window.drag_a_word()  # for which Qt would look into other programs' windows
            desktop.key("ctrl+q")
            assert window.app.wait(LIMIT_S) == 0
            other.kill()
    for state in window.states():
        boundary = state["boundary"]
        assert isinstance(boundary, dict)
        assert boundary["verified"]
        assert boundary["display"].startswith("Display isolation: on.")
    assert "isolation" not in (tmp_path / "errors").read_text(), "nothing is given up"


def test_by_tk_s_table_the_gate_ends_it(tmp_path: Path) -> None:
    """What a window may ask is said by who starts it, and never by the window."""
    with PrivateSecretService() as keyring, PrivateDesktop(keyring.environment({})) as desktop:
        command = [*RUN, "--home", str(tmp_path / "home")]
        app = desktop.start(command, stderr=subprocess.DEVNULL)
        assert app.wait(LIMIT_S) == 71
