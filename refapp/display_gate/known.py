"""What the gate has learned from the server's words: whose a number is, what a name means, where
the keyboard is.

Owns the memory of one connection, and the answers from which others' windows are taken. It decides
nothing. Invariants: only real events count, not those that a program sent, but for an input
method's; each kind of thing is bounded.
"""

from __future__ import annotations

import struct

from refapp.display_gate.table import (
    FRAME,
    MAP,
    NONE,
    OWN,
    PREDEFINED,
    ROOT,
    Row,
    Table,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 4096
"""Of each kind of thing that is remembered;
of programs that ask for what was copied, ``ASKING``.
"""
ASKING = 64
COPIED = ("PRIMARY", "CLIPBOARD")
METHOD = "@server="
"""How the names of input methods' servers begin."""
LONGEST = 255
"""Bytes of a name that are kept; those that matter are shorter."""
LARGEST = 1 << 20
"""Bytes of a request. The window is told that the server takes no more."""


class Top:
    """A window of ours on the root: its size as it was asked for, and as the server told us
    (``told``: all the time).
    """

    __slots__ = ("border", "mapped", "override", "shown", "size", "told", "true_size")

    def __init__(self, size: tuple[int, int], border: int, *, override: bool, told: bool) -> None:
        self.size = self.true_size = size
        self.border, self.override, self.told = border, override, told
        self.mapped = self.shown = False


class Known:
    """All of it public to ``decoder``, which sets ``tops`` from what goes up. ``acted`` and
    ``lost``: when the person last used a key or a button here, and when the keyboard last came or
    went.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.set_up = self.big = False
        self._base, self._mask = 1, 0
        self.roots: set[int] = set()
        self._maps: set[int] = set()
        self._frames: set[int] = set()
        self.extensions: dict[int, dict[int, Row]] = {}
        self.atoms = dict(PREDEFINED)
        self.tops: dict[int, Top] = {}
        self.asked: dict[int, set[int]] = {}
        self.method: set[int] = set()
        self.since = self.acted = self.lost = float("-inf")
        self.focused = self.met = self.nobody = False

    def setup(self, said: bytearray, now: float) -> None:
        """Learn from the server's greeting, which came at ``now`` (seconds); it may refuse us."""
        self.since = now
        self.set_up = said[0] == 1
        if not self.set_up:
            return
        self._base, self._mask, vendor, screens, formats = struct.unpack_from(
            "<II4xH2xBB", said, 12
        )
        at = 40 + (vendor + 3 & ~3) + 8 * formats
        for _ in range(screens):
            root, colours = struct.unpack_from("<II", said, at)
            self.roots.add(root)
            self._maps.add(colours)
            depths, at = said[at + 39], at + 40
            for _ in range(depths):
                at += 8 + 24 * int.from_bytes(said[at + 2 : at + 4], "little")

    def kind(self, number: int) -> int:
        """Whose the resource is: OWN, NONE, ROOT, FRAME, MAP, or 0 for a stranger's."""
        if number & ~self._mask == self._base:
            return OWN
        if number in self.roots:
            return ROOT
        if number in self._frames:
            return FRAME
        return MAP if number in self._maps else NONE if number == 0 else 0

    def name(self, atom: int) -> str:
        """The name of an atom; empty if the window has not asked for it."""
        return self.atoms.get(atom, "")

    def may_be_heard(self, m: bytes) -> bool:
        """Whether the window may hear of an event.
        A desktop's words change with all that people do there (PropertyNotify).
        """
        window, name = struct.unpack_from("<II", m, 4)
        heard = self.table.root_properties
        return m[0] & 0x7F != 28 or window not in self.roots or self.name(name) in heard

    def event(self, m: bytes, now: float) -> None:
        """Learn from an event (32 bytes), which came at ``now`` (seconds)."""
        code, real = m[0] & 0x7F, not m[0] & 0x80
        second, third = struct.unpack_from("<II", m, 8)
        # ClientMessage: another program sends it, an input method's server among them.
        if code == 33:
            if (
                self.name(second) == "_XIM_XCONNECT"
                and len(self.method) < MOST
                and not self.kind(third)
            ):
                self.method.add(third)
        elif not real:
            return
        # Keys and buttons; dragging with a button down.
        elif code in (2, 3, 4, 5) or (code == 6 and m[29] & 0x1F):
            self.acted = now
        # FocusIn, FocusOut; not of the pointer, nor inwards.
        elif code in (9, 10) and m[1] < 5 and (code == 9 or m[1] != 2):
            self.focused, self.met = code == 9, True
            self.lost = now
        elif code == 30:  # SelectionRequest
            self._learn_asked(m)
        elif (
            code == 21
            and self.kind(second) == OWN
            and not self.kind(third)
            and len(self._frames) < MOST
        ):
            self._frames.add(third)  # ReparentNotify
        elif (top := self.tops.get(second)) is not None:
            self._shown(code, second, top, m)

    def _shown(self, code: int, window: int, top: Top, m: bytes) -> None:
        if code == 17:
            del self.tops[window]
        elif code in (18, 19):
            top.shown = code == 19
        elif code == 22:
            top.true_size = struct.unpack_from("<HH", m, 20)

    def _learn_asked(self, m: bytes) -> None:
        requestor, selection, target, wanted = struct.unpack_from("<4I", m, 12)
        # Asked by itself, it could write whatever it likes onto its own windows.
        if self.kind(requestor) == OWN:
            return
        while len(self.asked) >= ASKING:
            del self.asked[next(iter(self.asked))]
        self.asked.setdefault(requestor, set()).add(wanted or target)
        self._learn_names((selection, target, wanted))

    def _learn_names(self, atoms: Iterable[int]) -> None:
        for atom in atoms:
            if len(self.atoms) < 2 * MOST:
                self.atoms.setdefault(atom, "")

    def answer(self, name: str, m: bytes, kept: object) -> bytes:
        """Learn from an answer, by the row's name for it; what of it goes on.
        ``kept`` is what the row's rule returned.
        """
        return bytes(getattr(self, f"_{name}")(bytearray(m), kept))

    def _tree(self, m: bytearray, kept: object) -> bytearray:
        if kept == "nothing":
            m[12:] = bytes(len(m) - 12)
        parent, count = struct.unpack_from("<IH", m, 12)
        if parent and not self.kind(parent) and len(self._frames) < MOST:
            self._frames.add(parent)
        ours = [
            child
            for child in struct.unpack_from(f"<{count}I", m, 32)
            if self.kind(child) & (OWN | FRAME)
        ]
        struct.pack_into("<I", m, 4, len(ours))
        struct.pack_into("<H", m, 16, len(ours))
        return m[:32] + struct.pack(f"<{len(ours)}I", *ours)

    def _child(self, m: bytearray, _: object) -> bytearray:
        if not self.kind(word(m, 8)) & (OWN | FRAME):
            m[8:12] = bytes(4)
        return m

    def _focus(self, m: bytearray, _: object) -> bytearray:
        has = word(m, 8)
        self.nobody = has < 2
        if not self.nobody and self.kind(has) != OWN:
            m[8:12] = bytes(4)
        return m

    def _atom(self, m: bytearray, kept: object) -> bytearray:
        if atom := word(m, 8):
            self.atoms[atom] = str(kept)
        return m

    def _property(self, m: bytearray, kept: object) -> bytearray:
        kind, _, count = struct.unpack_from("<III", m, 8)
        if kept == "absent":
            return m[:1] + b"\0" + m[2:4] + bytes(28)
        self._learn_names((kind,))
        if kept == "methods" and m[1] == 32:  # the names of input methods' servers, as numbers
            for atom in struct.unpack_from(f"<{min(count, 64)}I", m, 32):
                self.atoms.setdefault(atom, METHOD)
        # MULTIPLE: pairs of a target and a property.
        if isinstance(kept, int) and kept in self.asked and m[1] == 32:
            pairs = struct.unpack_from(f"<{min(count, 64)}I", m, 32)
            self.asked[kept].update(pairs[1::2])
            self._learn_names(pairs)
        return m

    def _owner(self, m: bytearray, _: object) -> bytearray:
        if not self.kind(word(m, 8)) and len(self.method) < MOST:
            self.method.add(word(m, 8))
        return m

    def _holder(self, m: bytearray, kept: object) -> bytearray:
        """Of what was copied: it or somebody, an unknown one. Of all else but a method: nobody."""
        if str(kept).startswith(METHOD):
            return self._owner(m, kept)
        if self.kind(word(m, 8)) != OWN:
            struct.pack_into("<I", m, 8, min(self.roots) if kept in COPIED else 0)
        return m

    def _extension(self, m: bytearray, kept: object) -> bytearray:
        rows = self.table.extensions.get(kept) if isinstance(kept, bytes) else None
        if rows is None:
            m[8:12] = bytes(4)
        elif m[8]:
            self.extensions[m[9]] = rows
        return m

    def _refused(self, m: bytearray, kept: object) -> bytearray:
        # To a grab: somebody else has one. Of the pointer: on no screen that there is. A name: "".
        return m if kept is not False else m[:1] + b"\1" + m[2:4] + bytes(28)

    def _big(self, m: bytearray, _: object) -> bytearray:
        self.big = True
        struct.pack_into("<I", m, 8, min(word(m, 8), LARGEST // 4))
        return m


def word(data: bytes | bytearray, offset: int) -> int:
    """32 bits. Raises struct.error where the data ends."""
    return int(struct.unpack_from("<I", data, offset)[0])


def value(r: bytes, offset: int, mask: int, bit: int) -> int:
    """The value of ``bit`` in the list that follows the ``mask`` at ``offset``, or 0."""
    return word(r, offset + 4 + 4 * (mask & (bit - 1)).bit_count()) if mask & bit else 0
