"""Our ends of a window's pipes, on the running loop. asyncio's own transports cost a message twice
as much and buffer by copying.

Owns two descriptors' readiness: what is read is handed on at once, what can't be written yet waits
here and is written from where it stopped. Neither blocks. Whoever makes one closes it; after that
it does nothing more.
"""

from __future__ import annotations

import asyncio
import collections
import os
from collections.abc import Callable

CHUNK = 64 * 1024
"""Bytes a read asks for: what a pipe holds. A larger buffer makes the small messages slow."""
HIGH, LOW = 64 * 1024, 16 * 1024
"""Bytes that wait: above ``HIGH`` the other end counts as not reading,
until fewer than ``LOW`` are left.
"""


class Incoming:
    """``hear(data)`` gets what comes; ``closed`` is called once when the other end has closed."""

    def __init__(self, fd: int, hear: Callable[[bytes], None], closed: Callable[[], None]) -> None:
        self._fd = fd
        self._hear = hear
        self._closed = closed
        self._loop = asyncio.get_running_loop()
        os.set_blocking(fd, False)
        self._loop.add_reader(fd, self._on_readable)

    def _on_readable(self) -> None:
        data = self.take()
        if data:
            self._hear(data)
        elif data is not None:
            self.close()
            self._closed()

    def take(self) -> bytes | None:
        """What is there now; None if nothing is, and no bytes once the other end has closed."""
        try:
            return os.read(self._fd, CHUNK) if self._fd >= 0 else b""
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def close(self) -> None:
        """Read no more."""
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1


class Outgoing:
    """``pause`` is called when the other end does not read, ``resume`` when it does again,
    ``closed`` once when it has closed.
    """

    def __init__(
        self,
        fd: int,
        pause: Callable[[], None],
        resume: Callable[[], None],
        closed: Callable[[], None],
    ) -> None:
        self._fd = fd
        self._pause = pause
        self._resume = resume
        self._closed = closed
        self._waiting: collections.deque[memoryview] = collections.deque()
        self._unsent = 0
        self._paused = False
        self._loop = asyncio.get_running_loop()
        os.set_blocking(fd, False)
        # A pipe that nobody reads any more becomes "readable".
        self._loop.add_reader(fd, self._gone)

    def write(self, data: bytes) -> None:
        """Send ``data`` now, or as soon as there is room."""
        if self._fd < 0:
            return
        sent = 0 if self._waiting else self._send(data)
        if self._fd < 0 or sent == len(data):
            return
        if not self._waiting:
            self._loop.add_writer(self._fd, self._on_writable)
        self._waiting.append(memoryview(data)[sent:])
        self._unsent += len(data) - sent
        if self._unsent > HIGH and not self._paused:
            self._paused = True
            self._pause()

    def _send(self, data: bytes | memoryview) -> int:
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0
        except OSError:
            self._gone()
            return 0

    def _on_writable(self) -> None:
        while self._waiting:
            first = self._waiting.popleft()
            sent = self._send(first)
            if self._fd < 0:
                return
            self._unsent -= sent
            if sent < len(first):
                self._waiting.appendleft(first[sent:])
                break
        if not self._waiting:
            self._loop.remove_writer(self._fd)
        if self._paused and self._unsent < LOW:
            self._paused = False
            self._resume()

    def _gone(self) -> None:
        if self._fd >= 0:
            self.close()
            self._closed()

    def close(self) -> None:
        """Write no more; what waits is dropped."""
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            self._loop.remove_writer(self._fd)
            os.close(self._fd)
            self._fd = -1
            self._waiting.clear()
