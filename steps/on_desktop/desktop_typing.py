"""Typing in the desktop driver, up to the end of the app:
real keys, and signals as a desktop sends them.

A part of ``desktop``.
"""

from __future__ import annotations

import signal
import subprocess
from abc import abstractmethod
from collections.abc import Callable, Mapping

from steps.on_desktop.computer import Computer
from steps.scenario.sight import Page
from steps.scenario.writing import End

SIGNALS: Mapping[End, signal.Signals] = {
    "the computer is shut down": signal.SIGTERM,
    "the terminal is closed": signal.SIGHUP,
}
LIMIT_S = 20.0


class DesktopTyping:
    """``_app`` is the running app on the computer's screen."""

    _computer: Computer
    _app: subprocess.Popen[bytes] | None

    @abstractmethod
    def sees(self, page: Page | None = None) -> Mapping[str, str]:
        """See ``driver.Driver``."""

    @abstractmethod
    def _click(self, widget: str) -> None:
        """Click the middle of it."""

    @abstractmethod
    def _act(self, do: Callable[[], None], request: str) -> None:
        """Do it, and wait until the window has asked for that, and rests."""

    def change_note(self, text: str) -> None:
        """See ``driver.Driver``."""
        self.sees("notes")
        self._click("notes.editor")
        self._computer.screen.key("ctrl+a")
        self._act(lambda: self._computer.screen.type(text), "note_save")

    def type_and_end(self, text: str, end: End) -> tuple[int, str]:
        """See ``driver.Driver``."""
        assert self._app is not None
        self.sees("notes")
        self._click("notes.editor")
        self._computer.screen.type(text)
        if end in SIGNALS:
            self._app.send_signal(SIGNALS[end])
        else:
            self._computer.screen.key("alt+F4")
        _, said = self._app.communicate(timeout=LIMIT_S)
        code, self._app = self._app.returncode, None
        return code, said.decode()
