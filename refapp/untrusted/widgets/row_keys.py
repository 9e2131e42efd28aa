"""The keys that go through the rows of a list:
up, down, a page at a time, to the first and to the last.

Owns these bindings. Tk's own move nothing while no row is chosen, and a page or an end moves what
is seen, not what is chosen.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk


def go_by_keys(rows: ttk.Treeview) -> None:
    """Let the keys choose in ``rows``; what is chosen is scrolled to."""
    steps: dict[str, Callable[[int, int, int], int]] = {
        "Down": lambda at, _page, _last: at + 1,
        "Up": lambda at, _page, _last: at - 1,
        "Next": lambda at, page, _last: at + page,
        "Prior": lambda at, page, _last: at - page,
        "Home": lambda _at, _page, _last: 0,
        "End": lambda _at, _page, last: last,
    }

    def go(event: tkinter.Event[tkinter.Misc]) -> str:
        there, chosen = rows.get_children(), rows.selection()
        if there:
            first, last = rows.yview()
            page = max(1, round((last - first) * len(there)) - 1)
            at = steps[event.keysym.removeprefix("KP_")](
                rows.index(chosen[0]) if chosen else -1, page, len(there) - 1
            )
            row = there[min(max(at, 0), len(there) - 1)]
            rows.selection_set(row)
            rows.focus(row)
            rows.see(row)
        return "break"

    for key in steps:
        rows.bind(f"<{key}>", go)
        rows.bind(f"<KP_{key}>", go)
