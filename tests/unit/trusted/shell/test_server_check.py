"""Whom an answer names,
and what becomes of a token that a question brings beside it (OW-10, LY-8).
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.files.profile import Profile
from refapp.trusted.shell.renewal_outcome import names_another
from refapp.trusted.storage.secret import StoredSession, TokenPair
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app, signed_in
from steps.scenario.people import ADA
from steps.servers.local_server import LocalServer

ADAS = Profile(id="1", name="Ada", email="ada@example.com")
JSON = {"content-type": "application/json"}
SIX_MINUTES_S = 360


def profile(user_id: str, email: str) -> Profile:
    return Profile(id=user_id, name="Whoever", email=email)


@pytest.mark.parametrize(
    ("said", "known", "another"),
    [
        (profile("1", "king@example.com"), ADAS, False),
        (profile("2", "bob@example.com"), ADAS, True),
        (profile("2", "ADA@example.com"), ADAS, False),
        (profile("2", ""), profile("1", ""), True),
        (profile("2", "bob@example.com"), None, True),
        (profile("1", "ada@example.com"), None, False),
        (None, ADAS, False),
    ],
    ids=[
        "hers",
        "his",
        "another id, the same address",
        "no addresses",
        "nothing known",
        "hers, nothing known",
        "nobody",
    ],
)
def test_whom_an_answer_names(
    said: Profile | None, known: Profile | None, *, another: bool
) -> None:
    session = StoredSession(TokenPair("access", "refresh"), user_id="1")
    assert names_another(said, session, known) == another


def test_a_session_that_nobody_is_known_to_have_takes_the_server_s_word() -> None:
    assert not names_another(ADAS, StoredSession(TokenPair("access", "refresh"), user_id=""), None)


@pytest.mark.parametrize("asks", ["after a call", "for another client", "after a call that failed"])
def test_a_token_that_comes_with_the_answer_is_the_session_s_from_then_on(
    tmp_path: Path, asks: str
) -> None:
    """A server with sliding sessions may put a new token in the old one's place whenever it is
    asked.
    """
    time = VirtualTime()
    server = LocalServer(time.now, "sliding")

    async def story() -> App:
        app = one_app(tmp_path, FakeKeychain(), server.transport(), time.now)
        await signed_in(app, ADA.email, ADA.password)
        assert app.store.state.profile is not None
        user = {"id": app.store.state.profile.id, "name": "Ada", "email": ADA.email}
        answer = {"session": {"expiresAt": "2030-03-18T00:00:00.000Z"}, "user": user}
        await asyncio.sleep(SIX_MINUTES_S)
        server.answer_next(
            "/api/auth/get-session",
            200,
            JSON | {"set-auth-token": "moved"},
            json.dumps(answer).encode(),
        )
        if asks == "for another client":
            await app.api.bearer(app.store.owner)
        elif asks == "after a call":
            await app.api.fetch("GET", "/app/me")
        else:
            app._parts.check.call_failed(app.store.owner)
        await asyncio.sleep(1)
        stored = await app.tokens.load()
        assert stored is not None
        assert stored.pair.access == "moved"
        server.seen.clear()
        server.answer_next("/app/me", 200, JSON, b"{}")
        await app.api.fetch("GET", "/app/me")
        assert server.seen[0].headers["authorization"] == "Bearer moved"
        return app

    task = time.start(story())
    time.advance(SIX_MINUTES_S + 30)
    app = task.result()
    closed = time.start(app.close())
    time.advance(60)
    closed.result()
    time.close()
    server.model.close()


class Misnaming(httpx.AsyncBaseTransport):
    """In front of ``server``: once it is ``on``, every session check names Bob.
    ``asked``: the paths.
    """

    def __init__(self, server: LocalServer) -> None:
        self._behind = server.transport()
        self.on = False
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if not self.on or request.url.path != "/api/auth/get-session":
            return await self._behind.handle_async_request(request)
        bob = {"id": "bobs", "name": "Bob", "email": "bob@example.com"}
        return httpx.Response(
            200, json={"session": {"expiresAt": "2030-03-18T00:00:00.000Z"}, "user": bob}
        )


def test_a_server_that_goes_on_naming_somebody_else_costs_one_renewal(tmp_path: Path) -> None:
    time = VirtualTime()
    server = LocalServer(time.now)
    between = Misnaming(server)

    async def story() -> None:
        app = one_app(tmp_path, FakeKeychain(), between, time.now)
        await signed_in(app, ADA.email, ADA.password)
        await asyncio.sleep(SIX_MINUTES_S)
        between.on = True
        for _ in range(5):
            assert (await app.api.fetch("GET", "/app/me")).status == 200
            await asyncio.sleep(11)
        assert app.store.state.phase is Phase.OFFLINE
        assert app.store.state.profile is not None
        assert app.store.state.profile.name == ADA.name
        assert between.asked.count("/api/auth/refresh") == 1
        await app.close()

    task = time.start(story())
    time.advance(SIX_MINUTES_S + 120)
    task.result()
    time.close()
    server.model.close()
