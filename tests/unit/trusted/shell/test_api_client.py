"""One call's life: the token on it, the renewal after a 401, the one repeat, and what its caller is
told (RF-1 to RF-9).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.errors import (
    CannotTell,
    ConfigError,
    NoAccessToken,
    SessionClosed,
    SessionExpired,
)
from refapp.trusted.server.exchange import Exchange
from refapp.trusted.server.origin_client import AT_ONCE
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app, signed_in
from steps.scenario.people import ADA
from steps.servers.local_server import LocalServer

JSON = {"content-type": "application/json"}
Story = Callable[[App, LocalServer], Coroutine[None, None, None]]


def tell(folder: Path, story: Story) -> None:
    time = VirtualTime()
    server = LocalServer(time.now)

    async def whole() -> None:
        app = one_app(folder, FakeKeychain(), server.transport(), time.now)
        await signed_in(app, ADA.email, ADA.password)
        await app.around.sync.run()
        server.seen.clear()
        await story(app, server)
        await app.close()

    task = time.start(whole())
    time.advance(60)
    task.result()
    time.close()
    server.model.close()


def paths(server: LocalServer) -> list[str]:
    return [request.url.path for request in server.seen]


def test_the_repeat_is_the_same_request_with_the_new_token(tmp_path: Path) -> None:
    async def story(app: App, server: LocalServer) -> None:
        server.do("expire_access", email=ADA.email)
        came = await app.api.fetch("POST", "/app/summarise", b'{"text": "A note."}')
        assert came.status == 200
        first, refresh, second = server.seen
        assert refresh.url.path == "/api/auth/refresh"
        assert (first.method, first.url, first.content) == (
            second.method,
            second.url,
            second.content,
        )
        assert first.headers["authorization"] != second.headers["authorization"]

    tell(tmp_path, story)


def test_a_second_401_is_given_to_the_caller(tmp_path: Path) -> None:
    async def story(app: App, server: LocalServer) -> None:
        for _ in range(2):
            server.answer_next("/app/me", 401, JSON, b"{}")
        assert (await app.api.fetch("GET", "/app/me")).status == 401
        assert paths(server) == ["/app/me", "/api/auth/refresh", "/app/me"]
        assert app.store.state.phase is Phase.SIGNED_IN

    tell(tmp_path, story)


def test_who_waits_for_a_turn_while_the_token_is_refused_does_not_go_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(app: App, server: LocalServer) -> None:
        server.do("expire_access", email=ADA.email)
        at_once, calls = Exchange.send, 3 * AT_ONCE

        async def send(*words: Any, **more: Any) -> Any:
            await asyncio.sleep(0.1)
            return await at_once(*words, **more)

        monkeypatch.setattr(Exchange, "send", send)
        came = await asyncio.gather(*(app.api.fetch("GET", "/app/me") for _ in range(calls)))
        assert {one.status for one in came} == {200}
        asked = paths(server)
        assert asked.count("/api/auth/refresh") == 1
        assert asked.count("/app/me") == calls + AT_ONCE

    tell(tmp_path, story)


@pytest.mark.parametrize("status", [200, 204, 400, 403, 404, 409, 413, 422])
def test_every_other_answer_is_the_caller_s(tmp_path: Path, status: int) -> None:
    async def story(app: App, server: LocalServer) -> None:
        server.answer_next("/app/me", status, JSON, b'{"code": "SESSION_EXPIRED"}')
        assert (await app.api.fetch("GET", "/app/me")).status == status
        assert paths(server) == ["/app/me"]

    tell(tmp_path, story)


@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_what_is_no_answer_is_raised_and_nothing_is_renewed(tmp_path: Path, status: int) -> None:
    async def story(app: App, server: LocalServer) -> None:
        server.answer_next("/app/me", status, {}, b"")
        with pytest.raises(CannotTell):
            await app.api.fetch("GET", "/app/me")
        assert paths(server) == ["/app/me"]
        assert app.store.state.phase is Phase.SIGNED_IN

    tell(tmp_path, story)


def test_a_session_that_is_over(tmp_path: Path) -> None:
    async def story(app: App, server: LocalServer) -> None:
        server.do("revoke_all", email=ADA.email)
        for _ in range(2):
            with pytest.raises(SessionExpired, match="please sign in again"):
                await app.api.fetch("GET", "/app/me")
        assert paths(server) == ["/app/me", "/api/auth/refresh"]

    tell(tmp_path, story)


def test_the_network_goes_during_the_renewal(tmp_path: Path) -> None:
    async def story(app: App, server: LocalServer) -> None:
        server.do("expire_access", email=ADA.email)
        server.answer_next("/api/auth/refresh", 503, {}, b"")
        with pytest.raises(CannotTell, match="You stay signed in"):
            await app.api.fetch("GET", "/app/me")
        assert app.store.state.phase is Phase.OFFLINE
        assert await app.tokens.load() is not None

    tell(tmp_path, story)


@pytest.mark.parametrize("jwt", [False, True])
@pytest.mark.parametrize(("method", "path"), [("GET", "app/me"), ("/app/me", "GET"), ("", "/x")])
def test_for_what_is_no_call_no_token_is_asked_for_either(
    tmp_path: Path, method: str, path: str, *, jwt: bool
) -> None:
    async def story(app: App, server: LocalServer) -> None:
        server.do("expire_access", email=ADA.email)
        with pytest.raises(ConfigError):
            await app.api.fetch(method, path, jwt=jwt)
        assert server.seen == []

    tell(tmp_path, story)


def test_signed_out_there_is_no_request(tmp_path: Path) -> None:
    time = VirtualTime()
    server = LocalServer(time.now)

    async def story() -> None:
        app = one_app(tmp_path, FakeKeychain(), server.transport(), time.now)
        with pytest.raises(NoAccessToken, match="No access token available"):
            await app.api.fetch("GET", "/app/me")
        await app.close()

    time.run(story())
    assert server.seen == []
    time.close()
    server.model.close()


@pytest.mark.parametrize("jwt", [False, True])
def test_who_waits_while_the_app_is_closed_is_told_and_nothing_is_sent_afterwards(
    tmp_path: Path, *, jwt: bool
) -> None:
    async def story(app: App, server: LocalServer) -> None:
        held = "/api/auth/token" if jwt else "/api/auth/refresh"
        server.do("expire_access", email=ADA.email)
        server.do("hold_next", path=held)
        waits = asyncio.create_task(app.api.fetch("GET", "/app/me", jwt=jwt))
        await asyncio.sleep(1)
        asked = paths(server)
        assert asked[-1] == held
        await app.close()
        with pytest.raises(SessionClosed):
            await waits
        # Longer than any request may take.
        await asyncio.sleep(50)
        assert paths(server) == asked

    tell(tmp_path, story)
