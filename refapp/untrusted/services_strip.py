"""The strip under the notes: sync and assistant, what they are doing and their one button each. Copies ``screens.Services``."""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk

from refapp.untrusted.roster import Roster
from refapp.untrusted.style import Style
from refapp.untrusted.view import Services


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
        super().__init__(parent, padding=(0, style.px(10), 0, 0))
        gap = style.px(8)
        self._sync = ttk.Label(self, style="Muted.TLabel")
        self._sync_now = ttk.Button(self, text="Sync now", underline=1, style="Page.TButton", command=sync)
        self._assistant = ttk.Label(self, style="Muted.TLabel")
        self._summarise = ttk.Button(self, text="Summarise", underline=2, style="Page.TButton", command=summarise)
        self.columnconfigure(0, weight=1)
        for row, (label, button) in enumerate(((self._sync, self._sync_now), (self._assistant, self._summarise))):
            label.grid(row=row, column=0, sticky="ew", pady=(0, gap // 2))
            button.grid(row=row, column=1, sticky="ew", padx=(gap, 0), pady=(0, gap // 2))
            label.bind("<Configure>", lambda event: event.widget.configure(wraplength=event.width))
        for name, widget in (
            ("sync.state", self._sync), ("sync.now", self._sync_now), ("assistant.state", self._assistant),
            ("assistant.summarise", self._summarise),
        ):  # fmt: skip
            roster.add(name, widget)

    def show(self, services: Services) -> None:
        """Copy the strip."""
        self._sync.configure(text=services.sync)
        self._sync_now.state(["!disabled"] if services.can_sync else ["disabled"])
        self._assistant.configure(text=services.assistant)
        self._summarise.state(["!disabled"] if services.can_summarise else ["disabled"])
