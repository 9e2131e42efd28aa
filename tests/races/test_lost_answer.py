"""The refresh answer that gets lost on the way, cut at each of its bytes, head and body, on a real
connection (RF-14).

With a reuse window on the server the session is recovered every time. Without one the server
refuses the second try: the session is over, the history says why, and the note that was being
written is kept.
"""

from __future__ import annotations

import asyncio
import re
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


class Relay:
    """Stands before ``server`` and passes on byte for byte;
    of its next refresh answer no more than ``cut_at`` bytes, once.
    """

    def __init__(self, server: AuthServer) -> None:
        self._server = server
        self.cut_at: int | None = None
        self.cut_at_most = 0
        self.url = ""

    async def __aenter__(self) -> Relay:
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(length[1]) if length else 0)
        there, to_there = await asyncio.open_connection(
            *self._server.url.removeprefix("http://").split(":")
        )
        to_there.write(head.replace(b"Connection: keep-alive", b"Connection: close") + body)
        answer = await there.read()
        to_there.close()
        if head.startswith(b"POST " + REFRESH.encode()):
            self.cut_at_most = len(answer)
            answer, self.cut_at = answer[: self.cut_at], None
        writer.write(answer)
        writer.close()


async def lose(app: App, relay: Relay, server: AuthServer, cut_at: int | None) -> int:
    """The access token ends, and the next refresh answer is cut after ``cut_at`` bytes;
    the status that a call then gets.
    """
    server.control("expire_access", email=server.email)
    relay.cut_at = cut_at
    return (await app.api.fetch("GET", "/app/me")).status


def test_inside_the_reuse_window_every_cut_is_recovered(tmp_path: Path) -> None:
    async def story(server: AuthServer) -> None:
        async with Relay(server) as relay:
            app = one_app(tmp_path / "app", FakeKeychain(), None, time.time, relay.url)
            await signed_in(app, server.email, server.password)
            assert await lose(app, relay, server, None) == 200
            length = relay.cut_at_most
            assert length > 300, "head and body"
            for cut_at in range(length):
                assert await lose(app, relay, server, cut_at) == 200, f"cut after {cut_at} bytes"
                assert app.store.state.phase is Phase.SIGNED_IN
            await app.close()

    with embedded_server(
        tmp_path / "server", "--mode", "rotating", "--reuse-window", "30"
    ) as server:
        asyncio.run(story(server))


@pytest.mark.parametrize("cut_at", [0, 1, 16, 100, 300])
def test_without_a_reuse_window_the_end_is_explained_and_the_draft_kept(
    cut_at: int, tmp_path: Path
) -> None:
    async def story(server: AuthServer) -> None:
        async with Relay(server) as relay:
            app = one_app(tmp_path / "app", FakeKeychain(), None, time.time, relay.url)
            await signed_in(app, server.email, server.password)
            app.around.workspace.save(None, "My draft.")
            with pytest.raises(SessionExpired):
                await lose(app, relay, server, cut_at)
            assert app.store.state.phase is Phase.EXPIRED
            assert "lost on the way" in app.history.reasons("")[-1].sentence
            assert [note.title for note in app.around.workspace.summaries()] == ["My draft."]
            await app.close()

    with embedded_server(tmp_path / "server", "--mode", "rotating") as server:
        asyncio.run(story(server))
