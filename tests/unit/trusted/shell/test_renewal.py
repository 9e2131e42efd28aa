"""A renewal with half a pair on file asks nothing (RF-7); one that was joined for another token
does not stand for this one; and what is stored beside the pair outlives every renewal.
"""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import msgspec
import pytest

from refapp.snapshot import Phase
from refapp.trusted.rules import events as ev
from refapp.trusted.shell.renewal_outcome import Another, Good, Outcome
from refapp.trusted.storage.secret import SessionMode, StoredSession, TokenPair
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app, signed_in, until
from steps.scenario.people import ADA
from steps.servers.local_server import LocalServer


@pytest.mark.parametrize(
    ("pair", "mode"),
    [
        (TokenPair("access", ""), SessionMode.UNKNOWN),
        (TokenPair("access", ""), SessionMode.ROTATING),
        (TokenPair("", "refresh"), SessionMode.SLIDING),
    ],
)
def test_without_the_token_to_ask_with_the_session_is_over(
    pair: TokenPair, mode: SessionMode, tmp_path: Path
) -> None:
    time = VirtualTime()
    server = LocalServer(time.now)

    async def story() -> None:
        app = one_app(tmp_path, FakeKeychain(), server.transport(), time.now)
        await app.tokens.save(StoredSession(pair, "u1", mode))
        app.store.dispatch(ev.InitialiseAsked())
        await until(app, lambda a: a.store.state.phase is not Phase.RESTORING)
        assert app.store.state.phase is Phase.EXPIRED
        assert app.history.reasons("")[-1].sentence.startswith("There was no ")
        await app.close()

    task = time.start(story())
    time.advance(10)
    task.result()
    assert server.seen == []
    time.close()
    server.model.close()


def test_who_joins_a_renewal_that_only_took_his_own_token_from_the_file_has_it_renewed(
    tmp_path: Path,
) -> None:
    """Another copy of the app stored a newer pair,
    and the server has ended its access token too (RF-9, RF-11).
    """
    time = VirtualTime()
    server = LocalServer(time.now)

    async def story() -> tuple[TokenPair, list[TokenPair]]:
        app = one_app(tmp_path, FakeKeychain(), server.transport(), time.now)
        await signed_in(app, ADA.email, ADA.password)
        held = app.store.held
        assert held is not None
        owner = app.store.owner
        renewed = await asyncio.gather(*[app.store._renewal.renew(used, owner, profile_too=False,
                                                                  report=ignore)
                                         for used in ("an older token",
                                                      held.pair.access)])  # fmt: skip
        await app.close()
        return held.pair, [outcome.session.pair for outcome in renewed if isinstance(outcome, Good)]

    def ignore(_: object, outcome: object) -> None:
        """The session's rules are not what is asked for here."""

    task = time.start(story())
    time.advance(10)
    had, got = task.result()
    assert got[0] == had
    assert len(got) == 2
    assert got[1] != had
    time.close()
    server.model.close()


class Wider(StoredSession, frozen=True):
    """A stored session of some later version, with a field more."""

    since: float = 0.0


@pytest.mark.parametrize("mode", SessionMode)
def test_a_renewal_keeps_what_it_does_not_renew(mode: SessionMode, tmp_path: Path) -> None:
    """A new session that is built from its known parts loses, at the first renewal, each part that
    is added later.
    """
    time = VirtualTime()
    server = LocalServer(time.now)

    async def story() -> Outcome:
        app = one_app(tmp_path, FakeKeychain(), server.transport(), time.now)
        await signed_in(app, ADA.email, ADA.password)
        held = app.store.held
        assert held is not None
        wider = Wider(**{**msgspec.structs.asdict(held), "mode": mode}, since=7.0)
        renewal = app.store._renewal
        renew = (
            renewal._check
            if mode is SessionMode.SLIDING
            else partial(renewal._refresh, profile_too=False)
        )
        outcome = await renew(wider, owner=app.store.owner)
        await app.close()
        return outcome

    task = time.start(story())
    time.advance(10)
    outcome = task.result()
    assert isinstance(outcome, Good)
    assert isinstance(outcome.session, Wider)
    assert outcome.session.since == 7.0
    time.close()
    server.model.close()


@pytest.mark.parametrize("older", [False, True], ids=["the same token", "an older token"])
def test_tokens_without_a_name_are_those_of_whom_the_server_names(
    older: bool, tmp_path: Path
) -> None:
    """They came from a window:
    until the server has said whose they are, nobody's calls go with them (OW-1).

    What was begun with an older token than the one on file may have been another person's: it gets
    nothing.
    """
    time = VirtualTime()
    server = LocalServer(time.now)
    keychain = FakeKeychain()

    async def story() -> tuple[str, Outcome, StoredSession | None]:
        first = one_app(tmp_path, keychain, server.transport(), time.now)
        await signed_in(first, ADA.email, ADA.password)
        held = first.store.held
        assert held is not None
        await first.close()
        app = one_app(tmp_path, keychain, server.transport(), time.now)
        await app.tokens.save(msgspec.structs.replace(held, user_id=""))
        used = "an older token" if older else held.pair.access
        renewed = await app.store._renewal.renew(
            used, app.store.owner, profile_too=True, report=lambda _, __: None
        )
        stored = await app.tokens.load()
        await app.close()
        return held.user_id, renewed, stored

    task = time.start(story())
    time.advance(10)
    ada, renewed, stored = task.result()
    time.close()
    server.model.close()
    assert ada
    assert stored is not None
    if older:
        assert isinstance(renewed, Another)
        assert stored.user_id == ""
    else:
        assert isinstance(renewed, Good)
        assert renewed.session.user_id == stored.user_id == ada
