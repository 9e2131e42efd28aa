"""The display: what a window could do to other programs there.
Requests are written as bytes, past every library.

The control has a connection of its own, with the person's cookie.
A locked window has the one that it was locked with.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable

from refapp.attack.attempt import Attempt, Target, gained, secret
from refapp.attack.attempts.display_wire import VIEWABLE, window_of, wire

PATIENCE_S = 3.0
_SELECTION_NOTIFY = 31
_ANY = 0x8000
_CLIENT_MESSAGE, _KEY_PRESS = 33, 2


def _grab_keyboard(t: Target) -> None:
    x = wire(t)
    gained(x.ask(31, 1, x.known.window, 0, 0x0101)[1] == 0)


def _grab_key(t: Target) -> None:
    x = wire(t)
    x.tell(33, 1, x.known.root, _ANY | 38 << 16, 0x0101)


def _grab_pointer(t: Target) -> None:
    x = wire(t)
    gained(x.ask(26, 1, x.known.window, 4 | 0x0101 << 16, 0, 0, 0)[1] == 0)


def _grab_button(t: Target) -> None:
    x = wire(t)
    x.tell(28, 1, x.known.root, 4 | 0x0101 << 16, 0, 0, 3 | _ANY << 16)


def _keys_down(t: Target) -> None:
    x = wire(t)
    x.ask(44)


def _picture(t: Target) -> None:
    x = wire(t)
    x.ask(73, 2, x.known.root, 0, 8 | 8 << 16, 0xFFFFFFFF)


def _picture_by_copy(t: Target) -> None:
    x = wire(t)
    pixmap, gc = x.new(), x.new()
    x.tell(53, 24, pixmap, x.known.root, 8 | 8 << 16)
    x.tell(55, 0, gc, x.known.root, 1 << 15, 1)
    x.tell(62, 0, x.known.root, pixmap, gc, 0, 0, 8 | 8 << 16)
    x.ask(73, 2, pixmap, 0, 8 | 8 << 16, 0xFFFFFFFF)


def _own_picture(t: Target) -> None:
    """Whatever trick brings pixels into it."""
    x = wire(t)
    pixmap = x.new()
    x.tell(53, 24, pixmap, x.known.root, 8 | 8 << 16)
    x.ask(73, 2, pixmap, 0, 8 | 8 << 16, 0xFFFFFFFF)


def _title(t: Target) -> None:
    x = wire(t)
    secret(x.ask(20, 0, t.stranger, 39, 0, 0, 100))


def _windows(t: Target) -> None:
    x = wire(t)
    on_the_root = x.children(x.known.root)
    gained(
        t.stranger in on_the_root or any(t.stranger in x.children(window) for window in on_the_root)
    )


def _place(t: Target) -> None:
    x = wire(t)
    x.ask(14, 0, t.stranger)


def _root_words(t: Target) -> None:
    x = wire(t)
    x.ask(20, 0, x.known.root, x.atom("_NET_CLIENT_LIST"), 0, 0, 100)


def _events_of_others(t: Target) -> None:
    x = wire(t)
    x.tell(2, 0, t.stranger, 1 << 11, 1)


def _pointer(t: Target) -> None:
    x = wire(t)
    on_screen = struct.unpack_from("<I", x.ask(38, 0, x.known.root), 8)[0]
    gained(on_screen == x.known.root)  # to a window made with Qt it seems to be on none


def _tells_way(t: Target) -> None:
    x = wire(t)
    x.ask(39, 0, x.known.root, 0, 0)


def _tells(opcode: int, data: int = 0, *words: int) -> Callable[[Target], None]:
    """A request about the whole display that the server carries out without an answer."""

    def act(t: Target) -> None:
        x = wire(t)
        x.tell(opcode, data, *words)

    return act


def _buttons(t: Target) -> None:
    x = wire(t)
    now = x.ask(117)
    gained(x.ask(116, now[1], tail=now[32 : 32 + now[1]])[1] == 0)


def _map_keys(t: Target) -> None:
    """The letter a says b on every keyboard here, and a again."""
    x = wire(t)
    [was] = struct.unpack_from("<I", x.ask(101, 0, 38 | 1 << 8), 32)
    x.tell(100, 1, 38 | 1 << 8, 0x62)
    x.tell(100, 1, 38 | 1 << 8, was)


def _map_modifiers(t: Target) -> None:
    x = wire(t)
    now = x.ask(119)
    gained(x.ask(118, now[1], tail=now[32 : 32 + 8 * now[1]])[1] in (0, 1))


def _name_another(t: Target) -> None:
    x = wire(t)
    x.tell(18, 0, t.stranger, x.atom("_REFAPP_ATTACK"), 31, 8, 4, tail=b"mine")


def _focus(t: Target) -> None:
    x = wire(t)
    x.ask(43)  # after this answer it is known on the way, too, that the keyboard is elsewhere
    x.tell(42, 0, x.known.window, 0)
    gained(struct.unpack_from("<I", x.ask(43), 8)[0] == x.known.window)


def _who_copied(t: Target) -> None:
    x = wire(t)
    owner = struct.unpack_from("<I", x.ask(23, 0, x.atom("CLIPBOARD")), 8)[0]
    gained(owner not in (0, x.known.root))  # to one made with Qt, whoever it is seems the root


def _paste(t: Target) -> None:
    x = wire(t)
    into = x.atom("WM_NAME")
    x.tell(24, 0, x.known.window, x.atom("CLIPBOARD"), x.atom("STRING"), into, 0)
    give_up = time.monotonic() + PATIENCE_S
    while not any(event[0] & 0x7F == _SELECTION_NOTIFY for event in x.events):
        gained(time.monotonic() < give_up)
        x.ask(43)
        time.sleep(0.02)
    secret(x.ask(20, 0, x.known.window, into, 0, 0, 100))


def _cover(t: Target, width: int = 30_000, height: int = 30_000) -> None:
    x = wire(t)
    number = x.new()
    x.tell(1, 0, tail=window_of(number, x.known.root, width, height, 1))
    x.tell(8, 0, number)
    gained(x.ask(3, 0, number)[26] == VIEWABLE)


def _cover_while_away(t: Target) -> None:
    """As large as a menu, while another program has the keyboard."""
    _cover(t, 100, 50)


def _in_front(t: Target) -> None:
    x = wire(t)
    x.tell(18, 0, x.known.window, x.atom("_NET_WM_STATE"), 4, 32, 1, x.atom("_NET_WM_STATE_ABOVE"))


def _strut(t: Target) -> None:
    x = wire(t)
    x.tell(18, 0, x.known.window, x.atom("_NET_WM_STRUT"), 6, 32, 4, 0, 0, 30_000, 0)


def _type_elsewhere(t: Target) -> None:
    x = wire(t)
    key = struct.pack(
        "<BBHIIIIhhhhHBx", _KEY_PRESS, 38, 0, 0, x.known.root, t.stranger, 0, 0, 0, 0, 0, 0, 1
    )
    x.tell(25, 1, t.stranger, 1, tail=key)


def _order(t: Target) -> None:
    x = wire(t)
    message = struct.pack(
        "<BBHII20x", _CLIENT_MESSAGE, 32, 0, x.known.window, x.atom("_NET_NOTHING")
    )
    x.tell(25, 0, x.known.root, 0x180000, tail=message)


def _extension(name: str) -> Callable[[Target], None]:
    def act(t: Target) -> None:
        x = wire(t)
        x.major(name)

    return act


# fmt: off
ATTEMPTS = (
    Attempt("keyboard", "have all that is typed, in other programs too", "GrabKeyboard",
            _grab_keyboard),
    Attempt("key", "have one key wherever it is typed", "GrabKey on the root", _grab_key),
    Attempt("keys-down", "see which keys are down", "QueryKeymap", _keys_down),
    Attempt("keys-elsewhere", "hear keys of another program's window", "ChangeWindowAttributes",
            _events_of_others),
    Attempt("pointer", "have the mouse for itself", "GrabPointer", _grab_pointer),
    Attempt("button", "have a button wherever it is pressed", "GrabButton on the root",
            _grab_button),
    Attempt("pointer-place", "see where the mouse is", "QueryPointer", _pointer),
    Attempt("warp", "move the mouse", "WarpPointer", _tells(41, 0, 0, 0, 0, 0, 0)),
    Attempt("picture", "read the screen", "GetImage of the root", _picture),
    Attempt("picture-copied", "read the screen from a copy", "CopyArea from the root, GetImage",
            _picture_by_copy),
    Attempt("picture-own", "read pixels back, whatever brought them", "GetImage of a pixmap",
            _own_picture),
    Attempt("title", "read the title of another program's window", "GetProperty", _title),
    Attempt("windows", "list other programs' windows", "QueryTree of the root", _windows),
    Attempt("place", "see where another program's window is", "GetGeometry", _place),
    Attempt("root-words", "read what the desktop says of windows", "GetProperty of the root",
            _root_words),
    Attempt("focus", "take the keyboard from another program", "SetInputFocus", _focus),
    Attempt("cover", "cover the screen", "override-redirect, 30,000 pixels wide", _cover),
    Attempt("cover-away", "lie over other programs while the person works there",
            "override-redirect", _cover_while_away),
    Attempt("in-front", "stay in front of other windows", "_NET_WM_STATE_ABOVE", _in_front),
    Attempt("strut", "claim a part of the screen", "_NET_WM_STRUT", _strut),
    Attempt("type", "type into another program", "SendEvent", _type_elsewhere),
    Attempt("tell-manager", "give the window manager an order", "ClientMessage to the root",
            _order),
    Attempt("xtest", "press keys for the person", "XTEST", _extension("XTEST")),
    Attempt("record", "listen to all that goes over the display", "RECORD", _extension("RECORD")),
    Attempt("shared-memory", "have a descriptor handed over", "MIT-SHM", _extension("MIT-SHM")),
    Attempt("paste", "read what another program has copied, unasked", "ConvertSelection", _paste),
    Attempt("who-copied", "see who has copied something", "GetSelectionOwner", _who_copied),
    Attempt("keyboard-bell", "change the keyboard's lights and bell", "ChangeKeyboardControl",
            _tells(102, 0, 0)),
    Attempt("pointer-speed", "change the mouse's speed", "ChangePointerControl",
            _tells(105, 0, 0, 0)),
    Attempt("buttons", "swap the mouse's buttons", "GetPointerMapping, SetPointerMapping",
            _buttons),
    Attempt("keys-map", "change what a key says", "ChangeKeyboardMapping", _map_keys),
    Attempt("modifiers-map", "change which keys are Shift and Control", "SetModifierMapping",
            _map_modifiers),
    Attempt("pointer-way", "see where the mouse has been", "GetMotionEvents", _tells_way),
    Attempt("write-on", "write to another program's window", "ChangeProperty", _name_another),
    Attempt("saver-now", "switch the screen saver", "ForceScreenSaver", _tells(115, 0)),
    Attempt("screen-saver", "keep the screen from being locked", "SetScreenSaver",
            _tells(107, 0, 0xFFFFFFFF, 0x0202)),
    Attempt("hosts", "let anybody onto the display", "SetAccessControl", _tells(111, 1)),
    # It strikes 192.0.2.1, which is nobody's (RFC 5737): a control changes nothing.
    Attempt("hosts-list", "change which computers may use the display", "ChangeHosts",
            _tells(109, 1, 4 << 16, 0x010200C0)),
    Attempt("kill", "end what another program has left on the display", "KillClient",
            _tells(113, 0, 0)),
    Attempt("fonts", "change where the server finds fonts", "SetFontPath", _tells(51, 0, 0)),
    Attempt("stay", "leave windows behind after its end", "SetCloseDownMode", _tells(112, 0)),
)
# fmt: on
