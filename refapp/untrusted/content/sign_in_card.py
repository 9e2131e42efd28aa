"""The sign-in card: browser and code first, the password under them.
The password leaves its field when the form is sent.

What the card says is ``view.SignInCard``; whether it can be sent is ``sign_in_screen.missing``.
While a sign-in waits for the person, ``pending_card`` or ``second_factor_card`` stands in place of
the form.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk

from msgspec.structs import replace

from refapp import messages as m
from refapp.untrusted.channel.actions import Actions
from refapp.untrusted.content.pending_card import PendingForm
from refapp.untrusted.content.second_factor_card import SecondFactorForm
from refapp.untrusted.presentation.sign_in_screen import BROWSER, DEVICE, missing
from refapp.untrusted.presentation.view import SignInCard
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.style import Style
from refapp.untrusted.wording import sign_in_words

_CAPS_LOCK = 0x0002
_HIDDEN = "•"


class SignInForm(ttk.Frame):
    """What a person asks for goes to ``actions``."""

    def __init__(
        self, parent: tkinter.Misc, style: Style, roster: Roster, actions: Actions
    ) -> None:
        super().__init__(parent, style="Card.TFrame", padding=style.px(26))
        self._style, self._roster, self._actions = style, roster, actions
        self._pending: PendingForm | None = None
        self._factor: SecondFactorForm | None = None
        self._given: SignInCard | None = None
        self._seen = tkinter.BooleanVar(self)
        form = self._form = ttk.Frame(self, style="Plain.TFrame")
        form.grid(sticky="nsew")
        px = style.px
        self._heading = ttk.Label(form, style="Card.Title.TLabel")
        self._browser = ttk.Button(
            form,
            text=BROWSER,
            underline=17,
            style="Accent.TButton",
            command=lambda: actions.sign_in_elsewhere("browser"),
        )
        self._device = ttk.Button(
            form, text=DEVICE, underline=15, command=lambda: actions.sign_in_elsewhere("device")
        )
        self._or = ttk.Label(form, style="Card.Muted.TLabel", justify="left", wraplength=px(340))
        self._email = ttk.Entry(form, width=38, font="TkTextFont")
        self._password = ttk.Entry(form, width=38, font="TkTextFont", show=_HIDDEN)
        self._email_label = ttk.Label(form, text="E-mail", underline=0, style="Card.TLabel")
        self._password_label = ttk.Label(form, text="Password", underline=0, style="Card.TLabel")
        self._show = ttk.Checkbutton(
            form,
            text="Show password",
            underline=1,
            variable=self._seen,
            command=self._on_show_password,
        )
        self._caps = ttk.Label(form, style="Card.Small.TLabel", text=sign_in_words.CAPS_LOCK)
        self._error = ttk.Label(form, style="Card.Wrong.TLabel", justify="left", wraplength=px(340))
        self._way_error = ttk.Label(
            form, style="Card.Wrong.TLabel", justify="left", wraplength=px(340)
        )
        self._offer = ttk.Button(form, command=self._on_offer)
        self._submit = ttk.Button(form, text="Sign in", underline=0, command=self._on_submit)
        self._cancel = ttk.Button(
            form, text="Cancel", underline=0, command=lambda: actions.plain(m.SignInCancel)
        )
        self._busy = ttk.Label(form, style="Card.Muted.TLabel")
        self._progress = ttk.Progressbar(form, mode="indeterminate", length=px(60))
        self._no_account = self._to_browser(sign_in_words.NO_ACCOUNT, 11)
        self._forgot = self._to_browser(sign_in_words.FORGOTTEN, 16)
        self._hint = ttk.Label(form, style="Card.Small.TLabel", justify="left", wraplength=px(260))
        self._fill = ttk.Button(form, text="Fill in", underline=0, command=self._on_fill)
        self._lay_out(px)
        self._enrol(roster)
        for entry in (self._email, self._password):
            entry.bind("<Return>", lambda _: self._on_submit())
            entry.bind("<Escape>", self._on_escape)
        self._password.bind("<Key>", self._on_key)

    def _to_browser(self, text: str, underline: int) -> ttk.Button:
        """A way to the server's own page, which has what this window has not."""
        return ttk.Button(
            self._form,
            text=text,
            underline=underline,
            style="Link.TButton",
            command=lambda: self._actions.sign_in_elsewhere("browser"),
        )

    def _lay_out(self, px: Callable[[float], int]) -> None:
        self.columnconfigure(0, weight=1)
        self._form.columnconfigure(0, weight=1)
        rows: list[tuple[tkinter.Widget, int]] = [
            (self._heading, 16), (self._browser, 8), (self._device, 14), (self._way_error, 8),
            (self._offer, 14), (self._or, 12), (self._email_label, 4), (self._email, 12),
            (self._password_label, 4), (self._password, 8), (self._show, 8), (self._caps, 8),
            (self._error, 8), (self._submit, 0), (self._busy, 0), (self._progress, 0),
            (self._cancel, 0),
        ]  # fmt: skip
        for row, (widget, below) in enumerate(rows):
            widget.grid(row=row, column=0, columnspan=2, sticky="ew", pady=(0, px(below)))
        self._busy.grid_configure(pady=(px(12), px(6)))
        self._cancel.grid_configure(sticky="e", pady=(px(12), 0))
        self._forgot.grid(row=len(rows), column=0, sticky="w", pady=(px(8), 0))
        self._no_account.grid(row=len(rows), column=1, sticky="e", pady=(px(8), 0))
        self._hint.grid(row=len(rows) + 1, column=0, sticky="w", pady=(px(16), 0))
        self._fill.grid(row=len(rows) + 1, column=1, sticky="e", padx=(px(12), 0), pady=(px(16), 0))
        for optional in (
            self._caps, self._error, self._busy, self._progress, self._hint, self._fill,
            self._way_error, self._offer,
            self._cancel,
        ):  # fmt: skip
            optional.grid_remove()

    def _enrol(self, roster: Roster) -> None:
        for name, widget in (
            ("heading", self._heading), ("email", self._email), ("password", self._password),
            ("show_password", self._show), ("caps_lock", self._caps), ("error", self._error),
            ("submit", self._submit), ("busy", self._busy), ("demo", self._hint),
            ("fill", self._fill), ("browser", self._browser), ("device", self._device),
            ("or", self._or), ("way_error", self._way_error), ("offer", self._offer),
            ("cancel_password", self._cancel), ("no_account", self._no_account),
            ("forgot", self._forgot),
        ):  # fmt: skip
            roster.add(f"sign_in.{name}", widget)
        roster.add("sign_in.email_label", self._email_label, target=self._email)
        roster.add("sign_in.password_label", self._password_label, target=self._password)

    def show(self, card: SignInCard) -> None:
        """Copy the card. What was typed stays, but for the fields that the card fills."""
        before, self._given = self._given, card
        self._show_in_place(card)
        self._heading.configure(text=card.heading)
        self._or.configure(text=card.where)
        if card.email and (before is None or before.email != card.email or not self._email.get()):
            self._put(self._email, card.email)
        _appear(self._hint, card.hint)
        _set_visible(self._fill, visible=card.fill is not None)
        state = ["!disabled"] if card.enabled else ["disabled"]
        for widget in (
            self._email, self._password, self._submit, self._fill, self._show, self._browser,
            self._device, self._offer, self._no_account, self._forgot,
        ):  # fmt: skip
            widget.state(state)
        _appear(self._busy, card.busy)
        _set_visible(self._cancel, visible=not card.enabled)
        _set_visible(self._offer, visible=card.offer is not None)
        if card.offer is not None:
            self._offer.configure(text=card.offer.text, underline=card.offer.underline)
        self._spin(on=bool(card.busy))
        # What became of another way stands beside the ways, and says nothing about the password.
        error = "" if card.offer else card.error
        _appear(self._way_error, card.error if card.offer else "")
        if before is None or before.error != card.error or (card.enabled and not before.enabled):
            self._complain(error, wrong=card.wrong)
        if before is not None and card.enabled and not before.enabled:
            if card.offer is not None:
                self._offer.focus_set()
            elif error:
                self._password.focus_set()

    def _show_in_place(self, card: SignInCard) -> None:
        """What waits for the person, in place of the form."""
        before = self._in_place()
        shown: PendingForm | SecondFactorForm | None = None
        parts = self, self._style, self._roster, self._actions
        if card.pending is not None:
            self._pending = self._pending or PendingForm(*parts)
            self._pending.show(card.pending)
            shown = self._pending
        elif card.second_factor is not None:
            self._factor = self._factor or SecondFactorForm(*parts)
            self._factor.show(card.second_factor)
            shown = self._factor
        if shown is before:
            return
        if before is not None:
            before.put_away()
        if shown is None:
            self._form.grid()
        else:
            self._form.grid_remove()
            shown.grid(sticky="nsew")
            shown.focus_first()

    def _in_place(self) -> PendingForm | SecondFactorForm | None:
        others = (one for one in (self._pending, self._factor) if one is not None)
        return next((one for one in others if one.winfo_manager()), None)

    def focus_first(self) -> None:
        """Give the keyboard to the first field that is empty, or to what a pending sign-in needs.

        Not to the browser's button, though it comes first: a stray Enter would open a program
        outside of the window, and what is typed would go nowhere. It is one key away, Alt+B.
        """
        instead = self._in_place()
        if instead is not None:
            instead.focus_first()
            return
        (self._password if self._email.get() else self._email).focus_set()

    def _on_submit(self) -> None:
        if self._given is None or not self._given.enabled or self._submit.instate(["disabled"]):
            return
        email, password = self._email.get(), self._password.get()
        lacks, in_password = missing(email, password)
        self._complain(lacks, wrong=in_password)
        if lacks:
            (self._password if in_password else self._email).focus_set()
            return
        self._clear_password()
        self._submit.state(["disabled"])
        self._actions.sign_in(email, password, self._on_taken)

    def _on_taken(self) -> None:
        """A quick refusal overtakes the card that waits: it may say the same as the last one."""
        if self._given is not None:
            self._given = replace(self._given, enabled=False)

    def _on_escape(self, _event: tkinter.Event[tkinter.Misc]) -> str | None:
        if not self._password.get() and not self._error.cget("text"):
            return None
        self._clear_password()
        self._complain("")
        return "break"

    def _on_offer(self) -> None:
        offer = None if self._given is None else self._given.offer
        if offer is None:
            return
        if offer.ask == "password":
            self.focus_first()
        elif offer.ask in ("keep_in_memory", "send_verification"):
            self._actions.banner(offer.ask)
        else:
            self._actions.sign_in_elsewhere(
                "browser" if offer.ask == "sign_in_browser" else "device"
            )

    def _on_fill(self) -> None:
        if self._given is not None and self._given.fill is not None:
            email, password = self._given.fill
            self._put(self._email, email)
            self._put(self._password, password)
            self._submit.focus_set()

    def _on_show_password(self) -> None:
        self._password.configure(show="" if self._seen.get() else _HIDDEN)

    def _on_key(self, event: tkinter.Event[tkinter.Misc]) -> None:
        _set_visible(self._caps, visible=bool(int(event.state) & _CAPS_LOCK))

    def _clear_password(self) -> None:
        self._password.delete(0, "end")
        self._seen.set(False)
        self._on_show_password()
        _set_visible(self._caps, visible=False)

    def _complain(self, sentence: str, *, wrong: bool = False) -> None:
        """``wrong``: it is the password's fault, and its field shows that."""
        _appear(self._error, sentence)
        self._password.state(["invalid" if sentence and wrong else "!invalid"])

    def _put(self, entry: ttk.Entry, text: str) -> None:
        entry.state(["!disabled"])
        entry.delete(0, "end")
        entry.insert(0, text)

    def _spin(self, *, on: bool) -> None:
        if on and not self._progress.winfo_manager():
            self._progress.grid()
            self._progress.start()
        elif not on and self._progress.winfo_manager():
            self._progress.stop()
            self._progress.grid_remove()


def _appear(label: ttk.Label, text: str) -> None:
    label.configure(text=text)
    _set_visible(label, visible=bool(text))


def _set_visible(widget: tkinter.Widget, *, visible: bool) -> None:
    if visible:
        widget.grid()
    else:
        widget.grid_remove()
