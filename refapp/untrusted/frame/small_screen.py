"""A window that is smaller than what it shows:
then it scrolls as a whole, and nothing in it is out of reach.

Owns the frame that holds everything, and the canvas and scrollbars around it, which are made when
they are first needed. What has the keyboard is scrolled to, the cursor of a text too.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk

from refapp.untrusted.widgets.focus import FOCUSED, SETTLED
from refapp.untrusted.widgets.scrolled import MOVED

PIECE = 40
"""Pixels that stay to be seen around what was scrolled to."""


FOLLOW_AFTER_MS = 100
"""By then all that is in a window of another size is in its place, and was scrolled to there."""


class SmallScreen:
    """``whole`` is the frame to fill;
    ``least()`` is the width and height in pixels that it needs.
    """

    def __init__(self, root: tkinter.Tk, least: Callable[[], tuple[int, int]]) -> None:
        self._root, self._least = root, least
        self.whole = ttk.Frame(root)
        self._canvas: tkinter.Canvas | None = None
        self._item = 0
        self._scrolls = False
        root.columnconfigure(0, weight=1)
        root.rowconfigure(0, weight=1)
        self.whole.grid(row=0, column=0, sticky="nsew")
        root.grid_propagate(False)
        root.bind(
            "<Configure>", lambda event: self.fit() if event.widget is root else None, add=True
        )
        for event in (FOCUSED, "<KeyRelease>"):
            root.bind(event, lambda _: root.after_idle(self.follow), add=True)

    def fit(self) -> None:
        """Scroll if there is too little room now, and only then."""
        (across, down), (wide, high) = (
            (self._root.winfo_width(), self._root.winfo_height()),
            self._least(),
        )
        if across >= wide and down >= high:
            if self._scrolls and self._canvas is not None:
                self._stop(self._canvas)
            return
        canvas = self._begin() if not self._scrolls or self._canvas is None else self._canvas
        beside, below = self._bars[0].winfo_reqwidth(), self._bars[1].winfo_reqheight()
        low = down < high or (across < wide and down - below < high)
        narrow = across < wide or (low and across - beside < wide)
        for bar, needed in zip(self._bars, (low, narrow), strict=True):
            if needed:
                bar.grid()
            else:
                bar.grid_remove()
        wide = max(across - beside if low else across, wide)
        high = max(down - below if narrow else down, high)
        canvas.itemconfigure(self._item, width=wide, height=high)
        canvas.configure(scrollregion=(0, 0, wide, high))
        self._root.after(FOLLOW_AFTER_MS, self._root.event_generate, SETTLED)

    def _begin(self) -> tkinter.Canvas:
        root, canvas = self._root, self._canvas
        if canvas is None:
            canvas = self._canvas = tkinter.Canvas(
                root, highlightthickness=0, borderwidth=0, takefocus=False
            )
            self._bars = (
                ttk.Scrollbar(root, command=canvas.yview, style="Page.Vertical.TScrollbar"),
                ttk.Scrollbar(
                    root,
                    command=canvas.xview,
                    orient="horizontal",
                    style="Page.Horizontal.TScrollbar",
                ),
            )
            canvas.configure(yscrollcommand=self._bars[0].set, xscrollcommand=self._bars[1].set)
        self._scrolls = True
        self.whole.grid_forget()
        self._item = canvas.create_window(0, 0, window=self.whole, anchor="nw")
        canvas.grid(row=0, column=0, sticky="nsew")
        self._bars[0].grid(row=0, column=1, sticky="ns")
        self._bars[1].grid(row=1, column=0, sticky="ew")
        # It is none of the canvas' own, which would cut it off at its edges.
        for part in (self.whole, *self._bars):
            part.lift()
        return canvas

    def _stop(self, canvas: tkinter.Canvas) -> None:
        self._scrolls = False
        canvas.delete(self._item)
        for part in (canvas, *self._bars):
            part.grid_forget()
        self.whole.grid(row=0, column=0, sticky="nsew")

    def follow(self) -> None:
        """Whatever has the keyboard can be seen."""
        canvas = self._canvas
        path = str(self._root.tk.call("focus"))
        if not self._scrolls or canvas is None or not path.startswith(f"{self.whole}."):
            return
        widget = self._root.nametowidget(path)
        x, y = (
            widget.winfo_rootx() - self.whole.winfo_rootx(),
            widget.winfo_rooty() - self.whole.winfo_rooty(),
        )
        width, height = widget.winfo_width(), widget.winfo_height()
        if isinstance(widget, tkinter.Text) and (box := widget.bbox("insert")):
            x, y, width, height = x + box[0], y + box[1], box[2], box[3]
        for at, size, shown, first, whole, move in (
            (
                x,
                width,
                canvas.winfo_width(),
                canvas.canvasx(0),
                self.whole.winfo_width(),
                canvas.xview_moveto,
            ),
            (
                y,
                height,
                canvas.winfo_height(),
                canvas.canvasy(0),
                self.whole.winfo_height(),
                canvas.yview_moveto,
            ),
        ):
            if at < first or size > shown:
                part = max(0, at - PIECE)
            elif at + size > first + shown:
                part = at + size + PIECE - shown
            else:
                continue
            move(part / whole)
            self._root.event_generate(MOVED)
