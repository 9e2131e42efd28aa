"""How the person leaves the window, for the next time:
its place, the size of its text, the chosen colours.

Owns when that is told: once it has been other than at the start for a moment, so that a drag is
told once. What the window manager makes of the window at the start is nobody's wish, and is not
told. A window that fills the screen, or is an icon, has the place that it comes back to.
"""

from __future__ import annotations

import re
import tkinter
from collections.abc import Callable

from refapp.messages import Colours, WindowParams

QUIET_MS = 500
_GEOMETRY = re.compile(r"(\d+)x(\d+)\+(-?\d+)\+(-?\d+)")
LEAST = 200


class KeptWindow:
    """``place`` (x, y, width, height) is what the window asked for;
    ``text()`` is the size of the text in points; ``tell`` is called with what is to be remembered.
    """

    def __init__(
        self,
        root: tkinter.Tk,
        place: tuple[int, int, int, int],
        text: Callable[[], int],
        tell: Callable[[WindowParams], None],
    ) -> None:
        self._root, self._place, self._text, self._tell = root, place, text, tell
        self._told: WindowParams | None = None
        self._timer = ""
        self.colours: Colours = "system"
        root.bind("<Configure>", self._on_configure, add=True)

    def begin(self) -> None:
        """What is now is how the window was opened."""
        self._told = self._now()

    def changed(self) -> None:
        """Something of it may be different."""
        if self._timer:
            self._root.after_cancel(self._timer)
        self._timer = self._root.after(QUIET_MS, self.settle)

    def settle(self) -> None:
        """Tell now what is not told yet."""
        if self._timer:
            self._root.after_cancel(self._timer)
            self._timer = ""
        if self._told is not None and (now := self._now()) != self._told:
            self._told = now
            self._tell(now)

    def _on_configure(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self._root and self._told is not None:
            self.changed()

    def _now(self) -> WindowParams:
        root = self._root
        found = _GEOMETRY.fullmatch(root.geometry())
        fills = root.attributes("-zoomed") or root.attributes("-fullscreen")
        if found is not None and root.state() == "normal" and not fills:
            width, height, x, y = (int(part) for part in found.groups())
            self._place = x, y, width, height
        x, y, width, height = self._place
        return WindowParams(x, y, max(width, LEAST), max(height, LEAST), self._text(), self.colours)
