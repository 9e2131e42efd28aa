"""Tells when what has the keyboard may be scrolled to: not while a mouse button is down, for its
release would miss what it has pressed.
"""

from __future__ import annotations

import tkinter

FOCUSED = "<<Focused>>"
"""Somebody has the keyboard, or has it still, and nothing is held down."""
SETTLED = "<<Settled>>"
"""All is in its place in a window of another size."""


class Focus:
    """Generates FOCUSED at ``root``."""

    def __init__(self, root: tkinter.Tk) -> None:
        self._root = root
        self._held = False
        for event in ("<FocusIn>", SETTLED):
            root.bind(event, lambda _: self._tell(), add=True)
        root.bind("<ButtonPress-1>", lambda _: self._hold(True), add=True)
        # Who uses the keyboard holds nothing; a menu keeps the release for itself.
        for event in ("<ButtonRelease-1>", "<KeyPress>"):
            root.bind(event, lambda _: self._hold(False), add=True)

    def _hold(self, held: bool) -> None:
        was, self._held = self._held, held
        if was:
            self._tell()

    def _tell(self) -> None:
        if not self._held:
            self._root.event_generate(FOCUSED)
