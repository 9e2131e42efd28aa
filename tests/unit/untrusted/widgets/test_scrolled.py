"""A column that comes is told of when it is to be seen, and not only when its page is opened."""

from __future__ import annotations

import tkinter
from tkinter import ttk

from refapp.untrusted.widgets.scrolled import MOVED, ScrolledColumn
from refapp.untrusted.widgets.style import Style


def test_a_page_that_is_opened_again_is_told_of_once_it_is_drawn(tk_screen: str) -> None:
    root = tkinter.Tk(screenName=tk_screen)
    page = ScrolledColumn(root, Style(root, 1.0))
    ttk.Label(page.column, text="The engine weaves.").grid()
    page.grid()
    page.wait_visibility(page.column)
    page.grid_remove()
    root.update()
    told: list[bool] = []
    root.bind(MOVED, lambda _: told.append(bool(page.column.winfo_viewable())))
    page.grid()
    root.update_idletasks()
    assert not page.column.winfo_viewable(), "the display is not waited for"
    page.wait_visibility(page.column)
    root.update()
    root.destroy()
    assert told[-1:] == [True]
