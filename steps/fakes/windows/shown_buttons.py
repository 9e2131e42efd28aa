"""The buttons of a window that has no widgets, as the real window's screens have them: which can be
pressed now, and what each asks the app for.

By the names that the features have for them. What asks for nothing, a place in the window, is not
here; nor is what asks about the note that is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Literal, NamedTuple, cast

from refapp import messages as m
from refapp.untrusted.channel.actions import ASKED, Actions
from refapp.untrusted.channel.link import Link
from refapp.untrusted.presentation.view import AccountCards, Answer, Ask, Screen, SignInCard

WAYS: Mapping[Ask, Literal["browser", "device"]] = {
    "sign_in_browser": "browser",
    "sign_in_device": "device",
}
OF_THE_BANNER = {"cancel": ("cancel the keychain's question", "stop waiting")}
"""What the features call a banner's button that has the name of another."""

NAMES = frozenset({
    "try again", "unlock", "restart", "cancel the keychain's question", "stop waiting", "sync",
    "summarise", "add to my notes", "keep apart", "undo", "hide", "sign out",
    "where am I signed in", "sign out all others", "sign out everywhere",
    "sign in with the browser", "sign in with a code", "no account yet",
    "forgot your password", "keep my session in memory alone", "send the message again",
    "sign in with a code instead", "cancel", "open the link", "go on", "send a code by e-mail",
})  # fmt: skip
"""All that a feature may name."""


class Button(NamedTuple):
    """``usable``: it can be pressed, and then asks the app through the window's ``Actions``.
    ``apart``: whether the line about notes beside hers is wanted then, if it is one of that line;
    ``joins``: they become hers.
    """

    usable: bool
    press: Callable[[Actions], None]
    apart: bool | None = None
    joins: bool = False


class _Asked:
    """In place of the window's ``Link``: what it would be asked for."""

    def __init__(self) -> None:
        self.kind: type[m.Request] | None = None

    def ask(self, kind: type[m.Request], *_: object) -> None:
        """See ``Link``."""
        self.kind = kind


def asks_for(button: Button) -> type[m.Request] | None:
    """The request that it makes, which goes nowhere; None: none."""
    link = _Asked()
    button.press(Actions(cast("Link", link), lambda _: None))
    return link.kind


def _plain(request: Callable[..., m.Request]) -> Callable[[Actions], None]:
    return lambda actions: actions.plain(request)


def buttons(seen: Screen) -> Mapping[str, Button]:
    """Those that are there."""
    return dict([*_banner(seen), *_notes(seen), *_account(seen.account)])


def _asked(ask: Ask, *, usable: bool = True) -> Iterator[Button]:
    if ask in ASKED:
        yield Button(usable, lambda actions: actions.banner(ask))
    elif ask in WAYS:
        yield Button(usable, lambda actions: actions.sign_in_elsewhere(WAYS[ask]))


def _banner(seen: Screen) -> Iterator[tuple[str, Button]]:
    if seen.banner is not None and seen.banner.action is not None:
        text = seen.banner.action.text.lower()
        for button in _asked(seen.banner.action.ask):
            yield from ((name, button) for name in OF_THE_BANNER.get(text, (text,)))


def _notes(seen: Screen) -> Iterator[tuple[str, Button]]:
    yield "sync", Button(seen.services.sync.usable, _plain(m.SyncNow))
    for choice in seen.apart.choices if seen.apart is not None else ():
        press = partial(_answer_apart, answer=choice.answer)
        wanted, joins = choice.answer != "hide", choice.answer == "join"
        yield choice.text.lower(), Button(True, press, apart=wanted, joins=joins)


def _answer_apart(actions: Actions, answer: Answer) -> None:
    if answer != "hide":
        actions.answer_apart(answer)


def _account(account: AccountCards) -> Iterator[tuple[str, Button]]:
    if account.profile is not None:
        yield "sign out", Button(account.profile.can_sign_out, _plain(m.SignOut))
    if (card := account.sessions) is not None:
        ask = m.SignOut if card.again else m.ListSessions
        offered = card.enabled and card.offers
        yield "where am I signed in", Button(card.enabled, _plain(ask))
        yield "sign out all others", Button(offered, _plain(m.RevokeOtherSessions))
        yield "sign out everywhere", Button(offered, _plain(m.SignOutEverywhere))
    if account.sign_in is not None:
        yield from _form(account.sign_in)


def _form(form: SignInCard) -> Iterator[tuple[str, Button]]:
    ways: tuple[tuple[str, Ask], ...] = (
        ("sign in with the browser", "sign_in_browser"),
        ("sign in with a code", "sign_in_device"),
        ("no account yet", "sign_in_browser"),
        ("forgot your password", "sign_in_browser"),
    )
    for name, ask in ways:
        yield from ((name, button) for button in _asked(ask, usable=form.enabled))
    if form.offer is not None:
        for button in _asked(form.offer.ask, usable=form.enabled):
            yield form.offer.text.lower(), button
    yield "cancel", Button(not form.enabled, _plain(m.SignInCancel))
    if form.pending is not None:
        yield "open the link", Button(bool(form.pending.link), _plain(m.SignInOpenLink))
        yield "go on", Button(bool(form.pending.accept), _plain(m.SignInAccept))
    if form.second_factor is not None:
        asked = form.second_factor
        can_send = bool(asked.send) and asked.enabled
        yield "send a code by e-mail", Button(can_send, _plain(m.SignInSendCode))
