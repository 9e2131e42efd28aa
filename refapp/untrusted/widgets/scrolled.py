"""Scrollbars that are there only while they are needed, and a column that scrolls.

Owns where a scrollbar stands:
in the margin of what it scrolls, so that nothing moves when it comes.
"""

from __future__ import annotations

import tkinter
from tkinter import ttk

from refapp.untrusted.widgets.focus import FOCUSED
from refapp.untrusted.widgets.palette import Palette
from refapp.untrusted.widgets.style import Style

MOVED = "<<Moved>>"
"""Everything in a column is elsewhere now."""
WHEEL = {"<Button-4>": -1, "<Button-5>": 1}


class Scrollbar(ttk.Scrollbar):
    """Grid it once; it hides itself while all of ``view`` is to be seen."""

    def __init__(
        self,
        parent: tkinter.Misc,
        view: ttk.Treeview | tkinter.Text | tkinter.Canvas,
        look: str = "Vertical.TScrollbar",
    ) -> None:
        super().__init__(parent, command=view.yview, style=look)
        view.configure(yscrollcommand=self._on_view)

    def _on_view(self, first: float, last: float) -> None:
        if float(first) <= 0 and float(last) >= 1:
            self.grid_remove()
        else:
            self.grid()
        self.set(first, last)


class ScrolledColumn(ttk.Frame):
    """``column`` is the frame to fill: in the middle, as wide as it wants to be, scrolled by wheel,
    keys and focus.

    ``whole``: as wide and at least as high as the page instead;
    wheel and keys are left to the lists in it.
    """

    def __init__(self, parent: tkinter.Misc, style: Style, *, whole: bool = False) -> None:
        super().__init__(parent)
        self._whole = whole
        self._canvas = canvas = tkinter.Canvas(
            self, highlightthickness=0, borderwidth=0, takefocus=False
        )
        self.column = ttk.Frame(canvas)
        self._place = canvas.create_window(0, 0, window=self.column, anchor="n")
        self._step = style.px(40)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        canvas.grid(row=0, column=0, sticky="nsew")
        Scrollbar(self, canvas, "Page.Vertical.TScrollbar").grid(row=0, column=1, sticky="ns")
        canvas.bind("<Configure>", lambda _: self._on_size())
        self.column.bind("<Configure>", lambda _: self._lay_out())
        # A canvas shows it only when the display has asked for that, later than its page.
        self.column.bind("<Map>", lambda _: self.event_generate(MOVED))
        root = self.winfo_toplevel()
        root.bind(FOCUSED, lambda _: self.after_idle(self._show), add=True)
        if whole:
            return
        for event, way in WHEEL.items():
            root.bind(event, lambda _, way=way: self._scroll(way), add=True)  # type: ignore[misc]
        for key, way in (("<Next>", 5), ("<Prior>", -5)):
            root.bind(key, lambda _, way=way: self._scroll(way), add=True)  # type: ignore[misc]

    def recolour(self, c: type[Palette]) -> None:
        """Follow the theme: a Canvas is no ttk widget."""
        self._canvas.configure(background=c.page)

    def _on_size(self) -> None:
        self._lay_out()
        self.after_idle(self._show)

    def _lay_out(self) -> None:
        width, height = self._canvas.winfo_width(), self.column.winfo_reqheight()
        self._canvas.coords(self._place, width // 2, 0)
        if self._whole:
            self._canvas.itemconfigure(
                self._place, width=width, height=max(height, self._canvas.winfo_height())
            )
        self._canvas.configure(scrollregion=(0, 0, width, max(height, self._canvas.winfo_height())))
        self.event_generate(MOVED)

    def _scroll(self, steps: int) -> None:
        if self.winfo_viewable():
            self._canvas.configure(yscrollincrement=self._step)
            self._canvas.yview_scroll(steps, "units")
            self.event_generate(MOVED)

    def _show(self) -> None:
        """Whoever has the keyboard can be seen. Not before there is room to see anything."""
        path = str(self.tk.call("focus"))
        if (
            not self.winfo_viewable()
            or not path.startswith(f"{self.column}.")
            or self._canvas.winfo_height() < self._step
        ):
            return
        widget = self.nametowidget(path)
        top = widget.winfo_rooty() - self.column.winfo_rooty()
        bottom, shown = top + widget.winfo_height(), self._canvas.winfo_height()
        above = self._canvas.canvasy(0)
        height = max(1, self.column.winfo_reqheight())
        if top < above:
            self._move(max(0, top - self._step) / height)
        elif bottom > above + shown:
            self._move((bottom + self._step - shown) / height)

    def _move(self, part: float) -> None:
        self._canvas.yview_moveto(part)
        self.event_generate(MOVED)
