"""What windows made with Qt ask of the X server beyond Tk's rows, and what seems absent to them.

Owns the second table, as data. Qt makes do with little: without the extensions that have no rows
here, and with what is refused. So nothing that Tk's table keeps from a window gets through by this
one.
"""

from __future__ import annotations

from refapp.display_gate.table import (
    CORE,
    EXTENSIONS,
    HERE,
    OWN,
    PROPERTIES,
    SEEM_ABSENT,
    STATES,
    Row,
    Table,
)

_CORE = {
    # Before a menu comes up. Refused, it takes the keys that the window has.
    31: Row("GrabKeyboard", answer="refused", instead=True),
    # Once at its start, and before a menu. It goes on with the places that its events tell.
    38: Row("QueryPointer", answer="refused", instead=True),
    # All kinds as which something can be pasted. What it has not asked for itself has no name.
    17: Row("GetAtomName", rule="own_atom", answer="refused"),
    # Whether what was copied is its own. Anybody else's seems to be the root's.
    23: Row("GetSelectionOwner", rule="ask_owner", answer="holder"),
    # Each of its windows has one.
    78: Row("CreateColormap", {4: OWN, 8: HERE}),
    79: Row("FreeColormap", {4: OWN}),
}
_EXTENSIONS = (b"BIG-REQUESTS", b"XC-MISC", b"RENDER")
"""Of Tk's. Without XKEYBOARD it reads the layout as the core has it: it would ask which keys are
down. Without XFIXES it does not hear when somebody copies.
"""
_SEEM_ABSENT = frozenset(
    {"_NET_SUPPORTED", "_NET_SUPPORTING_WM_CHECK", "_NET_WORKAREA", "_ICC_PROFILE"}
)
"""It would read the window manager's own window, and send it orders that no other program's window
may; the other two tell of the screen, and it takes the whole of that.
"""
LEFT_OUT = frozenset({
    "_NET_WM_USER_TIME", "_NET_WM_WINDOW_TYPE", "_MOTIF_WM_HINTS", "WM_CLIENT_LEADER", "XdndAware",
    "_XEMBED_INFO", "_KDE_NET_WM_DESKTOP_FILE", "_GTK_APPLICATION_ID",
})  # fmt: skip
"""What it says about its own windows, and nobody hears: how new they are, and how they look without
a frame or in front of others; whose they are, and that things can be dropped there.
"""
EVENTS_OF_THE_ROOT = 0x420030
"""Where the pointer comes and goes, among others. It does without all of them."""
QT = Table(
    CORE | _CORE,
    {name: EXTENSIONS[name] for name in _EXTENSIONS},
    PROPERTIES - LEFT_OUT,
    frozenset({"RESOURCE_MANAGER", "XIM_SERVERS"}),
    SEEM_ABSENT | _SEEM_ABSENT,
    STATES | {"_NET_WM_STATE_HIDDEN"},  # minimised, as it was when it was last shown
)
