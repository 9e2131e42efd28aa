"""A program that logs everything, of every library, finds no secret of the session in its log: real
client, real server.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path

import httpcore
import httpx
import pytest

from refapp.trusted import PendingSignIn, Session, Way, open_session
from refapp.trusted.config import Settings
from refapp.trusted.errors import SessionExpired
from refapp.trusted.network.no_answer import NoAnswer
from refapp.trusted.server import http_log
from refapp.trusted.server.exchange import Exchange
from refapp.trusted.server.verdict import Reply
from steps.fakes.fake_browser import FakeBrowser
from steps.fakes.fake_keychain import FakeKeychain
from steps.scenario.browser_page import decide
from steps.scenario.people import ADA
from steps.servers.auth_servers import AuthServer, embedded_server

NAMED_SECRET = re.compile(r"token|password|code|verifier|jwt|secret|state", re.IGNORECASE)
# What these fields hold is shown to people, or says only what kind of thing is meant.
NO_SECRETS = {
    "user_code",
    "code",
    "error_code",
    "token_type",
    "code_challenge",
    "code_challenge_method",
}
BROWSER = "browser"


class Wire:
    """The secrets that went over the real wire, whoever sent them:
    looked at on the way, changed in nothing.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.secrets: set[str] = set()
        send = Exchange.send

        async def watched(
            exchange: Exchange,
            method: str,
            path: str,
            headers: Mapping[str, str],
            body: bytes | None,
            *,
            alone: bool,
            again: Callable[[NoAnswer], None],
        ) -> Reply | NoAnswer:
            self._look_into(headers, body)
            came = await send(exchange, method, path, headers, body, alone=alone, again=again)
            if isinstance(came, Reply):
                self._look_into(came.headers, came.body)
            return came

        monkeypatch.setattr(Exchange, "send", watched)

    def _look_into(self, headers: Mapping[str, str], body: bytes | None) -> None:
        self.secrets.update(headers.get("authorization", "").split()[1:])
        self.secrets.update(value for name, value in headers.items() if name.startswith("set-auth"))
        try:
            self._keep("", json.loads(body or b"null"))
        except ValueError:
            return

    def _keep(self, name: str, value: object) -> None:
        match value:
            case dict():
                for inner, held in value.items():
                    self._keep(inner, held)
            case list():
                for held in value:
                    self._keep(name, held)
            case str() if len(value) > 8 and NAMED_SECRET.search(name) and name not in NO_SECRETS:
                self.secrets.add(value)


class Everything(logging.Handler):
    """All that a careless host could print of a record.
    What the browser's thread logs is not the app's.
    """

    def __init__(self) -> None:
        super().__init__(level=0)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.threadName != BROWSER:
            self.lines.append(f"{record.name} {self.format(record)} {record.__dict__!r}")

    def of(self, name: str) -> list[str]:
        return [line for line in self.lines if line.startswith(name)]


@pytest.fixture
def log() -> Iterator[Everything]:
    root, everything = logging.getLogger(), Everything()
    before = root.level
    root.addHandler(everything)
    root.setLevel(1)
    yield everything
    root.setLevel(before)
    root.removeHandler(everything)


@pytest.fixture(params=["rotating", "sliding"])
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[AuthServer]:
    with embedded_server(
        tmp_path / "server",
        "--mode",
        request.param,
        "--device-interval",
        "1",
        "--jwt-expires-in",
        "900",
    ) as running:
        yield running


def run(story: Coroutine[None, None, None]) -> None:
    """As a host that debugs asyncio: it logs what its callbacks hold, and each of them is slow
    enough to be logged.
    """

    async def slow() -> None:
        asyncio.get_running_loop().slow_callback_duration = 0
        await story

    asyncio.run(slow(), debug=True)


async def _whole_life(server: AuthServer, settings: Settings) -> None:
    """Each way in, calls, a renewal, a JWT, an answer that is no HTTP at all, and out."""
    async with open_session(settings.origin, FakeKeychain(), data_dir=settings.data_dir) as session:
        await session.sign_in(server.email, server.password)
        await session.fetch("GET", "/app/me")
        await session.fetch("GET", "/app/me", jwt=True)
        server.control("expire_access", email=server.email)
        with contextlib.suppress(SessionExpired):  # a sliding session can't be renewed any more
            await session.fetch("GET", "/app/me")
        await session.sign_out()
    for way in (Way.BROWSER, Way.DEVICE):
        session = Session(settings, FakeKeychain(), browser=FakeBrowser())
        await session.restore()

        await session.sign_in_elsewhere(way, lambda pending: _in_the_browser(server, pending))
        await session.close()


def _in_the_browser(server: AuthServer, pending: PendingSignIn) -> None:
    def allow() -> None:
        leads_to = decide(server.client, pending.link, ADA, "allows")
        if leads_to:
            httpx.get(leads_to, trust_env=False)

    threading.Thread(target=allow, name=BROWSER).start()


def test_no_secret_is_in_any_log_of_any_library(
    server: AuthServer, tmp_path: Path, log: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(monkeypatch)
    run(_whole_life(server, Settings(origin=server.url, data_dir=tmp_path / "app")))
    assert len(log.of("httpx HTTP Request: ")) > 10, (
        "the log is really on, and the requests are in it"
    )
    assert len(wire.secrets) > 8, "what to look for was really seen"
    # asyncio shortens what it shows of a result; half a token is too much as well.
    assert [line for line in log.lines for secret in wire.secrets if secret[:12] in line] == []


def test_the_host_s_own_requests_are_logged_as_it_has_said(
    server: AuthServer, log: Everything
) -> None:
    async def story() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.get(server.url)

    asyncio.run(story())
    assert log.of("httpcore.http11 receive_response_headers.complete")
    assert log.of("httpcore.connection")


def test_every_logger_of_httpcore_is_meant() -> None:
    named = set()
    for source in Path(httpcore.__file__).parent.rglob("*.py"):
        named.update(re.findall(r'getLogger\("(.*?)"\)', source.read_text()))
    assert named == set(http_log.NAMES)
