"""Dead keys, Compose and input methods: when Tk makes what they need, a context for a window.

Owns the switch. Tk makes a context for each window at its first event, buttons and frames too, and
each asks the display twice: a quarter of what a start asks. So none is made while a page comes up;
what has the keyboard then gets its own at once.
"""

from __future__ import annotations

import tkinter


class InputMethod:
    """``hold`` before a page is built;
    it ends by itself, once all that was asked of the display has happened. A window starts held.
    """

    def __init__(self, root: tkinter.Tk) -> None:
        self._root = root

    def hold(self) -> None:
        """Make no contexts until the page that is being built is there."""
        self._switch(on=False)
        self._root.after(
            1, self._settle
        )  # not as soon as it is idle: a page is laid out before it is shown

    def _settle(self) -> None:
        # asks the display too: what it had to tell is here, and comes before the next idle
        self._root.update_idletasks()
        self._root.after_idle(self._release)

    def _release(self) -> None:
        self._switch(on=True)
        if focused := str(self._root.tk.call("focus")):
            self._root.tk.call("event", "generate", focused, "<FocusIn>")

    def _switch(self, *, on: bool) -> None:
        self._root.tk.call("tk", "useinputmethods", on)
