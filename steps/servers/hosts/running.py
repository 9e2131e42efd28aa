"""What all ways of running a server have in common: what it says first, and how it ends."""

from __future__ import annotations

import json
import subprocess
from typing import Any, Protocol

END_WITHIN_S = 10.0
"""A server that does not end by then is killed."""

Ready = dict[str, object]
"""What a server says of itself once it serves: its address, its process, the demo account ..."""


class ServerMissing(Exception):
    """The server can't be started on this machine; the text says what to install."""


class Running(Protocol):
    """A server that serves."""

    ready: Ready

    def end(self) -> None:
        """End it. It is gone when this returns."""


def await_end(process: subprocess.Popen[Any]) -> None:
    """Wait until it has ended by itself, or kill it."""
    try:
        process.wait(END_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def ready_in(line: str) -> Ready | None:
    """What a server that serves says of itself; None if it says something else."""
    if not line.startswith("READY "):
        return None
    ready: Ready = json.loads(line.removeprefix("READY "))
    return ready


def not_started(why: str) -> ServerMissing:
    """What to raise; ``why`` is what the server said."""
    return ServerMissing(f"the server did not start: {why.strip()}")
