"""A renewal with half a pair on file: what can't be asked is not asked (RF-7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from refapp.snapshot import Phase
from refapp.trusted import events as ev
from refapp.trusted.secret import SessionMode, StoredSession, TokenPair
from steps.fake_keychain import FakeKeychain
from steps.local_server import LocalServer
from steps.one_app import one_app, until
from steps.virtual_time import VirtualTime


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
        assert app.history.reasons()[-1].sentence.startswith("There was no ")
        await app.close()

    task = time.start(story())
    time.advance(10)
    task.result()
    assert server.seen == []
    time.close()
    server.model.close()
