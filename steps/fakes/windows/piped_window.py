"""A window without a screen at the far end of real pipes, before which the app's own ``UiProcess``
stands: for what only a process does, such as to read nothing, or to end with words in the pipe.

Owns the far ends of the pipes. What would be the kernel's word about a process is said here.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest import mock

from refapp.trusted.start.spawn import Child
from refapp.trusted.window import pipe_ends, ui_process
from refapp.trusted.window.ui_process import UiProcess
from refapp.wire import ProtocolError
from steps.fakes.windows.fake_window import FakeWindow

BROKEN = 65
"""How a window ends that was told what is no message."""
ROOM, HIGH, LOW = 4096, 512, 128
"""Bytes that a pipe holds here, and that may wait before it (``pipe_ends``): a window that reads
nothing is soon told of nothing more.
"""


class _End:
    """In place of ``ChildEnd``: the process that is the window."""

    def __init__(self, window: PipedWindow, gone: Callable[[int], None]) -> None:
        self.reaped = False
        self._window = window
        self._gone = gone

    def watch(self) -> None:
        """Its end is told in any case."""

    def kill(self) -> None:
        if not self.reaped:
            self._window.die(-9)

    def gone(self, code: int) -> None:
        self.reaped = True
        self._gone(code)


def small_pipes() -> AbstractContextManager[object]:
    """Within, little may wait before a pipe."""
    return mock.patch.multiple(pipe_ends, HIGH=HIGH, LOW=LOW)


class PipedWindow(FakeWindow):
    """``process`` is what the parent has of it."""

    def __init__(
        self, on_line: Callable[[bytes], None], on_end: Callable[[int, str], None]
    ) -> None:
        down, ours_down = os.pipe()
        ours_up, self._up = os.pipe()
        complaints, self._complaints = os.pipe()
        fcntl.fcntl(down, fcntl.F_SETPIPE_SZ, ROOM)
        self._down = down
        self._heard = b""
        self._process_end: _End

        def end(_: int, gone: Callable[[int], None]) -> _End:
            self._process_end = _End(self, gone)
            return self._process_end

        with mock.patch.object(ui_process, "ChildEnd", end):
            self.process = UiProcess(
                Child(0, ours_down, ours_up, complaints), on_line=on_line, on_end=on_end
            )
        super().__init__(self.say, self._gone)
        self.read_again()

    def say(self, line: bytes) -> None:
        """One line, whatever becomes of the window then."""
        self.say_piece(line + b"\n")

    def say_piece(self, piece: bytes) -> None:
        """Some bytes, whatever they are a part of."""
        os.write(self._up, piece)

    def crash_saying(self, line: bytes = b"", complaint: bytes = b"") -> None:
        """It is gone before anybody has read that, and what it complains of."""

        def crash() -> None:
            if line:
                self.say(line)
            os.write(self._complaints, complaint)
            self.ended = True
            self._gone(-11, "")

        self._loop.call_soon(crash)

    def hang_up(self) -> None:
        """It closes its end of what it says, and stays."""
        os.close(self._up)
        self._up = os.open(os.devnull, os.O_WRONLY)

    def read_nothing(self) -> None:
        """From now on."""
        self._loop.remove_reader(self._down)

    def read_again(self) -> None:
        """From now on, and what has come meanwhile."""
        self._loop.add_reader(self._down, self._read)

    async def read_and_say(self, line: bytes) -> None:
        """It reads again, and what it says is heard before the parent has seen that there is room
        in the pipe.
        """
        self._read()
        self.process._heard(line + b"\n")
        self.read_again()

    def _read(self) -> None:
        self._heard += os.read(self._down, ROOM)
        *lines, self._heard = self._heard.split(b"\n")
        try:
            for line in lines:
                self.send(line + b"\n")
        except ProtocolError:
            self.die(BROKEN)

    def _gone(self, code: int, _: str) -> None:
        self.read_nothing()
        for fd in (self._down, self._up, self._complaints):
            os.close(fd)
        self._process_end.gone(code)
