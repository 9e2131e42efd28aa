"""The display in the in-process driver: the real gate before a display without a screen, and what
the real start says of it.

A part of ``inproc``.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from abc import abstractmethod
from pathlib import Path
from unittest import mock

from refapp import cli
from refapp.display_gate import process
from refapp.lock import sandbox
from refapp.trusted.window.window_ends import TAKEN_OVER
from steps.fakes.fake_display import FakeDisplay
from steps.fakes.fake_window import FakeWindow
from steps.in_process.app_copy import Copy

_BELL = 104


class InProcessDisplay:
    """``running_copies``: the copies of the app; ``folder``: its files."""

    folder: Path
    desktop_config: Path | None = None
    running_copies: list[Copy]
    _display: FakeDisplay

    @property
    @abstractmethod
    def window(self) -> FakeWindow:
        """The person's window."""

    @abstractmethod
    def pass_time(self, seconds: float) -> None:
        """See ``driver.Driver``."""

    def take_over(self) -> None:
        """See ``driver.Driver``."""
        self._display = FakeDisplay()

    def work_elsewhere(self) -> None:
        """See ``driver.Driver``."""
        self._display.go_elsewhere()

    def press_a_key(self) -> None:
        """See ``driver.Driver``."""
        self._display.press_a_key()

    def attempt(self, name: str) -> tuple[bool, tuple[int, str]]:
        """See ``driver.Driver``."""
        if name == "bell":
            gained = False
            self._display.ask_for(_BELL)
        else:
            gained = self._display.attempt(name)
        if not self._display.forbidden:
            return gained, (0, "")
        self.window.die(TAKEN_OVER)
        self.pass_time(10)
        return gained, self.running_copies.pop(0).ending()

    def set_desktop(self, gtk: str, setting: str) -> None:
        """See ``driver.InsideDriver``."""
        self.desktop_config = self.folder.parent / "config"
        file = self.desktop_config / f"gtk-{gtk}" / "settings.ini"
        file.parent.mkdir(parents=True)
        file.write_text(f"[Settings]\n{setting}\n")

    def open_without_gate(self) -> tuple[int, str]:
        """See ``driver.Driver``."""
        return self.open_for("http://127.0.0.1:1")

    def open_for(self, address: str) -> tuple[int, str]:
        """See ``driver.InsideDriver``. What is wrong with the address is said before the display
        is, which there is none of here.
        """
        said = io.StringIO()
        outer = {"DISPLAY": ":4711", "XAUTHORITY": os.devnull}
        command = ["run", "--home", str(self.folder), "--server", address]
        with (
            mock.patch.dict(os.environ, outer),
            mock.patch.object(process, "NUMBERS", ()),
            contextlib.redirect_stderr(said),
        ):
            code = cli.main(command)
        return code, said.getvalue()

    def open_behind_the_lock(self) -> dict[str, bool]:
        """See ``driver.Driver``."""
        # A fork: what is locked stays locked.
        child = os.fork()
        if child == 0:
            os._exit(_opened(next(Path("/usr/share/fonts").rglob("*.*tf")), Path(sandbox.__file__)))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return {"font": code in (_BOTH, _FONT), "file": code in (_BOTH, _FILE)}


_NEITHER, _FONT, _FILE, _BOTH, _FAILED = 10, 11, 12, 13, 14


def _opened(font: Path, file: Path) -> int:
    """In a fork: lock, open the two, and say which of them was opened."""
    try:
        for standard in (0, 1, 2):
            os.dup2(os.pipe()[0], standard)
        sandbox.begin([str(Path(sys.prefix)), str(file.parents[1])], os.getppid())
        sandbox.lock(on_violation="refuse")
        return _NEITHER + _can_open(font) + 2 * _can_open(file)
    except BaseException:  # noqa: BLE001 - whatever it is, the parent is to hear of it
        return _FAILED


def _can_open(path: Path) -> bool:
    try:
        os.open(path, os.O_RDONLY)
    except OSError:
        return False
    return True
