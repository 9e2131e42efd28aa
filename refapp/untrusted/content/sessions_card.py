"""Where the person is signed in:
a list, and the buttons that sign out one, all others, or everywhere.

Owns the widgets and which row is chosen; a row that is chosen stays so while the list is renewed.
What the card says is ``view.SessionsCard``. The list comes only when it is asked for.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk

from refapp import messages as m
from refapp.untrusted.channel.actions import Actions
from refapp.untrusted.presentation.view import SessionsCard
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.row_keys import go_by_keys
from refapp.untrusted.widgets.scrolled import Scrollbar
from refapp.untrusted.widgets.style import Style

ROWS = 6
"""Seen at once; more are scrolled to."""


class SessionsList(ttk.Frame):
    """``changed`` is called when the card shows something else without a snapshot."""

    def __init__(
        self,
        parent: tkinter.Misc,
        style: Style,
        roster: Roster,
        actions: Actions,
        changed: Callable[[], None],
    ) -> None:
        super().__init__(parent, style="Card.TFrame", padding=style.px(16))
        px = style.px
        self._style, self._actions, self._changed = style, actions, changed
        self._card: SessionsCard | None = None
        # Tab goes in the order in which the widgets are made.
        self._list = ttk.Treeview(
            self, columns=("when",), show="tree", selectmode="browse", height=ROWS
        )
        self._list.column("when", stretch=False)
        style.fit(self._list, "#0", "A browser on another computer")
        self._sentence = ttk.Label(
            self, style="Card.Muted.TLabel", justify="left", wraplength=px(400)
        )
        self._buttons = ttk.Frame(self, style="Plain.TFrame")
        self._one = ttk.Button(
            self._buttons, text="Sign out selected", underline=9, command=self._on_one
        )
        self._others = ttk.Button(
            self._buttons,
            text="Sign out all others",
            underline=10,
            command=lambda: actions.plain(m.RevokeOtherSessions),
        )
        self._everywhere = ttk.Button(
            self._buttons,
            text="Sign out everywhere",
            underline=9,
            command=lambda: actions.plain(m.SignOutEverywhere),
        )
        self._ask = ttk.Button(self, command=self._on_ask)
        self._busy = ttk.Label(self, style="Card.Muted.TLabel")
        self._list.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, px(8)))
        self._bar = Scrollbar(self, self._list)
        self._bar.grid(row=0, column=2, sticky="ns", pady=(0, px(8)))
        self._sentence.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(0, px(8)))
        self._buttons.grid(row=2, column=0, columnspan=2, sticky="w", pady=(0, px(8)))
        self._ask.grid(row=3, column=0, sticky="w")
        self._busy.grid(row=3, column=1, sticky="e")
        self.columnconfigure(0, weight=1)
        for column, button in enumerate((self._one, self._others, self._everywhere)):
            button.grid(row=0, column=column, padx=(0, px(8)))
        self._list.bind("<<TreeviewSelect>>", self._on_select)
        self._list.bind("<Delete>", lambda _: self._on_one())
        go_by_keys(self._list)
        for name, widget in (
            ("list", self._list), ("sentence", self._sentence), ("ask", self._ask),
            ("busy", self._busy), ("sign_out_one", self._one), ("sign_out_others", self._others),
            ("sign_out_everywhere", self._everywhere),
        ):  # fmt: skip
            roster.add(f"sessions.{name}", widget)

    def show(self, card: SessionsCard) -> None:
        """Copy the card."""
        if card == self._card:
            return
        before, self._card = self._card, card
        if before is None or before.rows != card.rows:
            self._fill(card)
        # Alt+W asks; Alt+G signs out to sign in again.
        self._ask.configure(text=card.ask, underline=card.ask.index("gain") if card.again else 0)
        self._sentence.configure(
            text=card.sentence, style="Card.Wrong.TLabel" if card.wrong else "Card.Muted.TLabel"
        )
        self._busy.configure(text=card.busy)
        for widget, visible in (
            (self._list, bool(card.rows)), (self._buttons, card.offers),
            (self._sentence, bool(card.sentence)),
        ):  # fmt: skip
            if visible:
                widget.grid()
            else:
                widget.grid_remove()
        if not card.rows:
            self._bar.grid_remove()  # a list that is not there tells it nothing
        self._mark()

    def _fill(self, card: SessionsCard) -> None:
        chosen = set(self._list.selection())
        self._list.delete(*self._list.get_children())
        for row in card.rows:
            self._list.insert("", "end", iid=row.session, text=row.device, values=(row.when,))
        self._style.fit(self._list, "when", *(row.when for row in card.rows), "00:00")
        self._list.configure(height=min(max(len(card.rows), 1), ROWS))
        self._list.selection_set([row.session for row in card.rows if row.session in chosen])

    def _chosen(self) -> str:
        chosen = set(self._list.selection())
        rows = self._card.rows if self._card is not None else ()
        return next((row.session for row in rows if row.session in chosen and row.can_revoke), "")

    def _mark(self) -> None:
        enabled = self._card is not None and self._card.enabled
        for button, usable in (
            (self._ask, enabled), (self._others, enabled), (self._everywhere, enabled),
            (self._one, enabled and bool(self._chosen())),
        ):  # fmt: skip
            button.state(["!disabled"] if usable else ["disabled"])

    def _on_ask(self) -> None:
        if self._card is not None and self._card.again:
            self._actions.plain(m.SignOut)
        else:
            self._actions.plain(m.ListSessions)

    def _on_select(self, _event: tkinter.Event[tkinter.Misc]) -> None:
        self._mark()
        self._changed()

    def _on_one(self) -> None:
        session = self._chosen()
        if session and self._card is not None and self._card.enabled:
            # Its button goes with the row.
            self._list.focus_set()
            self._actions.revoke_session(session)
