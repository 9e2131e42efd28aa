"""The question for a second factor: where the code comes from, the code, whether to trust this
computer, and Cancel.

Copies ``sign_in_screen``'s ``SecondFactorCard``. It is made when the first one is shown, not at the
start. The code leaves its field when it is sent; what was typed is nobody's after the card was put
away.
"""

from __future__ import annotations

import tkinter
from tkinter import ttk
from typing import Literal, cast

from msgspec.structs import replace

from refapp import messages as m
from refapp.untrusted.channel.actions import Actions
from refapp.untrusted.presentation.sign_in_screen import TRUST, lacks_code
from refapp.untrusted.presentation.view import SecondFactorCard
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.style import Style

MOST_FACTORS = 3


class SecondFactorForm(ttk.Frame):
    """Inside the sign-in card."""

    def __init__(
        self, parent: tkinter.Misc, style: Style, roster: Roster, actions: Actions
    ) -> None:
        super().__init__(parent, style="Plain.TFrame")
        self._actions = actions
        self._card: SecondFactorCard | None = None
        px = style.px
        self._factor = tkinter.StringVar(self)
        self._trust = tkinter.BooleanVar(self)
        self._heading = ttk.Label(self, text="Enter your code", style="Card.Title.TLabel")
        self._text = ttk.Label(self, style="Card.TLabel", justify="left", wraplength=px(340))
        self._factors = [
            ttk.Radiobutton(
                self, variable=self._factor, style="Card.TRadiobutton", command=self._on_factor
            )
            for _ in range(MOST_FACTORS)
        ]
        self._send = ttk.Button(self, underline=0, command=lambda: actions.plain(m.SignInSendCode))
        self._code_label = ttk.Label(self, text="Code", underline=1, style="Card.TLabel")
        self._code = ttk.Entry(self, width=24, font="TkTextFont")
        self._trusts = ttk.Checkbutton(self, text=TRUST, underline=19, variable=self._trust)
        self._sentence = ttk.Label(
            self, style="Card.Wrong.TLabel", justify="left", wraplength=px(340)
        )
        self._submit = ttk.Button(
            self, text="Go on", underline=0, style="Accent.TButton", command=self._on_submit
        )
        self._left = ttk.Label(self, style="Card.Muted.TLabel")
        self._cancel = ttk.Button(
            self, text="Cancel", underline=0, command=lambda: actions.plain(m.SignInCancel)
        )
        self.columnconfigure(0, weight=1)
        rows: list[tuple[tkinter.Widget, int]] = [
            (self._heading, 12), (self._text, 12), *((one, 4) for one in self._factors),
            (self._send, 12), (self._code_label, 4), (self._code, 12), (self._trusts, 12),
            (self._sentence, 12), (self._submit, 12),
        ]  # fmt: skip
        for row, (widget, below) in enumerate(rows):
            widget.grid(row=row, column=0, columnspan=2, sticky="ew", pady=(0, px(below)))
        self._left.grid(row=len(rows), column=0, sticky="w")
        self._cancel.grid(row=len(rows), column=1, sticky="e")
        for name, widget in (
            ("heading", self._heading), ("text", self._text), ("send", self._send),
            ("one_time_code", self._code), ("trust", self._trusts), ("sentence", self._sentence),
            ("submit", self._submit), ("left", self._left),
            ("cancel", self._cancel),
        ):  # fmt: skip
            roster.add(f"second_factor.{name}", widget)
        for number, choice in enumerate(self._factors, start=1):
            roster.add(f"second_factor.factor{number}", choice)
        roster.add("second_factor.code_label", self._code_label, target=self._code)
        self._code.bind("<Return>", lambda _: self._on_submit())
        self._code.bind("<Escape>", self._on_escape)

    def show(self, card: SecondFactorCard) -> None:
        """Copy the card. What was typed stays, and which kind of code it is."""
        before, self._card = self._card, card
        names = [name for name, _, _ in card.factors]
        if self._factor.get() not in names:
            self._factor.set(names[0])
        for choice, (name, text, underline) in zip(self._factors, card.factors, strict=False):
            choice.configure(text=text, value=name, underline=underline)
        for number, choice in enumerate(self._factors):
            _set_visible(choice, visible=number < len(names) > 1)
        self._text.configure(text=card.text)
        self._left.configure(text=card.busy or card.left)
        # "Enter the code." stays while nothing else is to be said: the card is drawn each second.
        enabled_again = before is not None and card.enabled and not before.enabled
        if before is None or before.sentence != card.sentence or enabled_again:
            self._complain(card.sentence)
        for widget in (*self._factors, self._send, self._code, self._trusts, self._submit):
            widget.state(["!disabled"] if card.enabled else ["disabled"])
        self._on_factor()
        if enabled_again:
            self._code.focus_set()

    def put_away(self) -> None:
        """It waits no more; the next one starts with empty fields."""
        self._code.delete(0, "end")
        self._trust.set(False)
        self._factor.set("")
        self._card = None
        self.grid_remove()

    def focus_first(self) -> None:
        """The keyboard goes where the code is entered."""
        self._code.focus_set()

    def _on_factor(self) -> None:
        """Only a code by e-mail has to be sent first."""
        if self._card is not None:
            self._send.configure(text=self._card.send)
            _set_visible(self._send, visible=bool(self._card.send) and self._factor.get() == "mail")

    def _on_submit(self) -> None:
        if self._card is None or not self._card.enabled:
            return
        code = self._code.get()
        lacks = lacks_code(code)
        self._complain(lacks)
        if lacks:
            self._code.focus_set()
            return
        self._code.delete(0, "end")
        factor = cast('Literal["authenticator", "mail", "backup"]', self._factor.get())
        self._actions.second_factor(factor, code.strip(), self._on_taken, trust=self._trust.get())

    def _on_taken(self) -> None:
        """A quick refusal overtakes the card that waits: it may say the same as the last one."""
        if self._card is not None:
            self._card = replace(self._card, enabled=False)

    def _on_escape(self, _event: tkinter.Event[tkinter.Misc]) -> str | None:
        if not self._code.get():
            return None
        self._code.delete(0, "end")
        return "break"

    def _complain(self, sentence: str) -> None:
        self._sentence.configure(text=sentence)
        self._code.state(["invalid" if sentence else "!invalid"])
        _set_visible(self._sentence, visible=bool(sentence))


def _set_visible(widget: tkinter.Widget, *, visible: bool) -> None:
    if visible:
        widget.grid()
    else:
        widget.grid_remove()
