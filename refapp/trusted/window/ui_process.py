"""One window process from its first line to its end:
the pipes on the loop, the limits, the reaping.

Owns how fast and how much the window may send, and what happens when it does not read. Decides
nothing about messages: lines go to ``on_line``, and its end to ``on_end``. Invariants: nothing here
blocks the loop; at most one line and one chunk of the window's output is held; of the snapshots
that a slow window has not read only the newest is kept (SB-7).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from refapp.trusted.start.spawn import Child
from refapp.trusted.window.child_end import ChildEnd
from refapp.trusted.window.pipe_ends import Incoming, Outgoing
from refapp.trusted.window.window_ends import TAKEN_OVER
from refapp.trusted.wording import window_words
from refapp.wire import LineReader, ProtocolError

LINES_PER_S = 200.0
BURST = 400.0
UNREAD_LIMIT = 256
STUCK_AFTER_S = 5.0
LEAVE_WITHIN_S = 1.0
STDERR_KEPT = 4096
# It would like to write down which fonts there are.
# The window may write nothing, so this is said wherever nobody has done so.
NO_COMPLAINT = "Fontconfig error: No writable cache directories"


class UiProcess:
    """``child`` on the running loop. ``on_end(code, sentence)``: it is gone and reaped;
    ``code`` negative for a signal, TAKEN_OVER if it was ``caught``, and what an ``end`` counts as.
    """

    def __init__(
        self, child: Child, *, on_line: Callable[[bytes], None], on_end: Callable[[int, str], None]
    ) -> None:
        self._child = child
        self._on_line = on_line
        self._on_end = on_end
        self._lines = LineReader()
        self._tokens, self._filled_at = BURST, asyncio.get_running_loop().time()
        self._writer: Outgoing | None = None
        self._readers: list[Incoming] = []
        self._paused = False
        self._waiting: deque[bytes] = deque()
        self._newest: bytes | None = None
        self._stuck: asyncio.TimerHandle | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self._said = bytearray()
        self._why = ""
        self._counts_as: int | None = None
        self._end = ChildEnd(child.pid, self._reaped)
        self.ended = asyncio.get_running_loop().create_future()

    @property
    def pid(self) -> int:
        return self._child.pid

    async def attach(self) -> None:
        """Take the pipes onto the loop."""
        self._end.watch()
        child = self._child
        self._writer = Outgoing(child.stdin, self._pause, self._resume, self._closed)
        self._readers = [
            Incoming(child.stdout, self._heard, self._closed),
            Incoming(child.stderr, self._complained, self._closed),
        ]

    def send(self, line: bytes) -> None:
        """Send an answer. A window that leaves too many unread is ended."""
        if self._paused:
            self._waiting.append(line)
            if len(self._waiting) > UNREAD_LIMIT:
                self.end(window_words.STOPPED_READING_ANSWERS)
        else:
            self._write(line)

    def send_newest(self, line: bytes) -> None:
        """Send a snapshot; if the window does not read, it replaces the one that waits."""
        if self._paused:
            self._newest = line
        else:
            self._write(line)

    def end(self, why: str, counts_as: int | None = None) -> None:
        """Kill the window process, if it still runs; ``on_end`` follows, with ``counts_as`` for its
        exit code, if that is given.
        """
        self._why = self._why or why
        if self._counts_as is None:
            self._counts_as = counts_as
        self._end.kill()
        for reader in self._readers:
            reader.close()

    def caught(self, why: str) -> None:
        """Kill the window process:
        a gate caught it at what only a window that was taken over does.
        """
        self.end(why, TAKEN_OVER)

    def _write(self, line: bytes) -> None:
        if self._writer is not None:
            self._writer.write(line)

    def _heard(self, data: bytes) -> None:
        try:
            lines = self._lines.feed(data)
        except ProtocolError as error:
            self.end(window_words.broke_the_protocol(error.sentence))
            return
        for line in lines:
            if not self._within_rate():
                self.end(window_words.TOO_MANY_MESSAGES)
                return
            if self._why:
                return
            self._on_line(line)

    def _within_rate(self) -> bool:
        now = asyncio.get_running_loop().time()
        self._tokens = min(BURST, self._tokens + (now - self._filled_at) * LINES_PER_S)
        self._filled_at = now
        self._tokens -= 1
        return self._tokens >= 0

    def _complained(self, data: bytes) -> None:
        self._said += data[-STDERR_KEPT:]
        del self._said[:-STDERR_KEPT]

    @property
    def complaint(self) -> str:
        """The last line that the window wrote to its error pipe, said to be the window's, without
        control characters.

        It may be anything:
        a window that was taken over would like its sentence to be read as the app's.
        """
        lines = complaints(self._said)
        said = "".join(c for c in lines[-1] if c.isprintable())[:300] if lines else ""
        return window_words.window_said(said) if said else ""

    def _pause(self) -> None:
        self._paused = True
        loop = asyncio.get_running_loop()
        self._stuck = loop.call_later(STUCK_AFTER_S, self.end, window_words.STOPPED_READING)

    def _resume(self) -> None:
        self._paused = False
        if self._stuck is not None:
            self._stuck.cancel()
        while self._waiting and not self._paused:
            self._write(self._waiting.popleft())
        if self._newest is not None and not self._paused:
            newest, self._newest = self._newest, None
            self._write(newest)

    def _closed(self) -> None:
        """A pipe was closed at the window's end: the window is about to leave, and then its exit
        code says why, or it stays.
        """
        if not self._why and not self._end.reaped and self._leaving is None:
            loop = asyncio.get_running_loop()
            self._leaving = loop.call_later(LEAVE_WITHIN_S, self.end, window_words.CLOSED_CHANNEL)

    def _reaped(self, code: int) -> None:
        for timer in (self._stuck, self._leaving):
            if timer is not None:
                timer.cancel()
        # What it wrote before it ended is read first: the pipes may still hold its last sentence,
        # and its last save.
        asyncio.get_running_loop().call_soon(self._finish, code)

    def _finish(self, code: int) -> None:
        heard, complained = self._readers
        self._complained(complained.take() or b"")
        # A note may be among what it said last: a pipe holds a little of it (NT-1).
        while data := heard.take():
            self._heard(data)
        for reader in self._readers:
            reader.close()
        if self._writer is not None:
            self._writer.close()
        self.ended.set_result(code)
        said = self._why or self.complaint
        self._on_end(code if self._counts_as is None else self._counts_as, said)


def complaints(said: bytes | bytearray) -> list[str]:
    """The lines of what a window wrote to its error pipe that can have to do with its end."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return [line for line in lines if line.strip() and not line.startswith(NO_COMPLAINT)]
