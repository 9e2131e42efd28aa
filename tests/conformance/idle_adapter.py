"""An adapter behind which there is no app: what such a one passes, the kit does not ask.
``idle_adapter.py nothing|blank|form``.

It declares the least. ``nothing`` answers ``{}`` to everything, ``blank`` reports a window that
shows nothing, ``form`` one that shows a login form whatever is done.
"""

from __future__ import annotations

import json
import sys
from typing import Any

HELLO: dict[str, Any] = {
    "protocol": 1,
    "implementation": "nothing",
    "version": "1",
    "capabilities": ["memory"],
}
REPORTS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "blank": {"busy": False, "waiting": 0, "shows": [], "says": [], "notices": [], "tokens": None},
    "form": {
        "busy": False, "waiting": 0, "shows": ["the login form"], "says": ["Log in"], "notices": [],
        "tokens": None,
    },
}  # fmt: skip


def main(kind: str) -> None:
    """Answer until the standard input ends."""
    for line in sys.stdin:
        answer = {"hello": HELLO, "report": REPORTS[kind]}.get(json.loads(line)["do"], {})
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
