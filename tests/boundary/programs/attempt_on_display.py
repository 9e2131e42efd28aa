"""One attempt of ``refapp attack`` on the display, over a connection of its own and without a
toolkit: ``attempt_on_display.py NAME STRANGER``, where STRANGER is another program's window.

It says what came of it: "gained" or "nothing". One that the gate ends says nothing at all.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))
from refapp.attack.attempt import NothingGained, Target
from refapp.attack.attempts import display, display_wire


def attempt(name: str, stranger: int) -> str:
    connection = display_wire.connected()
    display.wire = lambda _: connection
    [tried] = [one for one in display.ATTEMPTS if one.id == name]
    target = Target._make([None] * len(Target._fields))._replace(stranger=stranger, free=False)
    try:
        tried.act(target)
    except (NothingGained, OSError):
        return "nothing"
    return "gained"


if __name__ == "__main__":
    sys.stdout.write(attempt(sys.argv[1], int(sys.argv[2])) + "\n")
