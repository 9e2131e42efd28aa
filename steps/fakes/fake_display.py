"""A display without a screen: the real gate, in front of what an X server would say to a window
that was taken over.

The attempts are ``refapp.attack.attempts.display``'s, which a locked window makes on a real display
too. One connection, answered at once.
"""

from __future__ import annotations

import struct
from unittest import mock

from refapp.attack.attempt import MARK, NothingGained, Target
from refapp.attack.attempts import display, display_wire
from refapp.display_gate.decoder import Decoder
from refapp.display_gate.rules import ForbiddenRequest, Rules

BASE, MASK, ROOT, COLOURS, STRANGER = 0x400000, 0x1FFFFF, 0x50D, 0x20, 0x600001
WINDOW = BASE + 1
_ANSWERED = {3, 14, 15, 16, 17, 20, 23, 26, 31, 39, 43, 44, 73, 98, 116, 117, 118, 119}
_KEY_PRESS, _FOCUS_IN, _FOCUS_OUT, _SELECTION_NOTIFY = 2, 9, 10, 31


def setup() -> bytes:
    """What a server says at first: one screen with two depths, the second with a visual."""
    depths = struct.pack("<BxH4x", 1, 0) + struct.pack("<BxH4x", 24, 1) + bytes(24)
    screen = struct.pack("<II31xB", ROOT, COLOURS, 2) + depths
    body = (
        struct.pack("<IIIIHHBB10x", 1, BASE, MASK, 0, 6, 65535, 1, 1)
        + b"vendor\0\0"
        + bytes(8)
        + screen
    )
    return struct.pack("<BxHHH", 1, 11, 0, len(body) // 4) + body


def reply(number: int, *words: int, data: int = 0, more: bytes = b"") -> bytes:
    """An answer to request ``number``, its 32-bit ``words`` from the 9th byte on, and ``more``."""
    head = struct.pack("<BBHI", 1, data, number & 0xFFFF, len(more) // 4)
    return head + struct.pack(f"<{len(words)}I", *words) + bytes(24 - 4 * len(words)) + more


def event(code: int, detail: int, number: int, *words: int) -> bytes:
    """An event after request ``number``."""
    head = struct.pack("<BBH", code, detail, number & 0xFFFF)
    return head + struct.pack(f"<{len(words)}I", *words) + bytes(28 - 4 * len(words))


class FakeDisplay(display_wire.Wire):
    """``attempt`` has the window try something. ``has_focus``: the person works in the window.
    ``forbidden``: what the gate ended it for. ``rules``: the window's toolkit's.
    """

    def __init__(self, rules: type[Rules] = Rules) -> None:
        super().__init__(display_wire.OwnConnection(0, WINDOW, ROOT, BASE + 100))
        self.forbidden = ""
        self.shown = False
        self._gate = Decoder(rules)
        self._now = 1000.0
        self._gate.down(setup(), self._now)
        self._waiting = bytearray()
        self._number = 0
        self._focus = WINDOW
        self._atoms: dict[bytes, int] = {}
        self._pass_on(event(_FOCUS_IN, 3, 0, WINDOW))

    def go_elsewhere(self) -> None:
        """The person works in another program from now on, and has for a while."""
        self._pass_on(event(_FOCUS_OUT, 3, self._number, WINDOW))
        self._focus = STRANGER
        self._now += 60

    def press_a_key(self) -> None:
        """The person does, in the window."""
        self._pass_on(event(_KEY_PRESS, 40, self._number, 0, ROOT, WINDOW))

    def attempt(self, name: str) -> bool:
        """Whether the attempt of that name got the window anything."""
        [attempt] = [one for one in display.ATTEMPTS if one.id == name]
        target = Target._make([None] * len(Target._fields))._replace(stranger=STRANGER, free=False)
        with (
            mock.patch.object(display, "wire", return_value=self),
            mock.patch.object(display, "PATIENCE_S", 0.0),
        ):
            try:
                attempt.act(target)
            except (NothingGained, OSError):
                return False
        return True

    def ask_for(self, opcode: int) -> None:
        """A request of that number, whatever it is."""
        try:
            self.tell(opcode)
        except OSError:
            return

    def put(self, data: bytes) -> None:
        """What the window writes goes to the gate, and what that lets through is answered."""
        try:
            passed = self._gate.up(data, self._now)
        except ForbiddenRequest as error:
            self.forbidden = str(error)
            raise BrokenPipeError("the window has been ended") from None
        at = 0
        while at < len(passed):
            size = 4 * int.from_bytes(passed[at + 2 : at + 4], "little")
            self._answer(passed[at : at + size])
            at += size

    def take(self, size: int) -> bytes:
        """What has come down."""
        if len(self._waiting) < size:
            raise BrokenPipeError("the display says no more")
        data = bytes(self._waiting[:size])
        del self._waiting[:size]
        return data

    def _pass_on(self, said: bytes) -> None:
        self._waiting += self._gate.down(said, self._now)

    def _answer(self, r: bytes) -> None:
        """What an X server does that trusts everybody."""
        self._number += 1
        match r[0]:
            case 16:
                name = r[8 : 8 + int.from_bytes(r[4:6], "little")]
                self._say(self._atoms.setdefault(name, 300 + len(self._atoms)))
            case 98:
                self._say(1 | 200 << 8)
            case 15:
                self._say(ROOT, 0, 1, more=struct.pack("<I", STRANGER))
            case 20:
                self._say(31, 0, len(MARK), data=8, more=MARK + bytes(-len(MARK) % 4))
            case 23:
                self._say(STRANGER)
            case 38:
                self._say(ROOT)
            case 101:
                self._say(more=bytes(4))
            case 3:
                self._say(0, 0, 0, 0, 2 << 16 if self.shown else 0)
            case 43:
                self._say(self._focus)
            case 42:
                [self._focus] = struct.unpack_from("<I", r, 4)
            case 8:
                self.shown = True
            case 24:
                self._pass_on(event(_SELECTION_NOTIFY, 0, self._number, 0, WINDOW))
            case code if code in _ANSWERED:
                self._say()

    def _say(self, *words: int, data: int = 0, more: bytes = b"") -> None:
        self._pass_on(reply(self._number, *words, data=data, more=more))
