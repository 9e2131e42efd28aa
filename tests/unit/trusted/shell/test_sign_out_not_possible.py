"""SO-2: a token file that can't be removed means still signed in, and the window says so;
another try may succeed.
"""

from __future__ import annotations

from pathlib import Path

from refapp.snapshot import Phase
from refapp.trusted.errors import WriteFailed
from refapp.trusted.rules import events as ev
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app, signed_in, until
from steps.scenario import token_vault
from steps.scenario.people import ADA
from steps.servers.local_server import LocalServer


def test_a_token_file_that_stays_keeps_its_session(tmp_path: Path) -> None:
    time = VirtualTime()
    server = LocalServer(time.now)

    async def story() -> None:
        app = one_app(tmp_path, FakeKeychain(), server.transport(), time.now)
        await signed_in(app, ADA.email, ADA.password)
        forget = app.tokens.forget

        async def refuse() -> None:
            raise WriteFailed("The folder is read-only.")

        app.tokens.forget = refuse  # type: ignore[method-assign]
        app.store.dispatch(ev.SignOutAsked())
        await until(app, lambda a: a.store.state.phase is not Phase.SIGNING_OUT)
        assert app.store.state.phase is Phase.SIGNED_IN
        assert app.store.state.said is not None
        assert app.store.state.said.text.startswith(
            "You are still signed in: The folder is read-only. Free"
        )
        assert token_vault.path_in(tmp_path).exists()
        assert server.model.live_sessions(ADA.email) == 1
        assert (await app.api.fetch("GET", "/app/me")).status == 200
        app.tokens.forget = forget  # type: ignore[method-assign]
        app.store.dispatch(ev.SignOutAsked())
        await until(
            app, lambda a: a.store.state.phase in (Phase.SIGNED_OUT, Phase.AWAITING_RESTART)
        )
        assert not token_vault.path_in(tmp_path).exists()
        await app.close()

    task = time.start(story())
    time.advance(30)
    task.result()
    time.close()
    server.model.close()
