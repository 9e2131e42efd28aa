"""The display in the in-process driver: the real gate before a display without a screen, and what
the real start says of it.

A part of ``inproc``.
"""

from __future__ import annotations

import contextlib
import os
import sys
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from refapp.lock import sandbox
from refapp.trusted.window.window_ends import TAKEN_OVER
from steps.fakes.fake_display import FakeDisplay
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.keychain_on_the_bus import KeychainOnTheBus
from steps.fakes.launcher import Launcher
from steps.fakes.windows.fake_window import FakeWindow
from steps.in_process.app_copy import Copy
from steps.in_process.audit import heard_by
from steps.in_process.witness import Witness
from steps.network.embedded import Embedded
from steps.scenario.around_it import OwnPort
from steps.scenario.disk_words import Change

_BELL = 104
_OF_A_START = (
    "os.fork", "os.posix_spawn", "subprocess.Popen", "ctypes.dlopen",
    "os.mkdir /proc", "os.mkdir /dev/null",
    "socket.connect /tmp/.X11-unix/", "socket.connect \0/tmp/.X11-unix/",
)  # fmt: skip
"""The window's process, and its way to the display; and what can't be done, for the system says so
only after it was reported.
"""
_NOWHERE, _COOKIE = Path("/proc"), "cookie"


class _AtAStart:
    """A ``Listener`` for whom it is no news that a start begins a window. ``ways``: it may."""

    def __init__(self, witness: Witness, ways: tuple[str, ...]) -> None:
        self.folder = witness.folder
        self._ways = ways
        self._witness = witness

    def file(self, change: Change) -> None:
        """See ``audit.Listener``."""
        if not change.path.is_relative_to(_NOWHERE) and change.path.name != _COOKIE:
            self._witness.file(change)

    def written_out(self, inode: int) -> None:
        """See ``audit.Listener``."""
        self._witness.written_out(inode)

    def other_way(self, what: str) -> None:
        """See ``audit.Listener``."""
        if not what.startswith(self._ways):
            self._witness.other_way(what)


class InProcessDisplay:
    """``running_copies``: the copies of the app; ``folder``: its files."""

    folder: Path
    desktop_config: Path | None = None
    portal_says: Mapping[str, int] = {}
    running_copies: list[Copy]
    keychain: FakeKeychain | KeychainOnTheBus
    witness: Witness
    _display: FakeDisplay
    _embedded: Embedded | None = None

    @cached_property
    def launcher(self) -> Launcher:
        """See ``driver.InsideDriver``."""
        return Launcher()

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

    def set_desktop(self, gtk: str, setting: str, *, apart: bool = False) -> None:
        """See ``driver.InsideDriver``."""
        self.desktop_config = self.folder.parent / ("settings" if apart else ".config")
        file = self.desktop_config / f"gtk-{gtk}" / "settings.ini"
        file.parent.mkdir(parents=True)
        file.write_text(f"[Settings]\n{setting}\n")

    def serve_itself(self, port: OwnPort) -> None:
        """See ``driver.InsideDriver``."""
        self._embedded = Embedded(self.folder, port)
        self.launcher.around = self._embedded.around

    def start_with(self, words: Sequence[str], *, apart: bool) -> tuple[int, str]:
        """See ``driver.InsideDriver``."""
        given = {"--home": self.folder.name, "--theme": "light"}
        if self._embedded is None:
            given["--server"] = "http://127.0.0.1:1"
        missing = [word for name in given if name not in words for word in (name, given[name])]
        start = self.launcher.run_apart if apart else self.launcher.run
        ways = self._embedded.ways if self._embedded else ()
        # What a place is called from here is no part of what the app is told apart by.
        with (
            contextlib.chdir(self.folder.parent),
            heard_by(_AtAStart(self.witness, (*_OF_A_START, *ways))),
        ):
            return start([*missing, *words], self.keychain)

    def left_of_starts(self) -> list[str]:
        """What the command line has left when it had ended."""
        if "launcher" not in vars(self):
            return []
        cookies = [path for path in self.cookies() if path.parent not in self.launcher.held]
        self.launcher.let_go()
        return [*map(str, cookies), *(f"the process {pid}" for pid in self.launcher.left())]

    def cookies(self) -> list[Path]:
        """See ``driver.InsideDriver``."""
        places = sorted(self.folder.parent.glob("refapp-*"))
        return [path if (path := place / _COOKIE).exists() else place for place in places]

    def open_behind_the_lock(self) -> dict[str, bool]:
        """See ``driver.Driver``."""
        # A fork: what is locked stays locked.
        child = os.fork()
        if child == 0:
            code = _FAILED
            try:
                font = next(Path("/usr/share/fonts").rglob("*.*tf"))
                code = _opened(font, Path(sandbox.__file__))
            finally:
                os._exit(code)  # whatever was raised, the parent hears of it
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return {"font": code in (_BOTH, _FONT), "file": code in (_BOTH, _FILE)}


_NEITHER, _FONT, _FILE, _BOTH, _FAILED = 10, 11, 12, 13, 14


def _opened(font: Path, file: Path) -> int:
    """In a fork: lock, open the two, and say which of them was opened."""
    for standard in (0, 1, 2):
        os.dup2(os.pipe()[0], standard)
    sandbox.begin([str(Path(sys.prefix)), str(file.parents[1])], os.getppid())
    sandbox.lock(on_violation="refuse")
    return _NEITHER + _can_open(font) + 2 * _can_open(file)


def _can_open(path: Path) -> bool:
    try:
        os.open(path, os.O_RDONLY)
    except OSError:
        return False
    return True
