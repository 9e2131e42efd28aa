"""EX-1, LY-3: why a session ended is written down before its tokens go, and a list that can't be
written keeps none for ever.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.errors import CallError
from refapp.trusted.files import places
from refapp.trusted.wording import sign_out_words
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app, signed_in
from steps.scenario import token_vault
from steps.scenario.people import ADA
from steps.servers.local_server import ORIGIN, LocalServer

HOUR_S = 3600.0


@pytest.mark.parametrize(("mended", "gone_within_s"), [(True, 130.0), (False, 2 * HOUR_S)])
def test_tokens_of_an_ended_session_wait_for_the_reason_for_an_hour(
    tmp_path: Path, mended: bool, gone_within_s: float
) -> None:
    time = VirtualTime()
    server = LocalServer(time.now)
    history = places.history(tmp_path, ORIGIN)

    async def ended() -> App:
        app = one_app(tmp_path, FakeKeychain(), server.transport(), time.now)
        await signed_in(app, ADA.email, ADA.password)
        history.mkdir()
        server.model.revoke_all(ADA.email)
        with pytest.raises(CallError):
            await app.api.fetch("GET", "/app/me")
        return app

    start = time.start(ended())
    time.advance(10)
    app, stored = start.result(), token_vault.path_in(tmp_path)
    assert app.store.state.phase is Phase.EXPIRED
    time.advance(0.8 * HOUR_S)
    assert stored.exists(), "another copy that misses them would not find out why"
    if mended:
        history.rmdir()
    time.advance(gone_within_s)
    assert not stored.exists()
    said = [reason.sentence for reason in app.history.reasons(app.store.state.user_id)]
    assert (sign_out_words.REASON_NOT_WRITTEN in said) is not mended
    time.run(app.close())
    time.close()
    server.model.close()
