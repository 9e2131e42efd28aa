"""What is looked at in a request besides its row's offsets, and what is decided of it. Pure.

Owns the rules that rows name (``_NAME`` for ``rule="NAME"``): each returns False where nothing may
come of the request, what is to be kept for the answer, or None; and what a window may do only while
the person works in it. Raises ``ForbiddenRequest``, and ``struct.error`` where a request is cut
short.
"""

from __future__ import annotations

import struct

from refapp.display_gate.known import COPIED, LONGEST, METHOD, MOST, Known, Top, value, word
from refapp.display_gate.table import (
    FIXED,
    FRAME,
    NEVER,
    NONE,
    OWN,
    PREDEFINED_LAST,
    ROOT,
    TK,
    TYPES,
    Row,
)

MOMENT_S = 2.0
"""How long what the person did is just now, and a menu may stay up without the keyboard."""
START_S = 5.0
"""Within it, a window that comes up where nobody has the keyboard may take it."""
_KEYMAP_STATE, _STRUCTURE, _PROPERTY_CHANGE = 1 << 14, 1 << 17, 1 << 22
_EVENT_MASK, _OVERRIDE = 1 << 11, 1 << 9
_TO_THE_MANAGER = 0x180000  # SubstructureNotify and SubstructureRedirect, as ICCCM has it

Asked = tuple[str, object]
"""The row's name for the answer (empty: none, or it passes), and what is kept for it: False if
another request goes up instead.
"""


class ForbiddenRequest(Exception):
    """The window asked for what it must never do; ``str`` says what, for people."""


class Rules:
    """Those of one connection, decided by what is ``known`` of it. Another toolkit has its own."""

    table = TK

    def __init__(self, known: Known) -> None:
        self._known = known
        self._now = 0.0

    @property
    def on_top(self) -> bool:
        """Whether a window of ours lies over others: then ``look`` is called now and then."""
        return any(top.override and top.mapped for top in self._known.tops.values())

    def look(self, now: float) -> None:
        """Raises Forbidden if a window still lies over others though the person works elsewhere."""
        known = self._known
        if self.on_top and not known.focused and now - max(known.lost, known.acted) > MOMENT_S:
            raise ForbiddenRequest("a window over others while it has no focus")

    def decide(self, r: bytes, now: float) -> Asked | None:
        """None: NoOperation goes up instead. The long length of BIG-REQUESTS is taken out."""
        self._now = now
        rows = self.table.core if r[0] < 128 else self._known.extensions.get(r[0], {})
        row = rows.get(r[0] if r[0] < 128 else r[1])
        if row is None:
            number = f"request {r[0]}" if r[0] < 128 else f"request {r[0]}.{r[1]}"
            raise ForbiddenRequest(NEVER.get(r[0], number))
        for offset, whose in row.whose:
            self._whose(r, offset, whose, row)
        if row.mask is not None:
            offset, width, by_bit = row.mask
            mask = int.from_bytes(r[offset : offset + width], "little")
            for bit, whose in by_bit.items():
                if mask >> bit & 1:
                    self._whose(r, offset + 4 + 4 * (mask & (1 << bit) - 1).bit_count(), whose, row)
        if row.each is not None:
            for place in range(row.each[0], len(r), row.each[1]):
                self._whose(r, place, OWN, row)
        kept = getattr(self, f"_{row.rule}")(r) if row.rule else False if row.instead else None
        return None if kept is False and not row.answer else (row.answer, kept)

    def _whose(self, r: bytes, offset: int, whose: int, row: Row) -> None:
        number = word(r, offset)
        if not (self._known.kind(number) & whose or (number < 2 and whose & FIXED)):
            raise ForbiddenRequest(f"{row.name} on what is not its own")

    def _just_acted(self) -> bool:
        return self._now - self._known.acted <= MOMENT_S

    def _create_window(self, r: bytes) -> None:
        number, parent, width, height, border, mask = struct.unpack_from("<II4xHHH6xI", r, 4)
        self._only_events(r, 28, mask, ~_KEYMAP_STATE)
        if parent in self._known.roots:
            _bound(self._known.tops)
            override = value(r, 28, mask, _OVERRIDE)
            told = value(r, 28, mask, _EVENT_MASK) & _STRUCTURE
            top = Top((width, height), border, override=bool(override), told=bool(told))
            self._known.tops[number] = top

    def _change_window(self, r: bytes) -> bool | None:
        window, mask = struct.unpack_from("<II", r, 4)
        kind = self._known.kind(window)
        if kind == OWN:
            self._only_events(r, 8, mask, ~_KEYMAP_STATE)
            top = self._known.tops.get(window)
            if top is not None and mask & _EVENT_MASK:
                top.told = top.told and bool(value(r, 8, mask, _EVENT_MASK) & _STRUCTURE)
            if top is not None and mask & _OVERRIDE:
                top.override = bool(value(r, 8, mask, _OVERRIDE))
                self._check_size(top)
        elif mask == _EVENT_MASK and kind == ROOT:
            # The theme and the input method may change.
            self._only_events(r, 8, mask, _PROPERTY_CHANGE)
        elif mask == _EVENT_MASK and (window in self._known.asked or window in self._known.method):
            # Pieces are fetched; the method may end.
            self._only_events(r, 8, mask, _PROPERTY_CHANGE | _STRUCTURE)
        else:
            raise ForbiddenRequest("ChangeWindowAttributes on what is not its own")
        return None

    def _only_events(self, r: bytes, offset: int, mask: int, allowed: int) -> None:
        if value(r, offset, mask, _EVENT_MASK) & ~allowed:
            raise ForbiddenRequest("events that tell of others' keys or windows")

    def _reparent(self, r: bytes) -> None:
        self._known.tops.pop(word(r, 4), None)

    def _map(self, r: bytes) -> bool:
        top = self._known.tops.get(word(r, 4))
        if top is not None:
            if top.override and not (self._known.focused or self._just_acted()):
                return False
            top.mapped = True
            self._check_size(top)
        return True

    def _unmap(self, r: bytes) -> None:
        if (top := self._known.tops.get(word(r, 4))) is not None:
            top.mapped = False

    def _configure(self, r: bytes) -> None:
        window, mask = struct.unpack_from("<IH", r, 4)
        top = self._known.tops.get(window)
        if top is not None:
            sizes = (value(r, 8, mask, bit) if mask & bit else -1 for bit in (4, 8, 16))
            across, down, border = sizes
            top.size = (top.size[0] if across < 0 else across, top.size[1] if down < 0 else down)
            top.border = top.border if border < 0 else border
            self._check_size(top)

    def _check_size(self, top: Top) -> None:
        """A menu is no larger than a window of ours that a window manager shows."""
        if top.override and top.mapped:
            across, down = (length + 2 * top.border for length in top.size)
            shown = [
                t.true_size
                for t in self._known.tops.values()
                if t.shown and t.told and not t.override
            ]
            if not any(across <= width and down <= height for width, height in shown):
                raise ForbiddenRequest("a window over others that is larger than its own")

    def _ask_tree(self, r: bytes) -> object:
        window = word(r, 4)
        if self._known.kind(window) & (OWN | ROOT | FRAME):
            return None
        # Tk asks, and needs no answer, when its program has fetched a piece.
        if window in self._known.asked:
            return "nothing"
        raise ForbiddenRequest("QueryTree on what is not its own")

    def _intern(self, r: bytes) -> str:
        _bound(self._known.atoms)
        [size] = struct.unpack_from("<H", r, 4)
        return r[8 : 8 + min(size, LONGEST)].decode("latin-1")

    def _known_atom(self, r: bytes) -> None:
        if word(r, 4) not in self._known.atoms:
            raise ForbiddenRequest("names of others")

    def _change_property(self, r: bytes) -> bool:
        window, number, kind, width, count = struct.unpack_from("<IIIB3xI", r, 4)
        name = self._known.name(number)
        if kind > PREDEFINED_LAST and kind not in self._known.atoms:  # read back, it is a known one
            raise ForbiddenRequest("names of others")
        if window in self._known.roots and name in self.table.seem_absent:
            return False
        if number in self._known.asked.get(window, ()):
            return True
        if window in self._known.method and name.startswith(("_XIM_", "_client")):
            return True
        if self._known.kind(window) != OWN or name not in self.table.properties:
            raise ForbiddenRequest(f"to set the property {name or number}")
        values = struct.unpack_from(f"<{min(count, 9)}I", r, 24) if width == 32 else ()
        allowed = {"_NET_WM_STATE": self.table.states, "_NET_WM_WINDOW_TYPE": TYPES}.get(name)
        if allowed is not None and (
            width != 32 or count > 9 or any(self._known.name(v) not in allowed for v in values)
        ):
            raise ForbiddenRequest("a place in front of other windows")
        in_hints = values if r[1] else values[3:5] + values[7:9]  # appended, they stand anywhere
        windows = {"WM_TRANSIENT_FOR": values, "WM_HINTS": in_hints}.get(name)
        if windows is not None and (
            width != 32 or any(not self._known.kind(v) & (OWN | NONE | ROOT) for v in windows)
        ):
            raise ForbiddenRequest(f"to set the property {name} to a window that is not its own")
        return True

    def _get_property(self, r: bytes) -> object:
        window, number = struct.unpack_from("<II", r, 4)
        name, delete = self._known.name(number), r[1]
        if self._known.kind(window) == OWN:
            return None
        if window in self._known.roots and not delete and name in self.table.seem_absent:
            return "absent"
        if window in self._known.roots and not delete and name in self.table.root_properties:
            return "methods" if name == "XIM_SERVERS" else None
        if number in self._known.asked.get(window, ()):
            return window
        raise ForbiddenRequest(
            f"to read the property {name or number} of a window that is not its own"
        )

    def _own_selection(self, r: bytes) -> bool:
        if self._known.name(word(r, 8)) not in COPIED:
            raise ForbiddenRequest("to own another selection than what is copied")
        return self._just_acted()

    def _ask_owner(self, r: bytes) -> object:
        if not self._known.name(word(r, 4)).startswith(METHOD):
            raise ForbiddenRequest("who has copied something")
        return None

    def _paste(self, r: bytes) -> bool:
        name = self._known.name(word(r, 8))
        if name in COPIED:
            return self._just_acted()
        if not name.startswith(METHOD):
            raise ForbiddenRequest("another selection than what is copied")
        return True

    def _send_event(self, r: bytes) -> bool | None:
        known = self._known
        to, mask, code, window, kind = struct.unpack_from("<IIB3xII", r, 4)
        name, data = known.name(kind), struct.unpack_from("<3I", r, 24)
        alone = not (mask or r[1])  # to whose window it is: neither who listens there nor beyond it
        if code == 31:  # SelectionNotify: the requestor stands where others have a type
            allowed = alone and to in known.asked and kind == to
        elif to in known.method:
            allowed = alone and code == 33 and name.startswith("_XIM_")
        elif to not in known.roots or mask != _TO_THE_MANAGER:
            allowed = False
        elif code == 18:  # UnmapNotify: withdrawn
            allowed = known.kind(kind) == OWN
        elif name == "WM_PROTOCOLS":
            allowed = (
                code == 33 and known.name(data[0]) == "_NET_WM_PING" and known.kind(data[2]) == OWN
            )
        else:
            states = (
                name == "_NET_WM_STATE"
                and {known.name(atom) for atom in data[1:] if atom} <= self.table.states
            )
            allowed = (
                code == 33 and known.kind(window) == OWN and (name == "WM_CHANGE_STATE" or states)
            )
        if not allowed:
            raise ForbiddenRequest("to send an event to others")
        return None

    def _focus(self, r: bytes) -> bool:
        if word(r, 4) < 2:  # Tk gives back, as the pointer leaves, what only the pointer gave it
            return False
        if self._known.focused or self._just_acted():
            return True
        # Where there is no window manager nobody else gives it the keyboard: once, at its start.
        first = (
            not self._known.met and self._known.nobody and self._now - self._known.since <= START_S
        )
        self._known.met = True
        return first

    def _ask_extension(self, r: bytes) -> bytes:
        [size] = struct.unpack_from("<H", r, 4)
        return r[8 : 8 + min(size, LONGEST)]

    def _keyboard_events(self, r: bytes) -> None:
        """NewKeyboardNotify and MapNotify: another layout. Others tell which keys are down."""
        which, _, everything = struct.unpack_from("<HHH", r, 6)
        if (which | everything) & ~0b11:
            raise ForbiddenRequest("events that tell of others' keys or windows")


def _bound(kept: dict[int, str] | dict[int, Top]) -> None:
    if len(kept) >= MOST:
        raise ForbiddenRequest("too many names or windows")
