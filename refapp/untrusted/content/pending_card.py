"""A sign-in that waits for the browser or for another device: what to do, the code, the link, the
time left, and Cancel.

Or the question whether to go on as who has signed in there (SI-18). Copies ``sign_in_screen``'s
``PendingCard``. It is made when the first one is shown, not at the start. Link and code can be
copied; opening the link is the app's: this process may start no program.
"""

from __future__ import annotations

import tkinter
from tkinter import ttk

from refapp import messages as m
from refapp.untrusted.channel.actions import Actions
from refapp.untrusted.presentation.view import PendingCard
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.style import Style
from refapp.untrusted.wording import sign_in_words


class PendingForm(ttk.Frame):
    """Inside the sign-in card."""

    def __init__(
        self, parent: tkinter.Misc, style: Style, roster: Roster, actions: Actions
    ) -> None:
        super().__init__(parent, style="Plain.TFrame")
        self._actions = actions
        self._plain: dict[str, str] = {}
        px = style.px
        self._heading = ttk.Label(self, style="Card.Title.TLabel")
        self._text = ttk.Label(self, style="Card.TLabel", justify="left", wraplength=px(430))
        self._code = ttk.Label(self, style="Card.Title.TLabel")
        self._copy_code = ttk.Button(
            self, text="Copy code", underline=7, command=lambda: self._copy("code")
        )
        self._link = ttk.Entry(self, font="TkTextFont", width=26)
        self._of_link = ttk.Frame(self, style="Plain.TFrame")
        self._open = ttk.Button(
            self._of_link,
            text="Open the link",
            underline=0,
            command=lambda: actions.plain(m.SignInOpenLink),
        )
        self._copy_link = ttk.Button(
            self._of_link, text="Copy link", underline=5, command=lambda: self._copy("link")
        )
        self._ask = ttk.Label(
            self, text=sign_in_words.PASTE_THE_CODE, underline=27, style="Card.TLabel"
        )
        self._pasted = ttk.Entry(self, font="TkTextFont")
        self._use = ttk.Button(self, text="Use the code", underline=0, command=self._on_use)
        self._sentence = ttk.Label(
            self, style="Card.Wrong.TLabel", justify="left", wraplength=px(430)
        )
        self._left = ttk.Label(self, style="Card.Muted.TLabel")
        self._accept = ttk.Button(self, underline=0, command=lambda: actions.plain(m.SignInAccept))
        self._cancel = ttk.Button(
            self, text="Cancel", underline=0, command=lambda: actions.plain(m.SignInCancel)
        )
        self.columnconfigure(0, weight=1)
        self._heading.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, px(12)))
        self._text.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(0, px(12)))
        self._code.grid(row=2, column=0, sticky="ew", pady=(0, px(12)))
        self._copy_code.grid(row=2, column=1, sticky="e", padx=(px(8), 0), pady=(0, px(12)))
        self._link.grid(row=3, column=0, columnspan=2, sticky="ew", pady=(0, px(8)))
        self._of_link.grid(row=4, column=0, columnspan=2, sticky="e", pady=(0, px(12)))
        self._open.grid(row=0, column=0, padx=(0, px(8)))
        self._copy_link.grid(row=0, column=1)
        self._ask.grid(row=5, column=0, columnspan=2, sticky="ew", pady=(0, px(4)))
        self._pasted.grid(row=6, column=0, sticky="ew", pady=(0, px(12)))
        self._use.grid(row=6, column=1, sticky="e", padx=(px(8), 0), pady=(0, px(12)))
        self._sentence.grid(row=7, column=0, columnspan=2, sticky="ew", pady=(0, px(12)))
        self._left.grid(row=8, column=0, sticky="w")
        self._accept.grid(row=8, column=0, sticky="w")
        self._cancel.grid(row=8, column=1, sticky="e")
        for name, widget in (
            ("pending_heading", self._heading), ("pending_text", self._text), ("code", self._code),
            ("link", self._link), ("open_link", self._open), ("copy_link", self._copy_link),
            ("copy_code", self._copy_code), ("pasted", self._pasted), ("use_code", self._use),
            ("sentence", self._sentence), ("left", self._left), ("accept", self._accept),
            ("cancel", self._cancel),
        ):  # fmt: skip
            roster.add(f"sign_in.{name}", widget)
        roster.add("sign_in.pasted_label", self._ask, target=self._pasted)
        self._pasted.bind("<Return>", lambda _: self._on_use())
        self._pasted.bind("<Escape>", self._on_escape)

    def show(self, card: PendingCard) -> None:
        """Copy the card. What was pasted stays.
        No key that was meant for what stood there before answers a question.
        """
        asks = bool(card.accept) and self._accept.cget("text") != card.accept
        self._plain = {"link": card.link, "code": card.plain_code}
        for label, text in (
            (self._heading, card.heading),
            (self._text, card.text),
            (self._code, card.code),
            (self._sentence, card.sentence),
            (self._left, card.left),
            (self._accept, card.accept),
        ):
            label.configure(text=text)
        if self._link.get() != card.link:
            self._link.state(["!readonly"])
            self._link.delete(0, "end")
            self._link.insert(0, card.link)
        self._link.state(["readonly"])
        for widget, visible in (
            (self._code, bool(card.code)),
            (self._link, bool(card.link)),
            (self._of_link, bool(card.link)),
            (self._copy_code, bool(card.code)),
            (self._ask, card.pastes),
            (self._pasted, card.pastes),
            (self._use, card.pastes),
            (self._sentence, bool(card.sentence)),
            (self._left, bool(card.left)),
            (self._accept, bool(card.accept)),
        ):
            if visible:
                widget.grid()
            else:
                widget.grid_remove()
        if asks:
            self.focus_first()

    def put_away(self) -> None:
        """It waits no more; the next one starts with an empty field."""
        self._pasted.delete(0, "end")
        self.grid_remove()

    def focus_first(self) -> None:
        """The keyboard goes where a second thought needs it."""
        self._cancel.focus_set()

    def _copy(self, what: str) -> None:
        """Have it pasted elsewhere: the link of a sign-in, or its code, which are worth nothing to
        another sign-in.
        """
        self.clipboard_clear()
        self.clipboard_append(self._plain[what])

    def _on_use(self) -> None:
        pasted = self._pasted.get().strip()
        if not pasted:
            self._pasted.focus_set()
            return
        self._pasted.delete(0, "end")
        self._actions.paste(pasted)

    def _on_escape(self, _event: tkinter.Event[tkinter.Misc]) -> str | None:
        if not self._pasted.get():
            return None
        self._pasted.delete(0, "end")
        return "break"
