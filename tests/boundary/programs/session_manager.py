"""A session manager of the old kind: ``session_manager.py WINDOW`` tells a window to save itself
(ICCCM 5.2.1, WM_SAVE_YOURSELF).

It waits, as they do, until the window has told the command that starts it, and says so.
"""

from __future__ import annotations

import ctypes
import sys
import time

CLIENT_MESSAGE = 33
PATIENCE_S = 15.0


class ClientMessage(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p), ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int), ("data", ctypes.c_long * 5), ("pad", ctypes.c_long * 24),
    )  # fmt: skip


def main(window: int) -> None:
    x = ctypes.CDLL("libX11.so.6")
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XInternAtom.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x.XOpenDisplay(None))
    protocols, save = (
        x.XInternAtom(display, name, 0) for name in (b"WM_PROTOCOLS", b"WM_SAVE_YOURSELF")
    )
    message = ClientMessage(type=CLIENT_MESSAGE, window=window, message_type=protocols, format=32)
    message.data[0] = save
    x.XSendEvent(display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(message))
    words, count = ctypes.c_void_p(), ctypes.c_int()
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up:
        if (
            x.XGetCommand(display, ctypes.c_ulong(window), ctypes.byref(words), ctypes.byref(count))
            and count.value
        ):
            sys.stdout.write("saved\n")
            return
        time.sleep(0.02)


if __name__ == "__main__":
    main(int(sys.argv[1]))
