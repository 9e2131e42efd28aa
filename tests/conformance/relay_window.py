"""A window that only passes lines on: what the app says goes to one named pipe, what comes from
another goes to the app.

``relay_window.py SAID ORDERS`` is a ``refapp run --ui``: whoever plays the person is outside, at
the other ends of the two pipes. They are opened first; then the process locks itself in with the
filter that the app's own window has, so that it can do nothing but read and write them. The first
line in SAID is ``{"relay": PID, "checks": [...]}``. Two bytes that no line of the channel holds are
for the window itself: 04 ends it, 05 makes it do what the filter forbids.
"""

from __future__ import annotations

import json
import os
import select
import sys
from pathlib import Path

END, BREAK_OUT = b"\x04", b"\x05"
ROOM = 65536


def write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def lock() -> list[dict[str, object]]:
    """Give up everything but the open pipes; what holds from now on."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from refapp.lock import kernel, seccomp

    machine = os.uname().machine
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.drop_capabilities(machine)
    seccomp.install(machine, seccomp.program(machine, "kill", os.getpid()))
    return [{"name": "System calls", "held": True, "detail": "seccomp."}]


def main(said: str, orders: str) -> None:
    """Relay until one of the ends is gone."""
    goes, comes = os.open(said, os.O_WRONLY), os.open(orders, os.O_RDONLY)
    poll = select.poll()
    for descriptor in (0, comes):
        poll.register(descriptor, select.POLLIN)
    write(goes, json.dumps({"relay": os.getpid(), "checks": lock()}).encode() + b"\n")
    while True:
        for descriptor, _ in poll.poll():
            data = os.read(descriptor, ROOM)
            if BREAK_OUT in data:
                os.fork()
            if not data or END in data:
                return
            write(goes if descriptor == 0 else 1, data)


if __name__ == "__main__":
    main(*sys.argv[1:])
