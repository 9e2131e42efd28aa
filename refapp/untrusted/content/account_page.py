"""The account page: the form or the profile, where else the person is signed in, where the secret
is kept, why sessions ended.

Copies ``view.Account``; the form is ``sign_in_card``'s, the list of sessions ``sessions_card``'s.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk

from refapp import messages as m
from refapp.untrusted.channel.actions import Actions
from refapp.untrusted.content.sessions_card import SessionsList
from refapp.untrusted.content.sign_in_card import SignInForm
from refapp.untrusted.presentation.view import AccountCards, ProfileCard
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.scrolled import ScrolledColumn
from refapp.untrusted.widgets.style import Style
from refapp.untrusted.wording import session_words

_REASONS_SHOWN = 5


class AccountPage(ScrolledColumn):
    """One column in the middle.
    ``changed`` is called when the page shows something else without a snapshot.
    """

    def __init__(
        self,
        parent: tkinter.Misc,
        style: Style,
        roster: Roster,
        actions: Actions,
        changed: Callable[[], None],
    ) -> None:
        super().__init__(parent, style)
        px = style.px
        column = ttk.Frame(self.column, padding=(0, px(10), 0, 0))
        column.grid()
        self.form = SignInForm(column, style, roster, actions)
        self._profile = _Profile(column, style, roster, lambda: actions.plain(m.SignOut))
        self._sessions = SessionsList(column, style, roster, actions, changed)
        self._message = _Message(column, style, roster)
        self._kept = ttk.Label(column, style="Small.TLabel", justify="left", wraplength=px(420))
        self._history = ttk.Frame(column)
        why = ttk.Label(self._history, text=session_words.WHY_SIGNED_OUT, style="Strong.TLabel")
        why.grid(sticky="w", pady=(0, px(4)))
        self._reasons = ttk.Label(
            self._history, style="Muted.TLabel", justify="left", wraplength=px(420)
        )
        self._reasons.grid(sticky="w")
        for row, widget in (
            (0, self.form), (1, self._history), (2, self._profile), (3, self._sessions),
            (4, self._message), (5, self._kept),
        ):  # fmt: skip
            widget.grid(row=row, column=0, sticky="ew", pady=(0, px(14)))
        roster.add("account.kept", self._kept)
        roster.add("account.why", why)
        roster.add("account.history", self._reasons)

    def show(self, account: AccountCards) -> None:
        """Copy the page."""
        if account.sign_in is not None:
            self.form.show(account.sign_in)
        if account.profile is not None:
            self._profile.show(account.profile)
        if account.sessions is not None:
            self._sessions.show(account.sessions)
        self._message.show(account.heading, account.message)
        self._kept.configure(text=account.kept)
        self._reasons.configure(text="\n".join(account.history[:_REASONS_SHOWN]))
        for widget, visible in (
            (self.form, account.sign_in is not None),
            (self._profile, account.profile is not None),
            (self._sessions, account.sessions is not None),
            (self._message, bool(account.message)),
            (self._kept, bool(account.kept)),
            (self._history, bool(account.history)),
        ):
            if visible:
                widget.grid()
            else:
                widget.grid_remove()

    def focus_first(self) -> None:
        """Give the keyboard to the main control."""
        if self.form.winfo_manager():
            self.form.focus_first()
        else:
            self._profile.sign_out.focus_set()


class _Message(ttk.Frame):
    def __init__(self, parent: tkinter.Misc, style: Style, roster: Roster) -> None:
        px = style.px
        super().__init__(parent, style="Card.TFrame", padding=px(26))
        self._heading = ttk.Label(self, style="Card.Title.TLabel")
        self._text = ttk.Label(self, style="Card.TLabel", justify="left", wraplength=px(364))
        self._heading.grid(row=0, column=0, sticky="w", pady=(0, px(10)))
        self._text.grid(row=1, column=0, sticky="w")
        roster.add("account.heading", self._heading)
        roster.add("account.message", self._text)

    def show(self, heading: str, text: str) -> None:
        self._heading.configure(text=heading)
        self._text.configure(text=text)
        if heading:
            self._heading.grid()
        else:
            self._heading.grid_remove()


class _Profile(ttk.Frame):
    def __init__(
        self, parent: tkinter.Misc, style: Style, roster: Roster, sign_out: Callable[[], None]
    ) -> None:
        super().__init__(parent, style="Card.TFrame", padding=style.px(26))
        px = style.px
        self._avatar = ttk.Label(self, style="Avatar.TLabel")
        self._name = ttk.Label(self, style="Card.Title.TLabel", wraplength=px(380), justify="left")
        self._email = ttk.Label(self, style="Card.Muted.TLabel", wraplength=px(380), justify="left")
        self._avatar.grid(row=0, column=0, rowspan=2, sticky="w", padx=(0, px(12)))
        self._name.grid(row=0, column=1, sticky="w")
        self._email.grid(row=1, column=1, sticky="w")
        self._rows = ttk.Frame(self, style="Plain.TFrame")
        self._rows.grid(row=2, column=0, columnspan=2, sticky="ew", pady=(px(16), px(16)))
        self._cells: list[tuple[ttk.Label, ttk.Label]] = []
        for row in range(4):
            label = ttk.Label(self._rows, style="Card.Muted.TLabel")
            value = ttk.Label(self._rows, style="Card.TLabel", wraplength=px(270), justify="left")
            label.grid(row=row, column=0, sticky="nw", padx=(0, px(18)), pady=px(2))
            value.grid(row=row, column=1, sticky="w", pady=px(2))
            self._cells.append((label, value))
            roster.add(f"profile.row{row + 1}", value, label=label)
        self.sign_out = ttk.Button(self, text="Sign out", underline=5, command=sign_out)
        self._busy = ttk.Label(self, style="Card.Muted.TLabel")
        self.sign_out.grid(row=3, column=0, columnspan=2, sticky="w")
        self._busy.grid(row=3, column=1, sticky="e")
        self.columnconfigure(1, weight=1)
        for name, widget in (
            ("initials", self._avatar), ("name", self._name), ("email", self._email),
            ("sign_out", self.sign_out),
            ("busy", self._busy),
        ):  # fmt: skip
            roster.add(f"profile.{name}", widget)

    def show(self, card: ProfileCard) -> None:
        self._avatar.configure(text=card.initials)
        self._name.configure(text=card.name)
        self._email.configure(text=card.email)
        for (label, value), (name, text) in zip(self._cells, card.rows, strict=True):
            label.configure(text=name)
            value.configure(text=text)
        self._busy.configure(text=card.busy)
        self.sign_out.state(["!disabled"] if card.can_sign_out else ["disabled"])
