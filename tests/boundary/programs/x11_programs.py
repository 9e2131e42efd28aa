"""Programs for a display, run as ``x11_programs.py other|window|raw``: one of the person's, and
what a window may be.

Each says what happens to it, a line each, and does what it is told, a line each.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import time
import tkinter
from collections.abc import Callable
from pathlib import Path

LONG = "x" * 300_000


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def program(title: str, place: str) -> None:
    """A window that copies and pastes when it is told to,
    and, on the keys c and v, when a person does it.
    """
    root = tkinter.Tk()
    root.title(title)
    root.geometry(place)
    root.update()
    root.focus_force()
    root.update()

    def copied() -> str:
        try:
            return root.clipboard_get()
        except tkinter.TclError:
            return "nothing"

    def copy(word: str) -> None:
        root.clipboard_clear()
        root.clipboard_append(word)
        root.update()

    def selected() -> str:
        try:
            return root.selection_get(selection="PRIMARY")
        except tkinter.TclError:
            return "nothing"

    root.bind("c", lambda _: (copy("copied here"), say("copied"))[-1])
    root.bind("v", lambda _: say(f"pasted {copied()}"))
    root.bind("p", lambda _: say(f"pasted {selected()}"))
    root.bind("l", lambda _: (copy(LONG), say("copied"))[-1])
    root.bind("m", lambda _: say(f"pasted {len(copied())}"))

    def told() -> None:
        match sys.stdin.readline().split(" ", 1):
            case ["copy", word]:
                copy(word.strip())
                say("copied")
            case ["select", word]:
                root.selection_handle(
                    lambda offset, most: word.strip()[int(offset) :][: int(most)],
                    selection="PRIMARY",
                )
                root.selection_own(selection="PRIMARY")
                root.update()
                say("selected")
            case ["paste\n"]:
                say(f"pasted {copied()}")
            case ["long\n"]:
                copy(LONG)
                say("copied")
            case ["measure\n"]:
                say(f"pasted {len(copied())}")
            case _:
                root.destroy()

    root.createfilehandler(sys.stdin, tkinter.READABLE, lambda *_: told())
    say(f"ready {root.winfo_id() + 1}")
    root.mainloop()


def raw() -> None:
    """A connection without libraries: what it is told, as hexadecimal, goes to the display."""
    end = socket.socket(socket.AF_UNIX)
    end.connect(f"/tmp/.X11-unix/X{os.environ['DISPLAY'].lstrip(':')}")
    cookie = Path(os.environ["XAUTHORITY"]).read_bytes()[-16:]
    end.sendall(struct.pack("<BxHHHHxx", 108, 11, 0, 18, 16) + b"MIT-MAGIC-COOKIE-1\0\0" + cookie)
    say("in" if end.recv(1)[:1] == b"\1" else "out")
    for line in sys.stdin:
        end.sendall(bytes.fromhex(line))
        time.sleep(0)
        say("sent")


PROGRAMS: dict[str, Callable[[], None]] = {
    "other": lambda: program("other", "400x300+0+0"),
    "window": lambda: program("window", "300x200+450+0"),
    "raw": raw,
}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]]()
