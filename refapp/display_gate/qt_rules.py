"""What is looked at in a request of a window made with Qt, where that differs from Tk's. Pure.

Owns what Qt does of itself and nothing may come of; the rest is ``rules``.
"""

from __future__ import annotations

import struct

from refapp.display_gate.known import word
from refapp.display_gate.qt_table import EVENTS_OF_THE_ROOT, LEFT_OUT, QT
from refapp.display_gate.rules import Rules
from refapp.display_gate.table import OWN

_TO_THE_MANAGER = 0x120000  # StructureNotify and SubstructureRedirect, as Qt has it


class QtRules(Rules):
    """Those of one connection of Qt's."""

    table = QT

    def _change_window(self, r: bytes) -> bool | None:
        asked = r[4:] == struct.pack("<III", word(r, 4), 1 << 11, EVENTS_OF_THE_ROOT)
        if asked and word(r, 4) in self._known.roots:
            return False
        return super()._change_window(r)

    def _change_property(self, r: bytes) -> bool:
        window, number = struct.unpack_from("<II", r, 4)
        if self._known.kind(window) == OWN and self._known.name(number) in LEFT_OUT:
            return False
        return super()._change_property(r)

    def _own_atom(self, r: bytes) -> bool:
        return word(r, 4) in self._known.atoms

    def _ask_owner(self, r: bytes) -> str:
        return self._known.name(word(r, 4))

    def _send_event(self, r: bytes) -> bool | None:
        known = self._known
        to, mask, code, window, kind = struct.unpack_from("<IIB3xII", r, 4)
        name, data = known.name(kind), struct.unpack_from("<3I", r, 24)
        if code == 33 and known.kind(window) == OWN:
            to_the_manager = to in known.roots and mask == _TO_THE_MANAGER
            if name == "_NET_WM_STATE" and to_the_manager:
                return {known.name(atom) for atom in data[1:] if atom} <= QT.states
            if name == "WM_CHANGE_STATE" and to_the_manager:
                return True
            # How it ends its own thread. Each program of Qt's that hears it does: no other may.
            if name == "_QT_CLOSE_CONNECTION" and to == window and not (mask or r[1]):
                return True
        return super()._send_event(r)
