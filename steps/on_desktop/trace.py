"""What the record that the app writes with ``--trace`` says about its window and its requests,
while it grows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from refapp.snapshot import StateParams
from refapp.tour import trace
from refapp.trusted.recorder import Entry

Line = tuple[str, str, str, Mapping[str, Any]]


class Trace:
    """The file at ``path``; it may not be there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written = trace.Trace(path)
        self._lines: list[Line] = []

    def entries(self) -> list[Line]:
        """Everything so far: source, target, what, detail."""
        new = self._written.entries()[len(self._lines) :]
        self._lines += [(one.source, one.target, one.what, one.detail) for one in new]
        return self._lines

    def recorded(self, since: int) -> list[Entry]:
        """The record from entry ``since`` on, as the app wrote it."""
        return list(self._written.entries()[since:])

    def size(self) -> int:
        """How many entries there are."""
        return len(self.entries())

    def count(self, what: str) -> int:
        """How many messages of the window were ``what``."""
        return sum(source == "window" and name == what for source, _, name, _ in self.entries())

    def shown(self, since: int = 0) -> list[dict[str, str]]:
        """What the window has shown from entry ``since`` on, oldest first."""
        return [
            detail["widgets"]
            for source, _, name, detail in self.entries()[since:]
            if source == "window" and name == "shown"
        ]

    def window_now(self) -> tuple[list[StateParams], list[dict[str, str]]]:
        """What the window that runs now was sent, and what it has shown, each oldest first."""
        states: list[StateParams] = []
        shown: list[dict[str, str]] = []
        for source, target, what, detail in self.entries():
            if what == "hello":
                states, shown = [], []
            elif (source, target, what) == ("parent", "window", "state"):
                states.append(msgspec.convert(detail, StateParams))
            elif source == "window" and what == "shown":
                shown.append(detail["widgets"])
        return states, shown

    def passing(self) -> list[tuple[list[StateParams], dict[str, str]]]:
        """What the window that runs now has shown, each with what it had been sent by then."""
        states, shown = self.window_now()
        revisions = [
            detail["revision"]
            for source, _, what, detail in self.entries()
            if source == "window" and what == "shown"
        ][-len(shown) :]
        at = {one.revision: number for number, one in enumerate(states, 1)}
        return [
            (states[: at[revision]], seen)
            for revision, seen in zip(revisions, shown, strict=True)
            if revision in at
        ]

    def newest_state(self) -> Mapping[str, Any]:
        """What the window was sent last to show."""
        return next(
            detail
            for source, target, what, detail in reversed(self.entries())
            if (source, target, what) == ("parent", "window", "state")
        )

    def open_requests(self) -> int:
        """How many requests to the server have no answer yet, in the app that runs now."""
        asked = 0
        for source, target, what, _ in self.entries():
            if what == "hello":
                asked = 0
            elif (source, target) == ("parent", "server"):
                asked += 1
            elif (source, target) == ("server", "parent"):
                asked -= 1
        return max(asked, 0)

    def drawn(self) -> bool:
        """Whether the window has drawn the newest snapshot."""
        newest = drawn = -1
        for source, target, what, detail in self.entries():
            if what == "hello":
                newest = drawn = -1
            elif (source, target, what) == ("parent", "window", "state"):
                newest = detail["revision"]
            elif source == "window" and what == "shown":
                drawn = detail["revision"]
        return newest == drawn != -1

    def busy(self, held: int) -> bool:
        """Whether the newest snapshot says that the app is in the middle of something that ends by
        itself, with so many answers of the server held back. A sign-out waits for none of these.
        """
        for source, target, what, detail in reversed(self.entries()):
            if what in ("hello", "restart"):
                return not held  # a window that is to come has nothing to show yet
            if (source, target, what) == ("parent", "window", "state"):
                if detail["phase"] == "signing_out" or held:
                    return bool(detail["phase"] == "signing_out")
                waits = detail["phase"] == "restoring" or detail["sync"]["state"] == "busy"
                # With a link, or asked for a code, a sign-in waits for the person.
                pending = detail.get("pending") or {}
                wanted = pending.get("second_factor")
                asked = pending.get("link") or (wanted is not None and not wanted["asking"])
                return waits or (detail["phase"] == "signing_in" and not asked)
        return False

    def tail(self) -> list[str]:
        """The last entries, for a failure."""
        return [
            f"{source} -> {target}: {what} {str(detail)[:200]}"
            for source, target, what, detail in self.entries()[-8:]
        ]
