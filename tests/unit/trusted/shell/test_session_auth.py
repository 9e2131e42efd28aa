"""``session.auth``: a program's own httpx clients carry the session's token,
to the origins that were named.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import httpx
import pytest

from refapp import ConfigError, NoAccessToken, Session, SessionExpired, open_session
from refapp.demo_server.control import KEY_HEADER
from steps.fakes.fake_keychain import FakeKeychain
from steps.servers.auth_servers import AuthServer, embedded_server

API = "https://api.example.com"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuthServer]:
    with embedded_server(tmp_path_factory.mktemp("server"), "--mode", "rotating") as running:
        yield running


Story = Callable[[Session], Coroutine[None, None, None]]
Tell = Callable[[Story], None]


@pytest.fixture
def tell(server: AuthServer, tmp_path: Path) -> Tell:
    """Runs a story with a session that is signed in."""

    async def whole(story: Story) -> None:
        async with open_session(server.url, FakeKeychain(), data_dir=tmp_path / "app") as session:
            await session.sign_in(server.email, server.password)
            await story(session)

    return lambda story: asyncio.run(whole(story))


def test_a_hundred_calls_that_meet_401_share_one_renewal(tell: Tell, server: AuthServer) -> None:
    async def story(session: Session) -> None:
        server.control("expire_access", email=server.email)
        async with httpx.AsyncClient(base_url=server.url, auth=session.auth()) as api:
            came = await asyncio.gather(*(api.get("/app/me") for _ in range(100)))
        assert {answer.status_code for answer in came} == {200}

    before = refreshes(server)
    tell(story)
    assert refreshes(server) - before == 1


def refreshes(server: AuthServer) -> int:
    log = server.client.get("/control", headers={KEY_HEADER: server.control_key}).json()
    return sum("/refresh" in str(seen) for seen in log["requests"])


class Api:
    """An API of the application's at another origin.
    ``answers``: its statuses, then 200; ``seen``: what it was sent.
    """

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.seen: list[httpx.Request] = []
        self.tokens: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        self.tokens.append(request.headers.get("Authorization", ""))
        return httpx.Response(
            self.answers.pop(0) if self.answers else 200,
            headers={"Location": "https://evil.example/"},
        )

    def client(self, session: Session, *origins: str) -> httpx.AsyncClient:
        auth = session.auth(*origins)
        return httpx.AsyncClient(
            transport=httpx.MockTransport(self), auth=auth, follow_redirects=True
        )


def test_a_refused_call_goes_again_once_with_the_new_token_and_the_same_body(tell: Tell) -> None:
    api = Api(401, 401)

    async def story(session: Session) -> None:
        async with api.client(session, API) as client:
            assert (
                await client.post(f"{API}/items", json={"name": "Engine"}, headers={"X-Trace": "7"})
            ).status_code == 401

    tell(story)
    first, second = api.seen
    assert first.content == second.content == b'{"name":"Engine"}'
    assert second.headers["X-Trace"] == "7"
    assert len(set(api.tokens)) == 2
    assert all(token.startswith("Bearer ") for token in api.tokens)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://api.example.com.evil.example/",
        "https://api.example.com:444/",
        "http://api.example.com/",
        "http://127.0.0.1:1/",
    ],
)
def test_no_other_origin_gets_the_token(url: str, tell: Tell) -> None:
    api = Api()

    async def story(session: Session) -> None:
        async with api.client(session, API) as client:
            await client.get(url)

    tell(story)
    assert api.tokens == [""]


def test_nor_does_one_that_the_api_leads_to(tell: Tell) -> None:
    api = Api(307)

    async def story(session: Session) -> None:
        async with api.client(session, API) as client:
            await client.get(f"{API}/items")

    tell(story)
    assert [request.url.host for request in api.seen] == ["api.example.com", "evil.example"]
    assert [bool(token) for token in api.tokens] == [True, False]


def test_a_401_of_whom_the_api_leads_to_is_no_word_about_the_token(tell: Tell) -> None:
    api = Api(307, 401)

    async def story(session: Session) -> None:
        async with api.client(session, API) as client:
            assert (await client.get(f"{API}/items")).status_code == 401
            await client.get(f"{API}/items")

    tell(story)
    assert [request.url.host for request in api.seen] == [
        "api.example.com",
        "evil.example",
        "api.example.com",
    ]
    assert api.tokens[0] == api.tokens[2], "it was not renewed"


FILES = "https://files.example.com"


@pytest.mark.parametrize(("leads_to", "carried"), [(FILES, False), (API, True)])
def test_a_401_counts_where_the_token_came_along(leads_to: str, carried: bool, tell: Tell) -> None:
    """On the way to another origin httpx takes the token off, though that was named as well."""
    tokens: list[str] = []

    def api(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/items":
            return httpx.Response(307, headers={"Location": f"{leads_to}/moved"})
        tokens.append(request.headers.get("Authorization", ""))
        return httpx.Response(401)

    async def story(session: Session) -> None:
        held = session.store.held
        assert held is not None
        async with httpx.AsyncClient(
            transport=httpx.MockTransport(api), auth=session.auth(API, FILES), follow_redirects=True
        ) as client:
            assert (await client.get(f"{API}/items")).status_code == 401
        assert (session.store.held != held) == carried, "whether it was renewed"

    tell(story)
    assert list(map(bool, tokens)) == ([True, True] if carried else [False])


@pytest.mark.parametrize(
    "wrong", ["http://api.example.com", "api.example.com", "https://api.example.com/v1"]
)
def test_an_origin_that_is_none_is_a_sentence(wrong: str, tell: Tell) -> None:
    async def story(session: Session) -> None:
        with pytest.raises(ConfigError):
            session.auth(wrong)

    tell(story)


def test_what_the_api_does_is_no_word_about_the_session(tell: Tell) -> None:
    api = Api(500, 503, 429, 403, 404)

    async def story(session: Session) -> None:
        async with api.client(session, API) as client:
            came = [(await client.get(f"{API}/items")).status_code for _ in range(6)]
        assert came == [500, 503, 429, 403, 404, 200]
        assert session.phase.value == "signed_in"

    tell(story)
    assert len(set(api.tokens)) == 1


def test_a_session_that_the_server_has_ended_is_said_and_nobody_gets_the_old_token(
    tell: Tell, server: AuthServer
) -> None:
    api = Api(401)

    async def story(session: Session) -> None:
        server.control("revoke_all", email=server.email)
        async with api.client(session, API) as client:
            with pytest.raises(SessionExpired):
                await client.get(f"{API}/items")
            with pytest.raises(SessionExpired):
                await client.get(f"{API}/items")

    tell(story)
    assert len(api.seen) == 1


def test_after_a_sign_out_there_is_no_token(tell: Tell) -> None:
    api = Api()

    async def story(session: Session) -> None:
        async with api.client(session, API) as client:
            await session.sign_out()
            with pytest.raises(NoAccessToken):
                await client.get(f"{API}/items")

    tell(story)
    assert api.seen == []


def test_an_answer_that_comes_after_a_sign_out_is_nobodys(tell: Tell) -> None:
    async def story(session: Session) -> None:
        class Slow(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                await session.sign_out()
                return httpx.Response(200)

        async with httpx.AsyncClient(transport=Slow(), auth=session.auth(API)) as client:
            with pytest.raises(NoAccessToken):
                await client.get(f"{API}/items")

    tell(story)


def test_a_client_of_another_thread_has_it_too(tell: Tell) -> None:
    api = Api(401)

    async def story(session: Session) -> None:
        auth = session.auth(API)

        def elsewhere() -> int:
            with httpx.Client(transport=httpx.MockTransport(api), auth=auth) as client:
                return client.get(f"{API}/items").status_code

        assert await asyncio.to_thread(elsewhere) == 200
        with (
            httpx.Client(transport=httpx.MockTransport(api), auth=auth) as client,
            pytest.raises(RuntimeError, match="AsyncClient"),
        ):
            client.get(f"{API}/items")  # noqa: ASYNC212 - that it is refused is the point

    tell(story)
    assert len(set(api.tokens)) == 2


def test_a_client_in_another_loop_has_it_too(tell: Tell) -> None:
    api = Api(401)

    async def story(session: Session) -> None:
        async def elsewhere() -> int:
            async with api.client(session, API) as client:
                return (await client.get(f"{API}/items")).status_code

        assert await asyncio.to_thread(lambda: asyncio.run(elsewhere())) == 200

    tell(story)
    assert len(set(api.tokens)) == 2


def test_a_client_of_another_thread_does_not_wait_for_a_loop_that_stands_still(
    server: AuthServer, tmp_path: Path
) -> None:
    loop = asyncio.new_event_loop()
    opened = open_session(server.url, FakeKeychain(), data_dir=tmp_path / "app")

    async def signed_in() -> Session:
        session = await opened.__aenter__()
        await session.sign_in(server.email, server.password)
        return session

    async def auth_of(session: Session) -> httpx.Auth:
        return session.auth(API)

    session = loop.run_until_complete(signed_in())
    auth = loop.run_until_complete(auth_of(session))
    with (
        httpx.Client(transport=httpx.MockTransport(Api()), auth=auth) as client,
        pytest.raises(RuntimeError, match="runs"),
    ):
        client.get(f"{API}/items")
    loop.run_until_complete(opened.__aexit__(None, None, None))
    loop.close()
