"""A window's connection to an X server that is not there, for tests of the gate: they say what
comes from either side.
"""

from __future__ import annotations

import struct

from refapp.display_gate.decoder import Decoder
from refapp.display_gate.rules import ForbiddenRequest, Rules
from steps.fakes.fake_display import BASE, COLOURS, MASK, ROOT, STRANGER, event, reply, setup

__all__ = [
    "BASE",
    "COLOURS",
    "FRAME",
    "MAJOR",
    "MASK",
    "OWN",
    "ROOT",
    "STRANGER",
    "TOP",
    "Connection",
    "event",
    "reply",
    "setup",
]

FRAME = 0x2000AA
OWN = BASE + 1
TOP = BASE + 5
MAJOR = {b"BIG-REQUESTS": 133, b"XKEYBOARD": 135, b"RENDER": 139, b"XFIXES": 138, b"XC-MISC": 136}
GREETING = struct.pack("<BxHHHHxx", ord("l"), 11, 0, 18, 16) + b"MIT-MAGIC-COOKIE-1\0\0" + b"c" * 16


def request(opcode: int, data: int = 0, *words: int, tail: bytes = b"") -> bytes:
    """A request of 32-bit ``words`` and a ``tail``, which is padded."""
    body = struct.pack(f"<{len(words)}I", *words) + tail + bytes(-len(tail) % 4)
    return struct.pack("<BBH", opcode, data, 1 + len(body) // 4) + body


class Connection:
    """A window that has connected; what it asks gets its answer here, if the test gives one.
    ``rules``: its toolkit's.
    """

    rules: type[Rules] = Rules

    def __init__(self) -> None:
        self.gate = Decoder(self.rules)
        assert self.gate.greeting(GREETING) == b"c" * 16
        self.now = 1000.0
        assert self.gate.down(setup(), self.now) == setup()
        self.atoms: dict[str, int] = {}

    def asks(self, asked: bytes) -> bytes:
        """What goes up. What is forbidden is forgotten, so that a test can go on;
        the real window ends.
        """
        try:
            return self.gate.up(asked, self.now)
        except ForbiddenRequest:
            self.gate._up.clear()
            raise

    def hears(self, said: bytes) -> bytes:
        return self.gate.down(said, self.now)

    def answered(self, asked: bytes, *words: int, data: int = 0, more: bytes = b"") -> bytes:
        """What the window hears as the answer to what it ``asked``."""
        assert self.asks(asked) == asked
        return self.hears(reply(self.gate.requests, *words, data=data, more=more))

    def event(self, code: int, detail: int = 0, *words: int) -> None:
        said = event(code, detail, self.gate.requests, *words)
        assert self.hears(said) == said

    def atom(self, name: str) -> int:
        if name not in self.atoms:
            self.atoms[name] = 300 + len(self.atoms)
            asked = request(16, 0, len(name), tail=name.encode())
            self.answered(asked, self.atoms[name])
        return self.atoms[name]

    def extension(self, name: bytes) -> bytes:
        major = MAJOR.get(name, 150)
        return self.answered(request(98, 0, len(name), tail=name), 1 | major << 8)

    def key(self) -> None:
        self.event(2, 40, 0, ROOT, OWN)

    def focus(self, *, has: bool) -> None:
        self.event(9 if has else 10, 3, TOP)

    def window(
        self,
        number: int = TOP,
        size: tuple[int, int] = (900, 640),
        override: int = 0,
        border: int = 0,
    ) -> bytes:
        """CreateWindow on the root, with StructureNotify and, if so, override-redirect."""
        width, height = size
        head = struct.pack(
            "<IIhhHHHHII", number, ROOT, 0, 0, width, height, border, 1, 0, 1 << 9 | 1 << 11
        )
        return request(1, 24, tail=head + struct.pack("<II", override, 1 << 17))

    def shown_window(self) -> None:
        """A window of 900 by 640 that the window manager shows and that has the keyboard."""
        self.asks(self.window())
        self.asks(request(8, 0, TOP))
        self.event(19, 0, TOP, TOP)
        self.focus(has=True)
