"""Signing in with the browser and with a code at real BetterAuth,
both releases, through the app's own client.

1.4 has no browser flow and says so; both have codes.
A server that wants signed tokens takes none from the device flow.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest

from refapp.trusted.server import pkce
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.device_answers import Granted, Poll
from refapp.trusted.server.verdict import Confirmed, NoSuchEndpoint, Refused
from refapp.trusted.storage.secret import DeviceGrant
from steps.scenario.browser_page import Decision, decide
from steps.scenario.people import ADA
from steps.servers.app_client import asked
from steps.servers.auth_servers import (
    BETTERAUTH,
    BETTERAUTH_1_4,
    AuthServer,
    betterauth_missing,
    real_betterauth,
)

T = TypeVar("T")
OPTIONS = ("--scrypt-cost", "16", "--device-interval", "0")


class Real:
    """One server, and the app's client of it."""

    def __init__(self, server: AuthServer, release: str) -> None:
        self.server = server
        self.release = release

    def ask(self, question: Callable[[AuthClient], Awaitable[T]]) -> T:
        return asked(self.server.url, question)

    def codes(self) -> DeviceGrant:
        grant = self.ask(lambda auth: auth.device_codes())
        assert isinstance(grant, DeviceGrant), grant
        return grant

    def decide(self, link: str, decision: Decision) -> str:
        return decide(self.server.client, link, ADA, decision)


@pytest.fixture(scope="module", params=["1.7", "1.4"])
def start(request: pytest.FixtureRequest) -> Iterator[Callable[..., Real]]:
    release = BETTERAUTH if request.param == "1.7" else BETTERAUTH_1_4
    missing = betterauth_missing(release)
    if missing is not None:
        pytest.skip(missing)
    started: dict[tuple[str, ...], Real] = {}

    def make(*options: str) -> Real:
        if options not in started:
            started[options] = Real(
                real_betterauth(*OPTIONS, *options, release=release), request.param
            )
        return started[options]

    yield make
    for real in started.values():
        real.server.stop()


def test_a_code_leads_to_a_session_whose_owner_is_asked_for(start: Callable[..., Real]) -> None:
    real = start()
    grant = real.codes()
    assert real.ask(lambda auth: auth.device_poll(grant.device_code)) is Poll.PENDING
    real.decide(grant.link, "allows")
    granted = real.ask(lambda auth: auth.device_poll(grant.device_code))
    assert isinstance(granted, Granted)
    session = real.ask(lambda auth: auth.session(granted.access))
    assert isinstance(session, Confirmed)
    assert session.profile is not None
    assert session.profile.email == ADA.email
    assert real.ask(lambda auth: auth.device_poll(grant.device_code)) is Poll.UNKNOWN


def test_a_no_is_told_once(start: Callable[..., Real]) -> None:
    real = start()
    grant = real.codes()
    real.decide(grant.link, "denies")
    assert real.ask(lambda auth: auth.device_poll(grant.device_code)) is Poll.DENIED


def test_who_asks_too_often_is_told_to_slow_down(start: Callable[..., Real]) -> None:
    real = start("--device-interval", "60")
    grant = real.codes()
    assert grant.interval_s == 60
    assert real.ask(lambda auth: auth.device_poll(grant.device_code)) is Poll.PENDING
    assert real.ask(lambda auth: auth.device_poll(grant.device_code)) is Poll.SLOW_DOWN


def test_a_server_that_wants_signed_tokens_takes_none_of_a_code_s(
    start: Callable[..., Real],
) -> None:
    real = start("--require-signature")
    grant, client = real.codes(), real.server.client
    # The example's own page signs in with raw tokens, which this server takes nowhere.
    signed = client.post(
        "/api/auth/sign-in/email", json={"email": ADA.email, "password": ADA.password}
    )
    bearer = {"authorization": f"Bearer {signed.headers['set-auth-token']}"}
    client.get("/api/auth/device", params={"user_code": grant.user_code}, headers=bearer)
    client.post(
        "/api/auth/device/approve", json={"userCode": grant.user_code}, headers=bearer
    ).raise_for_status()
    granted = real.ask(lambda auth: auth.device_poll(grant.device_code))
    assert isinstance(granted, Granted)
    assert isinstance(real.ask(lambda auth: auth.session(granted.access)), Refused)


def test_the_browser_flow_is_offered_or_it_is_said_that_there_is_none(
    start: Callable[..., Real],
) -> None:
    real = start()
    wanted = Refused if real.release == "1.7" else NoSuchEndpoint
    assert isinstance(real.ask(lambda auth: auth.browser_offer()), wanted)


def test_the_browser_s_code_is_traded_once_by_whoever_has_the_verifier(
    start: Callable[..., Real],
) -> None:
    real = start()
    if real.release == "1.4":
        pytest.skip("the plugin has no release for 1.4")
    proof, other = pkce.fresh(), pkce.fresh()

    async def link(auth: AuthClient) -> str:
        return auth.browser_link(proof, "http://127.0.0.1:40001/callback")

    def code() -> str:
        leads_to = urlsplit(real.decide(real.ask(link), "allows"))
        assert leads_to.netloc == "127.0.0.1:40001"
        return parse_qs(leads_to.query)["code"][0]

    stolen, own = code(), code()
    thief = pkce.Proof(other.verifier, other.challenge, proof.state)
    assert isinstance(real.ask(lambda auth: auth.exchange(stolen, thief)), Refused)
    verdict = real.ask(lambda auth: auth.exchange(own, proof))
    assert isinstance(verdict, Confirmed)
    assert verdict.profile is not None
    assert verdict.access
    assert isinstance(real.ask(lambda auth: auth.exchange(own, proof)), Refused)
