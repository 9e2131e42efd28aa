"""What a window may ask of the X server: one row a request, with the reason why it may (DG-1).
What has no row ends the window. These are Tk's rows; ``qt_table`` says what Qt needs beyond.

Owns the table, as data. A row says at which offset stands a resource, and whose it may be; ``rule``
and ``answer`` name what the decoder has to look at besides. Offsets are those of the X protocol
(appendix B of the core; the extensions' own documents); the tests compare them with xcb-proto's
description. GetImage has no row: so no pixel that got into a pixmap by any trick can be read.
"""

from __future__ import annotations

OWN, NONE, ROOT, FRAME, MAP, FIXED = 1, 2, 4, 8, 16, 32
"""Whose a resource is: the window's own; none (0); a root window; a frame that a window manager put
around an own window; a screen's default colormap; 0 or 1, which are constants in some places
(ParentRelative, CopyFromParent, PointerRoot).
"""
HERE = OWN | ROOT


class Row:
    """``whose``: offset -> who may own it.
      ``mask``: offset and size of a value mask, and who may own the values by bit.
    ``each``: where a list of resources starts, and how many bytes apart they are.
      ``instead``: never passed on, replaced; by one that has an answer, if it has one.
    """

    __slots__ = ("answer", "each", "instead", "mask", "name", "rule", "whose")

    def __init__(
        self,
        name: str,
        whose: dict[int, int] | None = None,
        *,
        mask: tuple[int, int, dict[int, int]] | None = None,
        each: tuple[int, int] | None = None,
        rule: str = "",
        answer: str = "",
        instead: bool = False,
    ) -> None:
        self.name, self.whose, self.mask, self.each = name, tuple((whose or {}).items()), mask, each
        self.rule, self.answer, self.instead = rule, answer, instead


_WINDOW = {0: OWN | FIXED, 2: OWN | NONE, 13: OWN | MAP | NONE, 14: OWN | NONE}
_GC = {10: OWN, 11: OWN, 14: OWN, 19: OWN | NONE}
_PICTURE = {1: OWN | NONE, 6: OWN | NONE}
_DRAW = {4: OWN, 8: OWN}

CORE = {
    # Its own windows. Those on the root are the window manager's to place;
    # what evades it has rules of its own.
    1: Row("CreateWindow", {4: OWN, 8: HERE}, mask=(28, 4, _WINDOW), rule="create_window"),
    2: Row("ChangeWindowAttributes", mask=(8, 4, _WINDOW), rule="change_window"),
    3: Row("GetWindowAttributes", {4: HERE | FRAME}),
    4: Row("DestroyWindow", {4: OWN}, rule="unmap"),
    7: Row(
        "ReparentWindow", {4: OWN, 8: OWN}, rule="reparent"
    ),  # Tk puts each window into a wrapper; never onto the root
    8: Row("MapWindow", {4: OWN}, rule="map"),
    10: Row("UnmapWindow", {4: OWN}, rule="unmap"),
    12: Row("ConfigureWindow", {4: OWN}, mask=(8, 2, {5: OWN | FRAME | NONE}), rule="configure"),
    14: Row("GetGeometry", {4: HERE | FRAME}),
    15: Row(
        "QueryTree", rule="ask_tree", answer="tree"
    ),  # how a frame is found; others' windows are left out
    # Words, and what is said about its own windows.
    16: Row("InternAtom", rule="intern", answer="atom"),
    17: Row(
        "GetAtomName", rule="known_atom"
    ),  # of what it asked for itself, and of what it is asked to copy as
    18: Row("ChangeProperty", rule="change_property"),
    19: Row("DeleteProperty", {4: OWN}),
    20: Row("GetProperty", rule="get_property", answer="property"),
    # Copy and paste (DG-4), input methods.
    22: Row("SetSelectionOwner", {4: OWN | NONE}, rule="own_selection"),
    23: Row("GetSelectionOwner", rule="ask_owner", answer="owner"),
    24: Row("ConvertSelection", {4: OWN}, rule="paste"),
    25: Row("SendEvent", rule="send_event"),
    # Tk takes the server for itself while it registers for `send`, and before it moves the focus.
    # It gets along without.
    36: Row("GrabServer", instead=True),
    37: Row("UngrabServer", instead=True),
    42: Row("SetInputFocus", {4: OWN | FIXED}, rule="focus"),
    43: Row(
        "GetInputFocus", answer="focus"
    ),  # how Xlib waits for the server; who else has the focus is left out
    # Fonts of the server: for cursors, where Tk looks for "fixed", and for input methods.
    45: Row("OpenFont", {4: OWN}),
    46: Row("CloseFont", {4: OWN}),
    47: Row("QueryFont", {4: OWN}),
    49: Row(
        "ListFonts"
    ),  # this and the next for what an input method shows while something is being composed
    50: Row("ListFontsWithInfo"),
    # Drawing, all that Tk's widgets may do of it: only on what is its own, only from what is its
    # own. Never from the root, which shows everything.
    53: Row("CreatePixmap", {4: OWN, 8: HERE}),
    54: Row("FreePixmap", {4: OWN}),
    55: Row("CreateGC", {4: OWN, 8: HERE}, mask=(12, 4, _GC)),
    56: Row("ChangeGC", {4: OWN}, mask=(8, 4, _GC)),
    58: Row("SetDashes", {4: OWN}),
    59: Row("SetClipRectangles", {4: OWN}),
    60: Row("FreeGC", {4: OWN}),
    61: Row("ClearArea", {4: OWN}),
    62: Row("CopyArea", {4: OWN, 8: OWN, 12: OWN}),
    63: Row("CopyPlane", {4: OWN, 8: OWN, 12: OWN}),
    64: Row("PolyPoint", _DRAW),
    65: Row("PolyLine", _DRAW),
    66: Row("PolySegment", _DRAW),
    67: Row("PolyRectangle", _DRAW),
    68: Row("PolyArc", _DRAW),
    69: Row("FillPoly", _DRAW),
    70: Row("PolyFillRectangle", _DRAW),
    71: Row("PolyFillArc", _DRAW),
    72: Row("PutImage", _DRAW),
    84: Row("AllocColor", {4: OWN | MAP}),
    85: Row("AllocNamedColor", {4: OWN | MAP}),
    88: Row("FreeColors", {4: OWN | MAP}),
    91: Row("QueryColors", {4: OWN | MAP}),
    93: Row("CreateCursor", {4: OWN, 8: OWN, 12: OWN | NONE}),
    94: Row(
        "CreateGlyphCursor", {4: OWN, 8: OWN, 12: OWN | NONE}
    ),  # where no theme of cursors is installed
    95: Row("FreeCursor", {4: OWN}),
    # Asked of it are where a menu stands; whose window else is there is left out.
    40: Row("TranslateCoordinates", {4: HERE | FRAME, 8: HERE | FRAME}, answer="child"),
    98: Row(
        "QueryExtension", rule="ask_extension", answer="extension"
    ),  # others than these seem absent
    101: Row("GetKeyboardMapping"),
    119: Row("GetModifierMapping"),
    127: Row("NoOperation"),
}

EXTENSIONS = {
    b"BIG-REQUESTS": {0: Row("Enable", answer="big")},
    b"XC-MISC": {
        0: Row("GetVersion"),
        1: Row("GetXIDRange"),
        2: Row("GetXIDList"),
    },  # numbers, once the first ran out
    # the keys' layout; which of them are down elsewhere has no row (GetState), and no event
    b"XKEYBOARD": {
        0: Row("UseExtension"),
        1: Row("SelectEvents", rule="keyboard_events"),
        8: Row("GetMap"),
    },
    b"RENDER": {  # text in any script, smooth
        0: Row("QueryVersion"),
        1: Row("QueryPictFormats"),
        4: Row("CreatePicture", {4: OWN, 8: OWN}, mask=(16, 4, _PICTURE)),
        5: Row("ChangePicture", {4: OWN}, mask=(8, 4, _PICTURE)),
        6: Row("SetPictureClipRectangles", {4: OWN}),
        7: Row("FreePicture", {4: OWN}),
        8: Row("Composite", {8: OWN, 12: OWN | NONE, 16: OWN}),
        17: Row("CreateGlyphSet", {4: OWN}),
        19: Row("FreeGlyphSet", {4: OWN}),
        20: Row("AddGlyphs", {4: OWN}),
        22: Row("FreeGlyphs", {4: OWN}),
        23: Row("CompositeGlyphs8", {8: OWN, 12: OWN, 20: OWN}),
        24: Row("CompositeGlyphs16", {8: OWN, 12: OWN, 20: OWN}),
        25: Row("CompositeGlyphs32", {8: OWN, 12: OWN, 20: OWN}),
        27: Row("CreateCursor", {4: OWN, 8: OWN}),
        31: Row("CreateAnimCursor", {4: OWN}, each=(8, 8)),
        33: Row("CreateSolidFill", {4: OWN}),
    },
    b"XFIXES": {
        0: Row("QueryVersion"),
        23: Row("SetCursorName", {4: OWN}),
    },  # 4 would read a cursor's pixels back
}

NEVER = {
    26: "GrabPointer", 28: "GrabButton", 31: "GrabKeyboard", 33: "GrabKey", 44: "QueryKeymap",
    38: "QueryPointer", 39: "GetMotionEvents", 41: "WarpPointer", 51: "SetFontPath", 73: "GetImage",
    100: "ChangeKeyboardMapping", 102: "ChangeKeyboardControl", 105: "ChangePointerControl",
    107: "SetScreenSaver", 109: "ChangeHosts", 111: "SetAccessControl", 112: "SetCloseDownMode",
    113: "KillClient", 115: "ForceScreenSaver", 116: "SetPointerMapping", 118: "SetModifierMapping",
}  # fmt: skip
"""Named only for the sentence in which the window's end is told."""

PROPERTIES = frozenset({
    "WM_NAME", "WM_ICON_NAME", "WM_CLASS", "WM_HINTS", "WM_NORMAL_HINTS", "WM_CLIENT_MACHINE",
    "WM_COMMAND", "WM_TRANSIENT_FOR", "WM_PROTOCOLS", "WM_COLORMAP_WINDOWS", "_NET_WM_NAME",
    "_NET_WM_ICON_NAME", "_NET_WM_ICON", "_NET_WM_PID", "_NET_WM_STATE", "_NET_WM_WINDOW_TYPE",
    "TK_APPLICATION",
})  # fmt: skip
"""What it may say about its own windows.
No place in front of all others, no struts, no look without a frame.
"""
STATES = frozenset(
    {"_NET_WM_STATE_MAXIMIZED_VERT", "_NET_WM_STATE_MAXIMIZED_HORZ", "_NET_WM_STATE_MODAL"}
)
TYPES = frozenset({
    "_NET_WM_WINDOW_TYPE_NORMAL", "_NET_WM_WINDOW_TYPE_DIALOG", "_NET_WM_WINDOW_TYPE_POPUP_MENU",
    "_NET_WM_WINDOW_TYPE_DROPDOWN_MENU", "_NET_WM_WINDOW_TYPE_COMBO", "_NET_WM_WINDOW_TYPE_TOOLTIP",
})  # fmt: skip
ROOT_PROPERTIES = frozenset(
    {"RESOURCE_MANAGER", "XIM_SERVERS", "_NET_SUPPORTED", "_NET_SUPPORTING_WM_CHECK"}
)
"""What a desktop tells every program.
Others of the root name windows and what people do in them.
"""
SEEM_ABSENT = frozenset({"InterpRegistry"})
"""Tk's list of programs that take commands (`send`):
the window reads none of it and is not in it.
"""
PREDEFINED = {
    1: "PRIMARY", 23: "RESOURCE_MANAGER", 34: "WM_COMMAND", 35: "WM_HINTS", 36: "WM_CLIENT_MACHINE",
    37: "WM_ICON_NAME", 39: "WM_NAME", 40: "WM_NORMAL_HINTS", 67: "WM_CLASS",
    68: "WM_TRANSIENT_FOR",
}  # fmt: skip
PREDEFINED_LAST = 68


class Table:
    """All that a toolkit's windows may ask for."""

    __slots__ = ("core", "extensions", "properties", "root_properties", "seem_absent", "states")

    def __init__(
        self,
        core: dict[int, Row],
        extensions: dict[bytes, dict[int, Row]],
        properties: frozenset[str],
        root_properties: frozenset[str],
        seem_absent: frozenset[str],
        states: frozenset[str],
    ) -> None:
        self.core, self.extensions, self.properties = core, extensions, properties
        self.root_properties, self.seem_absent = root_properties, seem_absent
        self.states = states


TK = Table(CORE, EXTENSIONS, PROPERTIES, ROOT_PROPERTIES, SEEM_ABSENT, STATES)
