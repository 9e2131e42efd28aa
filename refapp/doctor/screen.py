"""``python -m refapp.doctor.screen``: looks at Tk and the display, and prints what it saw as JSON.

A process of its own, because the parent never becomes a client of the display, and because a display may not answer at all.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib
import json
import sys


def main() -> None:
    """Print ``{"tk", "reached", "isolates"}``."""
    try:
        tk = str(importlib.import_module("_tkinter").TK_VERSION)
    except ImportError:
        tk = ""
    reached, isolates = _display()
    sys.stdout.write(json.dumps({"tk": tk, "reached": reached, "isolates": isolates}))


def _display() -> tuple[bool, bool]:
    try:
        x11 = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    except OSError:
        return False, False
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XQueryExtension.argtypes = [ctypes.c_void_p, ctypes.c_char_p, *[ctypes.POINTER(ctypes.c_int)] * 3]
    connection = x11.XOpenDisplay(None)
    if not connection:
        return False, False
    numbers = [ctypes.byref(ctypes.c_int()) for _ in range(3)]
    return True, bool(x11.XQueryExtension(connection, b"SECURITY", *numbers))


if __name__ == "__main__":
    main()
