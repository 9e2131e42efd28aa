"""The refresh answer that gets lost on the way, cut at each of its bytes by a real server on a real connection (RF-14).

With a reuse window on the server the session is recovered every time. Without one the server refuses the second try: the
session is over, the history says why, and the note that was being written is kept.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.errors import SessionExpired
from steps.fakes.fake_keychain import FakeKeychain
from steps.in_process.one_app import one_app, signed_in
from steps.servers.auth_servers import AuthServer, embedded_server

REFRESH = "/api/auth/refresh"


async def lose(app: App, server: AuthServer, cut_at: int) -> int:
    """The access token ends, and the next refresh answer is cut after ``cut_at`` bytes; the status that a call then gets."""
    server.control("expire_access", email=server.email)
    server.control("lose_next_answer", path=REFRESH, cut_at=cut_at)
    return (await app.api.fetch("GET", "/app/me")).status


def answer_length(server: AuthServer) -> int:
    """How long the server's refresh answers are, in bytes."""
    account = {"email": server.email, "password": server.password}
    signed = server.client.post("/api/auth/sign-in/email", json=account)
    refreshed = server.client.post(REFRESH, json={"refreshToken": signed.headers["set-refresh-token"]})
    return len(refreshed.content)


def test_inside_the_reuse_window_every_cut_is_recovered(tmp_path: Path) -> None:
    async def story(server: AuthServer) -> None:
        app = one_app(tmp_path / "app", FakeKeychain(), None, time.time, server.url)
        await signed_in(app, server.email, server.password)
        for cut_at in range(length):
            assert await lose(app, server, cut_at) == 200, f"cut after {cut_at} bytes"
            assert app.store.state.phase is Phase.SIGNED_IN
        await app.close()

    with embedded_server(tmp_path / "server", "--mode", "rotating", "--reuse-window", "30") as server:
        length = answer_length(server)
        assert length > 100
        asyncio.run(story(server))


@pytest.mark.parametrize("cut_at", [0, 1, 50, 100])
def test_without_a_reuse_window_the_end_is_explained_and_the_draft_kept(cut_at: int, tmp_path: Path) -> None:
    async def story(server: AuthServer) -> None:
        app = one_app(tmp_path / "app", FakeKeychain(), None, time.time, server.url)
        await signed_in(app, server.email, server.password)
        app.around.workspace.save(None, "My draft.")
        with pytest.raises(SessionExpired):
            await lose(app, server, cut_at)
        assert app.store.state.phase is Phase.EXPIRED
        assert "lost on the way" in app.history.reasons("")[-1].sentence
        assert [note.title for note in app.around.workspace.summaries()] == ["My draft."]
        await app.close()

    with embedded_server(tmp_path / "server", "--mode", "rotating") as server:
        asyncio.run(story(server))
