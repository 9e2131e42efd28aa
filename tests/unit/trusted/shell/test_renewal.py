"""A renewal with half a pair on file asks nothing (RF-7); one that was joined for another token does not stand for this one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from refapp.snapshot import Phase
from refapp.trusted.rules import events as ev
from refapp.trusted.shell.renewal import Good
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
def test_without_the_token_to_ask_with_the_session_is_over(pair: TokenPair, mode: SessionMode, tmp_path: Path) -> None:
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


def test_who_joins_a_renewal_that_only_took_his_own_token_from_the_file_has_it_renewed(tmp_path: Path) -> None:
    """Another copy of the app stored a newer pair, and the server has ended its access token too (RF-9, RF-11)."""
    time = VirtualTime()
    server = LocalServer(time.now)

    async def story() -> tuple[TokenPair, list[TokenPair]]:
        app = one_app(tmp_path, FakeKeychain(), server.transport(), time.now)
        await signed_in(app, ADA.email, ADA.password)
        held = app.store.held
        assert held is not None
        owner = app.store.owner
        renewed = await asyncio.gather(*[app.store._renewal.renew(used, owner, profile_too=False, report=ignore)
                                         for used in ("an older token", held.pair.access)])  # fmt: skip
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
