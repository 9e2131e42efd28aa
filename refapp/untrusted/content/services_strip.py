"""The strip under the notes: sync and assistant, what each is doing and its one button.
Copies ``view.Services``.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk

from refapp.untrusted.presentation.view import ServiceLine, Services
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.style import Style
from refapp.untrusted.widgets.wrapped import wrap


class ServicesStrip(ttk.Frame):
    """``sync`` and ``summarise`` are called when a person asks for them."""

    def __init__(
        self,
        parent: tkinter.Misc,
        style: Style,
        roster: Roster,
        sync: Callable[[], None],
        summarise: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._sync = _Cell(self, style, roster, "sync", ("now", "Sync now", 1, sync))
        self._assistant = _Cell(
            self, style, roster, "assistant", ("summarise", "Summarise", 2, summarise)
        )
        self.columnconfigure((0, 1), weight=1, uniform="cells")
        self._sync.grid(row=0, column=0, sticky="nsew", padx=(0, style.px(12)))
        self._assistant.grid(row=0, column=1, sticky="nsew")

    def show(self, services: Services) -> None:
        """Copy the strip."""
        self._sync.show(services.sync)
        self._assistant.show(services.assistant)


class _Cell(ttk.Frame):
    """A card for one service.
    ``button``: its name, its text, the letter for Alt, and what it does.
    """

    def __init__(
        self,
        parent: tkinter.Misc,
        style: Style,
        roster: Roster,
        name: str,
        button: tuple[str, str, int, Callable[[], None]],
    ) -> None:
        px = style.px
        super().__init__(parent, style="Card.TFrame", padding=(px(14), px(10)))
        what, text, underline, command = button
        self._shown: ServiceLine | None = None
        self._state = ttk.Label(self, style="Card.Strong.TLabel")
        self._detail = ttk.Label(self, style="Card.Small.TLabel", justify="left")
        self._button = ttk.Button(self, text=text, underline=underline, command=command)
        self.columnconfigure(0, weight=1)
        self._state.grid(row=0, column=0, sticky="ew")
        self._detail.grid(row=1, column=0, sticky="ew")
        self._button.grid(row=0, column=1, rowspan=2, sticky="e", padx=(px(12), 0))
        for label in (self._state, self._detail):
            wrap(label)
        roster.add(f"{name}.state", self._state)
        roster.add(f"{name}.detail", self._detail)
        roster.add(f"{name}.{what}", self._button)

    def show(self, line: ServiceLine) -> None:
        if line == self._shown:
            return
        self._shown = line
        self._state.configure(text=line.state)
        self._detail.configure(text=line.detail)
        self._button.state(["!disabled"] if line.usable else ["disabled"])
