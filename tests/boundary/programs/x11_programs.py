"""Two programs for a display, run as ``x11_programs.py victim`` and ``x11_programs.py ATTACK WINDOW KEYCODE WHO``.

The victim is another program of the person: a red window with a text field, which says what reaches it, a line each. The attacker
tries one thing and says ``worked`` or ``refused``; what should arrive at the victim is ``sent``.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
import tkinter
from collections.abc import Callable

ALL_PLANES = ctypes.c_ulong(-1)
ZPIXMAP, KEY_PRESS, KEY_PRESS_MASK = 2, 2, 1
RED = 0xFF0000
ERRORS: list[int] = []


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def victim() -> None:
    root = tkinter.Tk()
    root.tk.call("tk", "appname", "victim")
    root.configure(background="#ff0000")
    root.geometry("400x300+0+0")
    text = tkinter.StringVar(root)
    entry = tkinter.Entry(root, textvariable=text)
    entry.pack(pady=100)
    root.update()
    entry.focus_force()
    root.update()
    text.trace_add("write", lambda *_: say(f"typed {text.get()[-1:]}"))
    root.createcommand("hit", lambda word: say(f"ran {word}"))

    def order() -> None:
        match sys.stdin.readline().split():
            case ["copy", word]:
                root.clipboard_clear()
                root.clipboard_append(word)
                root.update()
                say("copied")
            case ["paste"]:
                try:
                    say(f"pasted {root.clipboard_get()}")
                except tkinter.TclError:
                    say("pasted nothing")
            case _:
                root.destroy()

    root.createfilehandler(sys.stdin, tkinter.READABLE, lambda *_: order())
    say(f"ready {entry.winfo_id()}")
    root.mainloop()


class XKeyEvent(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong), ("root", ctypes.c_ulong), ("subwindow", ctypes.c_ulong), ("time", ctypes.c_ulong),
        ("x", ctypes.c_int), ("y", ctypes.c_int), ("x_root", ctypes.c_int), ("y_root", ctypes.c_int),
        ("state", ctypes.c_uint), ("keycode", ctypes.c_uint), ("same_screen", ctypes.c_int), ("pad", ctypes.c_long * 24),
    )  # fmt: skip


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
def on_error(_display: int, _event: int) -> int:
    ERRORS.append(1)
    return 0


class X:
    """Xlib on the display of the environment."""

    def __init__(self) -> None:
        lib = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        lib.XOpenDisplay.restype = lib.XGetImage.restype = ctypes.c_void_p
        lib.XDefaultRootWindow.restype = lib.XGetPixel.restype = ctypes.c_ulong
        lib.XSetErrorHandler(on_error)
        self.lib = lib
        self.display = ctypes.c_void_p(lib.XOpenDisplay(None))
        assert self.display.value, "no display"
        self.root = ctypes.c_ulong(lib.XDefaultRootWindow(self.display))

    def done(self) -> None:
        self.lib.XSync(self.display, 0)


def keys(_window: int, keycode: int) -> str:
    """Which keys are down right now, wherever they are typed."""
    x, found = X(), ctypes.create_string_buffer(32)
    x.lib.XQueryKeymap(x.display, found)
    x.done()
    return "worked" if found.raw[keycode // 8] & (1 << keycode % 8) else "refused"


def picture(_window: int, _keycode: int) -> str:
    x = X()
    image = x.lib.XGetImage(x.display, x.root, 0, 0, 200, 50, ALL_PLANES, ZPIXMAP)
    x.done()
    if ERRORS or not image:
        return "refused"
    return "worked" if x.lib.XGetPixel(ctypes.c_void_p(image), 100, 20) & 0xFFFFFF == RED else "refused"


def xtest(_window: int, keycode: int) -> str:
    x = X()
    numbers = [ctypes.byref(ctypes.c_int()) for _ in range(3)]
    if not x.lib.XQueryExtension(x.display, b"XTEST", *numbers):
        return "refused"
    test = ctypes.CDLL(ctypes.util.find_library("Xtst") or "libXtst.so.6")
    for down in (1, 0):
        test.XTestFakeKeyEvent(x.display, keycode, down, ctypes.c_ulong(0))
    x.done()
    return "refused" if ERRORS else "sent"


def event(window: int, keycode: int) -> str:
    x = X()
    key = XKeyEvent(type=KEY_PRESS, display=x.display, window=window, root=x.root, keycode=keycode, same_screen=1)
    x.lib.XSendEvent(x.display, ctypes.c_ulong(window), 1, ctypes.c_long(KEY_PRESS_MASK), ctypes.byref(key))
    x.done()
    return "refused" if ERRORS else "sent"


def send(_window: int, _keycode: int) -> str:
    """Have the victim's interpreter run a command, by Tk's own ``send``.

    Not the waiting one: a server that lets others be seen, but not written to, leaves that without an answer for ever.
    """
    root = tkinter.Tk()
    root.withdraw()
    try:
        root.tk.call("send", "-async", "victim", f"hit {sys.argv[4]}")
    except tkinter.TclError:
        return "refused"
    root.winfo_pointerxy()  # an answer of the server: by then it has done, or refused, what came before
    return "sent"


def read_clipboard(_window: int, _keycode: int) -> str:
    root = tkinter.Tk()
    root.withdraw()
    try:
        return "worked" if root.clipboard_get() == "private" else "refused"
    except tkinter.TclError:
        return "refused"


def offer_clipboard(_window: int, _keycode: int) -> str:
    """Copy something, and stay to hand it out until standard input ends."""
    root = tkinter.Tk()
    root.withdraw()
    root.clipboard_clear()
    root.clipboard_append("offered")
    root.update()
    root.createfilehandler(sys.stdin, tkinter.READABLE, lambda *_: root.destroy())
    say("worked")
    root.mainloop()
    return "done"


ATTACKS: dict[str, Callable[[int, int], str]] = {
    "keys": keys, "picture": picture, "xtest": xtest, "event": event, "send": send, "read-clipboard": read_clipboard,
    "offer-clipboard": offer_clipboard,
}  # fmt: skip

if __name__ == "__main__":
    if sys.argv[1] == "victim":
        victim()
    else:
        say(ATTACKS[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3])))
