"""Every task of the trusted side is cancelled at each place where it waits, in turn, and before it
begins (NM-2, NM-8).

Afterwards no lease is held, no key is there that no file needs once something was written, nobody
waits, and what is shown is true: ``two_copies`` looks. The window's side is in
``test_cancelled_with_a_window``.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from cancelled import UNBEGUN, Cancelled, at_every_place

from refapp.snapshot import Way
from refapp.trusted.errors import CallError, NoAccessToken
from refapp.trusted.rules import events as ev
from refapp.trusted.rules.pending import LinkAsked, SignInElsewhereAsked
from steps.scenario.browser_page import decide
from steps.scenario.people import ADA, BOB


def nothing(_: Cancelled) -> None:
    """Two copies, and nobody is signed in."""


def signed_in(here: Cancelled) -> None:
    here.sign_in(here.copies[0], ADA)
    here.time.advance(20)


def offline(here: Cancelled) -> None:
    signed_in(here)
    here.server.outage = "unreachable"
    here.time.run(here.call(here.copies[0]))
    here.server.outage = None


def unreachable(here: Cancelled) -> None:
    signed_in(here)
    here.server.outage = "unreachable"
    here.time.run(here.call(here.copies[0]))


def ask(event: ev.Event) -> Callable[[Cancelled], None]:
    def deed(here: Cancelled) -> None:
        here.act(here.copies[0].store.dispatch, event)
        here.time.advance(20)

    return deed


def with_a_code(here: Cancelled) -> None:
    ask(SignInElsewhereAsked(Way.DEVICE))(here)
    if here.copies[0].store.state.pending is not None:
        here.server.model.decide_device(ADA.email, allow=True)
    here.time.advance(20)


def call_after(here: Cancelled, happens: Callable[[str], None]) -> None:
    happens(ADA.email)
    here.time.start(here.call(here.copies[0]))
    here.time.advance(20)


def with_a_jwt(here: Cancelled) -> None:
    """Two calls, which wait for one JWT;
    the one does not suffer for the other, and neither is told that nobody is signed in.
    """
    fetch = here.copies[0].api.fetch
    calls = [here.time.start(fetch("GET", "/app/jwt-me", jwt=True)) for _ in range(2)]
    here.time.advance(20)
    assert all(call.done() for call in calls), "a call waits"
    there = [call for call in calls if not call.cancelled()]
    assert not any(isinstance(call.exception(), NoAccessToken) for call in there), (
        "a call says: nobody is signed in"
    )
    if here.where.startswith("ApiClient.fetch, "):
        assert [call.result().status for call in there] == [200], (
            "one call is cancelled, and the other suffers"
        )


def jwt_run_out(here: Cancelled) -> None:
    signed_in(here)
    here.time.start(here.copies[0].api.fetch("GET", "/app/jwt-me", jwt=True))
    here.time.advance(890)


def with_the_browser(here: Cancelled) -> None:
    ask(SignInElsewhereAsked(Way.BROWSER))(here)
    pending = here.copies[0].store.state.pending
    if pending is not None and pending.link:
        ask(LinkAsked())(here)
        with here.server.person() as client:
            leads_to = decide(client, pending.link, ADA, "allows")
        # Nobody waits any more, or whoever read what came is the one that is cancelled.
        with contextlib.suppress(ConnectionRefusedError, asyncio.CancelledError):
            here.browser.visit(leads_to)
    here.time.advance(20)


def busy_elsewhere(here: Cancelled) -> None:
    signed_in(here)
    here.hold_lease(0.1)
    here.time.settle()


def waiting(way: Way) -> Callable[[Cancelled], None]:
    return ask(SignInElsewhereAsked(way))


def end(here: Cancelled, *events: ev.Event) -> None:
    """The end, with a call under way and what the person asked for last;
    it leaves nothing behind, and the app can be started.
    """
    copy = here.copies[0]
    started: list[asyncio.Task[Any]] = []
    left: list[int] = []

    def close() -> None:
        started.append(here.time.start(copy.api.fetch("GET", "/app/me")))
        for event in events:
            copy.store.dispatch(event)
        started.append(here.time.start(copy.close()))
        work = copy.store._sign_out
        started[-1].add_done_callback(
            lambda _: left.append(len(work._forgetting) + len(work._last_words))
        )

    here.act(close)
    here.time.advance(100)
    assert all(one.done() for one in started), "the end waits for something"
    if here.where == f"App.close, {UNBEGUN}":
        here.close(copy)
    else:
        assert left == [0], "the end is told, and a sign-out goes on"
    assert all(one.cancelled() or isinstance(one.exception(), CallError | None) for one in started)
    assert copy.store.closed
    assert copy.store.held is None
    here.copies[0] = here.start()
    here.time.advance(5)
    if here.copies[0].store.state.pending is not None:
        here.server.model.decide_device(ADA.email, allow=True)
    here.time.advance(20)


def start(here: Cancelled) -> None:
    here.copies[0] = here.start()
    here.time.advance(20)


def closed(here: Cancelled) -> None:
    signed_in(here)
    here.close(here.copies[0])


def sync(here: Cancelled) -> None:
    here.write(here.copies[0])
    here.time.start(here.copies[0].around.sync.run())
    here.time.advance(20)


def rotate(here: Cancelled) -> None:
    here.time.start(here.rotate())
    here.time.advance(20)


def taken_over(here: Cancelled) -> None:
    """Ada signs out in the other copy and Bob signs in there, which this one notices."""
    here.act(here.copies[1].store.dispatch, ev.SignOutAsked())
    here.time.advance(1)
    here.restart(here.copies[1])
    here.sign_in(here.copies[1], BOB)
    here.time.advance(30)


STORIES: dict[str, tuple[Callable[[Cancelled], None], Callable[[Cancelled], None]]] = {
    "a sign-in": (
        nothing,
        lambda here: (here.sign_in(here.copies[0], ADA), here.time.advance(20), None)[-1],
    ),
    "a sign-in with a code": (nothing, with_a_code),
    "a start": (closed, start),
    "a call whose token has run out": (
        signed_in,
        lambda here: call_after(here, here.server.model.expire_access),
    ),
    "a call of a session that has ended": (
        signed_in,
        lambda here: call_after(here, here.server.model.revoke_all),
    ),
    "another try": (offline, ask(ev.TryAgainAsked())),
    "a sync": (signed_in, sync),
    "a sign-out": (signed_in, ask(ev.SignOutAsked())),
    "another person in the other copy": (signed_in, taken_over),
    "another key": (signed_in, rotate),
    "a sign-in with the browser": (nothing, with_the_browser),
    "calls with a JWT": (signed_in, with_a_jwt),
    "calls whose JWT runs out": (jwt_run_out, with_a_jwt),
    "the end": (signed_in, end),
    "the end, with a sign-out": (signed_in, lambda here: end(here, ev.SignOutAsked())),
    "the end, with a sign-out that waits for another copy": (
        busy_elsewhere,
        lambda here: end(here, ev.SignOutAsked()),
    ),
    "the end while the browser is waited for": (waiting(Way.BROWSER), end),
    "the end while a code is waited for": (waiting(Way.DEVICE), end),
    "the end while the server can't be reached": (unreachable, end),
}


@pytest.mark.parametrize("story", STORIES)
def test_whoever_is_cancelled_wherever_he_waits(story: str) -> None:
    assert at_every_place(Cancelled, *STORIES[story]) > 2
