"""The window process of ``terminal``: confined like the app's own window, before it reads anything.

What is left to it are the channel and the two pipes that it was started with (KEYS WORDS). It needs
no package but the standard library, and of the app's own code the sandbox alone; what is said over
the pipes is ``terminal_talk``'s.
"""

from __future__ import annotations

import json
import os
import selectors
import sys
import time
from pathlib import Path


def window(keys: str, words: str) -> int:
    """The confined process: the exit code."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from refapp.examples.terminal_talk import TerminalWindow
    from refapp.lock import sandbox

    time.localtime()  # loads the time zone, while files can be read
    # To read and write: a pipe whose other end is not there yet is not waited for.
    lines, spoken = os.open(keys, os.O_RDWR), os.open(words, os.O_RDWR)
    selector = selectors.SelectSelector()
    try:
        held = sandbox.confine(keep=(lines, spoken))
    except sandbox.SandboxUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 70
    checks = [{"name": name, "held": holds, "detail": detail} for name, holds, detail in held]
    here = TerminalWindow(
        lambda data: write_all(1, data),
        lambda said: write_all(spoken, f"{said}\n".encode()),
        checks,
    )
    here.begin()
    selector.register(0, selectors.EVENT_READ, lambda line: here.heard(json.loads(line)))
    selector.register(
        lines, selectors.EVENT_READ, lambda line: here.typed(line.decode("utf-8", "replace"))
    )
    rest = {0: b"", lines: b""}
    while not here.ended:
        for key, _ in selector.select():
            data = os.read(key.fd, 65_536)
            if not data:
                return 0
            *whole, rest[key.fd] = (rest[key.fd] + data).split(b"\n")
            for line in whole:
                key.data(line)
    return 0


def write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.stderr.write(
            "usage: python -m refapp.examples.terminal_window KEYS WORDS "
            "(refapp.examples.terminal starts it)\n"
        )
        sys.exit(2)
    sys.exit(window(*sys.argv[1:]))
