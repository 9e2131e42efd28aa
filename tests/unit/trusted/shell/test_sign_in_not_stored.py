"""SI-4: a pair that the disk does not take, or does not confirm, is no sign-in;
nothing of it stays, here or on the server.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from refapp.snapshot import Phase
from refapp.trusted.errors import StorageError, WriteFailed, WriteNotDurable
from refapp.trusted.rules import events as ev
from refapp.trusted.storage.secret import Credentials, StoredSession, Trust
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app, signed_in, until
from steps.scenario import token_vault
from steps.scenario.people import ADA
from steps.servers.local_server import LocalServer


@pytest.mark.parametrize(
    "trouble", [WriteNotDurable("The disk did not confirm."), WriteFailed("The disk is full.")]
)
def test_what_the_disk_did_not_confirm_is_taken_back(trouble: StorageError, tmp_path: Path) -> None:
    time = VirtualTime()
    server = LocalServer(time.now)

    async def story() -> None:
        app = one_app(tmp_path, FakeKeychain(), server.transport(), time.now)
        store_it = app.tokens.save

        async def save(session: StoredSession, trust: Trust | None = None) -> None:
            if isinstance(trouble, WriteNotDurable):
                await store_it(session, trust)
            raise type(trouble)(trouble.sentence)

        app.tokens.save = save  # type: ignore[method-assign]
        app.store.dispatch(ev.InitialiseAsked())
        await until(app, lambda a: a.store.state.phase is Phase.SIGNED_OUT)
        app.store.dispatch(ev.SignInAsked(Credentials(ADA.email, ADA.password)))
        await until(app, lambda a: a.store.state.phase is not Phase.SIGNING_IN)
        assert app.store.state.phase is Phase.SIGNED_OUT
        assert app.store.state.form_error.startswith(f"Failed to store tokens: {trouble.sentence} ")
        assert app.store.state.form_error.endswith("then try again.")
        await app.close()
        assert not token_vault.path_in(tmp_path).exists()
        assert server.model.live_sessions(ADA.email) == 0
        again = one_app(tmp_path, FakeKeychain(), server.transport(), time.now)
        await signed_in(again, ADA.email, ADA.password)
        await asyncio.sleep(0)
        await again.close()

    task = time.start(story())
    time.advance(30)
    task.result()
    time.close()
    server.model.close()
