"""The inspector: what holds this window, where the secret is, what went over the channel.

Copies ``view.Inspector``.
The messages are those that the link saw, by name and size; their contents are not kept.
"""

from __future__ import annotations

import tkinter
from collections.abc import Iterable
from tkinter import ttk
from typing import Literal

from refapp.untrusted.channel.link import Traffic
from refapp.untrusted.presentation.times import clock
from refapp.untrusted.presentation.view import Inspector
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.scrolled import Scrollbar, ScrolledColumn
from refapp.untrusted.widgets.style import Style
from refapp.untrusted.widgets.wrapped import wrap

REDRAW_MS = 100
CHECKS = (
    ("Restriction", "No new privileges"),
    ("State", "✗ NOT enforced"),
    ("Detail", "A detail of it"),
)
MESSAGES = (
    ("Time", "00:00:00"),
    ("Direction", "↓ to the window"),
    ("Message", "A message"),
    ("Bytes", "000000"),
)
"""Headings, and a sample of what stands under each.
How long the names of restrictions are is the parent's to say.
"""


class InspectorPage(ScrolledColumn):
    """``traffic`` is the link's own record;
    ``refresh`` is cheap while the page is not to be seen.
    """

    def __init__(
        self, parent: tkinter.Misc, style: Style, roster: Roster, traffic: Iterable[Traffic]
    ) -> None:
        super().__init__(parent, style, whole=True)
        self._style, self._traffic = style, traffic
        self._due = ""
        px = style.px
        self.column.columnconfigure(0, weight=1)
        self.column.rowconfigure((0, 1), weight=1)
        walls, holds = self._card(style, 0, "What holds this window", "verdict")
        self._checks = _table(walls, style, CHECKS)
        self._display = ttk.Label(walls, style="Card.Small.TLabel", justify="left")
        self._kept = ttk.Label(walls, style="Card.Small.TLabel", justify="left")
        self._display.grid(row=3, column=0, sticky="ew", pady=(px(8), 0))
        self._kept.grid(row=4, column=0, sticky="ew", pady=(px(4), 0))
        for label in (self._verdict, self._display, self._kept):
            wrap(label)
        channel, went = self._card(style, 1, "What went over the channel", "")
        self._messages = _table(channel, style, MESSAGES)
        for name, widget in (
            ("holds", holds), ("verdict", self._verdict), ("checks", self._checks),
            ("display", self._display), ("kept", self._kept), ("went", went),
            ("messages", self._messages),
        ):  # fmt: skip
            roster.add(f"inspector.{name}", widget)
        self.column.bind("<Map>", lambda _: self._redraw(), add=True)

    def _card(
        self, style: Style, row: int, title: str, verdict: str
    ) -> tuple[ttk.Frame, ttk.Label]:
        px = style.px
        card = ttk.Frame(self.column, style="Card.TFrame", padding=(px(16), px(12), px(4), px(12)))
        card.grid(row=row, column=0, sticky="nsew", pady=(px(12) if row else 0, 0))
        card.columnconfigure(0, weight=1)
        card.columnconfigure(1, minsize=px(12))
        card.rowconfigure(2, weight=1)
        heading = ttk.Label(card, text=title, style="Card.Strong.TLabel")
        heading.grid(row=0, column=0, sticky="w")
        if verdict:
            self._verdict = ttk.Label(card, style="Card.TLabel", justify="left")
            self._verdict.grid(row=1, column=0, sticky="ew", pady=(px(2), px(8)))
        return card, heading

    def show(self, inspector: Inspector) -> None:
        """Copy the page."""
        self._verdict.configure(text=inspector.verdict)
        self._display.configure(text=inspector.display)
        self._kept.configure(text=inspector.kept)
        self._checks.delete(*self._checks.get_children())
        for name, state, detail in inspector.checks:
            self._checks.insert("", "end", text=name, values=(state, detail))
        self._style.fit(
            self._checks, "#0", CHECKS[0][0], *(name for name, _, _ in inspector.checks)
        )

    def refresh(self) -> None:
        """A message went over the channel."""
        if not self._due and self.winfo_viewable():
            self._due = self.after(REDRAW_MS, self._redraw)

    def focus_first(self) -> None:
        """Give the keyboard to the messages."""
        self._messages.focus_set()

    def _redraw(self) -> None:
        self._due = ""
        self._messages.delete(*self._messages.get_children())
        for one in self._traffic:
            way = "↓ to the window" if one.down else "↑ to the app"
            at, row = clock(one.at, seconds=True), (way, one.what, one.size)
            self._messages.insert("", "end", text=at, values=row)
        self._messages.yview_moveto(1)


def _table(card: ttk.Frame, style: Style, columns: tuple[tuple[str, str], ...]) -> ttk.Treeview:
    """``columns``: heading and a sample of what stands in each."""
    names = [name for name, _ in columns]
    table = ttk.Treeview(card, columns=names[1:], selectmode="browse", height=5)
    for index, (name, sample) in enumerate(columns):
        place = name if index else "#0"
        side: Literal["w", "e"] = "e" if name == "Bytes" else "w"
        table.heading(place, text=name, anchor=side)
        table.column(place, stretch=name in ("Detail", "Message"), anchor=side)
        style.fit(table, place, name, sample)
    table.grid(row=2, column=0, sticky="nsew")
    Scrollbar(card, table).grid(row=2, column=1, sticky="ns")
    return table
