"""The buttons of a window that has no widgets, as the real window's screens have them: which can be
pressed now, and what each asks the app for.

By the names that the features have for them. What asks for nothing, a place in the window, is not
here; nor is what a note's editor has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple

import msgspec

from refapp import messages as m
from refapp.untrusted.channel.actions import ASKED
from refapp.untrusted.presentation.view import AccountCards, Ask, Screen, SignInCard

WAYS: Mapping[Ask, Literal["browser", "device"]] = {
    "sign_in_browser": "browser",
    "sign_in_device": "device",
}
OF_THE_BANNER = {"cancel": ("cancel the keychain's question", "stop waiting")}
"""What the features call a banner's button that has the name of another."""

NAMES = frozenset({
    "try again", "unlock", "restart", "cancel the keychain's question", "stop waiting", "sync",
    "summarise", "add to my notes", "keep apart", "undo", "sign out", "where am I signed in",
    "sign out all others", "sign out everywhere", "sign in with the browser", "sign in with a code",
    "no account yet", "forgot your password", "keep my session in memory alone",
    "send the message again", "sign in with a code instead", "cancel", "open the link", "go on",
    "send a code by e-mail",
})  # fmt: skip
"""All that a feature may name."""
NOTHING = m.Nothing()


class Button(NamedTuple):
    """``usable``: it can be pressed, and then asks for ``request``."""

    usable: bool
    request: Callable[..., m.Request]
    params: msgspec.Struct = NOTHING


def buttons(seen: Screen) -> Mapping[str, Button]:
    """Those that are there."""
    return dict([*_banner(seen), *_notes(seen), *_account(seen.account)])


def _asked(ask: Ask, *, usable: bool = True) -> Iterator[Button]:
    if ask in ASKED:
        yield Button(usable, ASKED[ask])
    elif ask in WAYS:
        yield Button(usable, m.SignInElsewhere, m.SignInElsewhereParams(WAYS[ask]))


def _banner(seen: Screen) -> Iterator[tuple[str, Button]]:
    if seen.banner is not None and seen.banner.action is not None:
        text = seen.banner.action.text.lower()
        for button in _asked(seen.banner.action.ask):
            yield from ((name, button) for name in OF_THE_BANNER.get(text, (text,)))


def _notes(seen: Screen) -> Iterator[tuple[str, Button]]:
    yield "sync", Button(seen.services.sync.usable, m.SyncNow)
    yield "summarise", Button(seen.services.assistant.usable, m.Summarise)
    for choice in seen.apart.choices if seen.apart is not None else ():
        if choice.answer != "hide":
            params = m.NotesApartParams(choice.answer)
            yield (
                choice.text.lower(),
                Button(usable=True, request=m.AnswerNotesApart, params=params),
            )


def _account(account: AccountCards) -> Iterator[tuple[str, Button]]:
    if account.profile is not None:
        yield "sign out", Button(account.profile.can_sign_out, m.SignOut)
    if (card := account.sessions) is not None:
        yield (
            "where am I signed in",
            Button(card.enabled, m.SignOut if card.again else m.ListSessions),
        )
        yield "sign out all others", Button(card.enabled and card.offers, m.RevokeOtherSessions)
        yield "sign out everywhere", Button(card.enabled and card.offers, m.SignOutEverywhere)
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
    yield "cancel", Button(not form.enabled, m.SignInCancel)
    if form.pending is not None:
        yield "open the link", Button(bool(form.pending.link), m.SignInOpenLink)
        yield "go on", Button(bool(form.pending.accept), m.SignInAccept)
    if form.second_factor is not None:
        asked = form.second_factor
        yield "send a code by e-mail", Button(bool(asked.send) and asked.enabled, m.SignInSendCode)
