"""Which texts have less room than they need, so that a person can't read their end.
Asked of the widgets, for ``roster``.

Owns the comparison of what a widget wants with what it was given, and with what of that can be
seen. The wide column of a list without headings is left out: it holds what people and servers
wrote, of any length. So are fields, which scroll.
"""

from __future__ import annotations

import tkinter
from tkinter import ttk

Box = tuple[int, int, int, int]
"""x, y, width and height on the screen, in pixels."""
ROUNDING = 1
"""Pixels: a line that was wrapped at a width may be this much wider."""


def cut_off(widget: tkinter.Misc) -> str:
    """The first text of ``widget`` that is cut off;
    empty if all of it can be read, or scrolled to.
    """
    if isinstance(widget, ttk.Treeview):
        return next((text for text, wanted, given in _cells(widget) if wanted > given), "")
    if not isinstance(
        widget, ttk.Label | ttk.Button | ttk.Radiobutton | ttk.Checkbutton | ttk.Menubutton
    ):
        return ""
    too_small = widget.winfo_reqwidth() > widget.winfo_width() + ROUNDING
    if too_small or widget.winfo_reqheight() > widget.winfo_height() or _beside(widget):
        return str(widget.cget("text")) or str(widget)
    return ""


def seen_part(widget: tkinter.Misc, known: dict[tkinter.Misc, Box]) -> Box:
    """What no edge around ``widget`` hides; without a width or a height if all of it is scrolled
    out of sight. ``known``: what was found since the last change.
    """
    if widget not in known:
        left, top = widget.winfo_rootx(), widget.winfo_rooty()
        right, bottom = left + widget.winfo_width(), top + widget.winfo_height()
        if widget.master is not None and not isinstance(widget, tkinter.Wm):
            x, y, width, height = seen_part(widget.master, known)
            left, top = max(left, x), max(top, y)
            right, bottom = min(right, x + width), min(bottom, y + height)
        known[widget] = left, top, max(0, right - left), max(0, bottom - top)
    return known[widget]


def _beside(widget: tkinter.Misc) -> bool:
    """A part of it lies outside of what it stands in.
    What scrolls sideways as well can be brought into view.
    """
    while widget.master is not None and widget.winfo_toplevel() is not widget:
        around, x = widget.master, widget.winfo_x()
        if not around.winfo_viewable():
            return False
        if widget.winfo_manager() == "canvas" and not isinstance(around, tkinter.Canvas):
            return False
        if x < -ROUNDING or x + widget.winfo_width() > around.winfo_width() + ROUNDING:
            return True
        widget = around
    return False


def _cells(table: ttk.Treeview) -> list[tuple[str, int, int]]:
    """Text, pixels that it needs with the space around it, and pixels that it has."""
    look = ttk.Style(table)
    found = []
    heads = "headings" in str(table.cget("show"))
    for column in ("#0", *table["columns"]):
        given = int(table.column(column, "width"))
        if heads:
            found.append((str(table.heading(column, "text")), "Heading", given))
        if heads or not table.column(column, "stretch"):
            for row in table.get_children():
                text = table.item(row, "text") if column == "#0" else table.set(row, column)
                found.append((str(text), "Item" if column == "#0" else "Cell", given))
    return [(text, _wanted(table, look, text, part), given) for text, part, given in found]


def _wanted(table: ttk.Treeview, look: ttk.Style, text: str, part: str) -> int:
    face = look.lookup(part, "font") or look.lookup("Treeview", "font") or "TkDefaultFont"
    space = [
        table.winfo_pixels(str(side)) for side in table.tk.splitlist(look.lookup(part, "padding"))
    ]
    # One number stands for all sides, two for left-right and top-bottom, more begin at the left.
    around = space[0] + (space[2] if len(space) > 2 else space[0])
    return int(table.tk.call("font", "measure", face, text)) + around
