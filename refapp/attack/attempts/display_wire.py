"""A connection to the display, written and read as bytes: the control's own, or the one that a
locked window has.
"""

from __future__ import annotations

import os
import select
import stat
import struct
import time
from typing import NamedTuple

from refapp.attack.attempt import NothingGained, Target, gained

_REPLY, _ERROR, _GENERIC = 1, 0, 35
VIEWABLE = 2


class OwnConnection(NamedTuple):
    """A connection: its descriptor, a window of its own, the root, and where free numbers begin."""

    descriptor: int
    window: int
    root: int
    free: int


class _Remembered:
    """What a locked window knew before it was locked."""

    known = OwnConnection(-1, 0, 0, 0)


def remember(window: int) -> None:
    """Note the display's connection, and the root's number.
    Call it with ``window`` on the display, before the lock.
    """
    _Remembered.known = OwnConnection(_own_connection(), window, 0, window & ~0x1FFFFF | 0x1F0000)
    [root] = struct.unpack_from("<I", Wire(_Remembered.known).ask(15, 0, window), 8)
    _Remembered.known = _Remembered.known._replace(root=root)


def _own_connection() -> int:
    """The one connection that a window has. Raises NothingGained."""
    for number in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            continue  # not open
    raise NothingGained


class Wire:
    """How requests go over a connection."""

    def __init__(self, known: OwnConnection) -> None:
        gained(known.descriptor >= 0)
        self.known = known
        self._made = 0
        self.events: list[bytes] = []

    def new(self) -> int:
        """A number for something of its own."""
        self._made += 1
        return self.known.free + self._made

    def tell(self, opcode: int, data: int = 0, *words: int, tail: bytes = b"") -> None:
        """A request that has no answer. Raises OSError if the server refuses it."""
        self._write(opcode, data, *words, tail=tail)
        self._write(43, 0)
        if self._read()[0] == _ERROR:
            self._read()
            raise PermissionError(f"the X server refused request {opcode}")

    def ask(self, opcode: int, data: int = 0, *words: int, tail: bytes = b"") -> bytes:
        """The answer to a request that has one. Raises OSError if the server refuses it."""
        self._write(opcode, data, *words, tail=tail)
        answer = self._read()
        if answer[0] == _ERROR:
            raise PermissionError(f"the X server refused request {opcode}")
        return answer

    def children(self, window: int) -> tuple[int, ...]:
        answer = self.ask(15, 0, window)
        return struct.unpack_from(f"<{(len(answer) - 32) // 4}I", answer, 32)

    def atom(self, name: str) -> int:
        return int(struct.unpack_from("<I", self.ask(16, 0, len(name), tail=name.encode()), 8)[0])

    def major(self, name: str) -> int:
        """The extension's number. Raises NothingGained if this client has none."""
        answer = self.ask(98, 0, len(name), tail=name.encode())
        gained(answer[8])
        return answer[9]

    def _write(self, opcode: int, data: int, *words: int, tail: bytes = b"") -> None:
        body = struct.pack(f"<{len(words)}I", *words) + tail + bytes(-len(tail) % 4)
        self.put(struct.pack("<BBH", opcode, data, 1 + len(body) // 4) + body)

    def _read(self) -> bytes:
        """The next answer or error."""
        while True:
            message = self.take(32)
            if message[0] in (_REPLY, _GENERIC):
                message += self.take(4 * int.from_bytes(message[4:8], "little"))
            if message[0] in (_REPLY, _ERROR):
                return message
            self.events.append(message)

    def put(self, data: bytes) -> None:
        """Write to the display."""
        os.write(self.known.descriptor, data)

    def take(self, size: int) -> bytes:
        """Read from it."""
        data = b""
        while len(data) < size:
            select.select([self.known.descriptor], [], [])
            piece = os.read(self.known.descriptor, size - len(data))
            if not piece:
                raise BrokenPipeError("the display is gone")
            data += piece
        return data


def wire(t: Target) -> Wire:
    """The control's connection, or the window's."""
    return connected() if t.free else Wire(_Remembered.known)


def connected() -> Wire:
    from refapp.trusted.start import x11

    gained("DISPLAY" in os.environ)
    connection, greeting = x11.reached(os.environ["DISPLAY"], os.environ.get("XAUTHORITY", ""))
    connection.settimeout(None)
    x = Wire(OwnConnection(connection.detach(), 0, 0, 0))
    x.put(greeting)
    said = x.take(8)
    setup = x.take(4 * int.from_bytes(said[6:8], "little"))
    gained(said[0] == 1)
    base, vendor = struct.unpack_from("<I8xH", setup, 4)
    [root] = struct.unpack_from("<I", setup, 32 + (vendor + 3 & ~3) + 8 * setup[21])
    x.known = OwnConnection(x.known.descriptor, base + 1, root, base + 2)
    x.tell(1, 0, tail=window_of(x.known.window, root, 200, 100))
    x.tell(8, 0, x.known.window)
    while x.ask(3, 0, x.known.window)[26] != VIEWABLE:
        time.sleep(0.01)  # a window manager shows it, if there is one
    return x


def window_of(number: int, root: int, width: int, height: int, override: int = 0) -> bytes:
    return struct.pack(
        "<IIhhHHHHIIII",
        number,
        root,
        0,
        0,
        width,
        height,
        0,
        1,
        0,
        1 << 9 | 1 << 11,
        override,
        1 << 17,
    )
