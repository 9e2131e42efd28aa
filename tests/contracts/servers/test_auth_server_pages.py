"""The pages of real BetterAuth, in a person's hands: each way of signing in ends with a code that
the app exchanges.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from refapp.demo_server.state.hand_over import challenge_of
from steps.servers.auth_servers import BETTERAUTH, AuthServer, betterauth_missing, real_betterauth
from steps.servers.identity_provider import EMAIL, IdentityProvider
from steps.servers.second_factor import switched_on
from steps.servers.server_account import PASSWORD, Account
from steps.servers.visitor import BACK, Visitor

VERIFIER, STATE = "v" * 43, "the state"
QUERY = {"client_id": "electron", "code_challenge": challenge_of(VERIFIER), "state": STATE}
NEW_PASSWORD = "another horse"


@pytest.fixture(scope="module")
def server() -> Iterator[AuthServer]:
    """A server with a second factor and a provider."""
    missing = betterauth_missing(BETTERAUTH)
    if missing is not None:
        pytest.skip(missing)
    with (
        IdentityProvider() as there,
        real_betterauth(
            "--mode=rotating", "--scrypt-cost=16", "--with=two-factor", "--with=generic-oauth",
            f"--provider={there.url}",
        ) as server,
    ):  # fmt: skip
        yield server


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    """Somebody's browser."""
    with Visitor() as visitor:
        yield visitor


def link(server: AuthServer, page: str = "/sign-in") -> str:
    return f"{server.url}{page}?{urlencode({**QUERY, 'redirect_uri': BACK})}"


def exchanged(server: AuthServer, visitor: Visitor) -> httpx.Response:
    """What the app gets for what the browser brought."""
    assert visitor.led_to, visitor.page
    brought = parse_qs(urlsplit(visitor.led_to).query)
    body = {"token": brought["code"][0], "state": brought["state"][0], "code_verifier": VERIFIER}
    return server.client.post("/api/auth/electron/token", json=body).raise_for_status()


class TestWaysIn:
    """Password, new account, forgotten password, second factor, provider:
    each brings the app in.
    """

    def test_a_password(self, server: AuthServer, visitor: Visitor) -> None:
        account = Account(server)
        before = server.control("live_sessions", email=account.email)
        visitor.open(link(server))
        visitor.press("Sign in", email=account.email, password=PASSWORD)
        assert server.control("live_sessions", email=account.email) == before, (
            "the page's own session has ended"
        )
        assert exchanged(server, visitor).json()["user"]["email"] == account.email

    def test_a_new_account(self, server: AuthServer, visitor: Visitor) -> None:
        visitor.open(link(server))
        visitor.follow("No account yet?")
        visitor.press(
            "Sign up", name="Somebody New", email="new@example.com", password="a long password"
        )
        answer = exchanged(server, visitor)
        assert answer.json()["user"]["email"] == "new@example.com"
        assert answer.headers["set-refresh-token"]

    def test_a_forgotten_password(self, server: AuthServer, visitor: Visitor) -> None:
        account = Account(server)
        lost = account.sign_in()
        visitor.open(link(server))
        visitor.follow("Forgot your password?")
        assert "on its way" in visitor.press("Send me a message", email=account.email)
        visitor.open(
            f"{server.url}/new-password?"
            f"{urlencode({**QUERY, 'redirect_uri': BACK, 'token': server.mail_to(account.email)})}"
        )
        assert "changed" in visitor.press("Change it", password=NEW_PASSWORD)
        visitor.press("Sign in", email=account.email, password=NEW_PASSWORD)
        assert exchanged(server, visitor).status_code == 200
        assert account.refresh(lost.headers["set-refresh-token"]).status_code == 401

    @pytest.mark.parametrize("way", ["From the authenticator", "From the e-mail", "A backup code"])
    def test_a_second_factor(self, server: AuthServer, visitor: Visitor, way: str) -> None:
        account = Account(server)
        factor = switched_on(account)
        visitor.open(link(server))
        visitor.press("Sign in", email=account.email, password=PASSWORD)
        assert not visitor.led_to
        if way == "From the e-mail":
            assert "on its way" in visitor.press("Send me a code by e-mail")
        wrong = visitor.press("From the authenticator", code="000000")
        assert "One more step" in wrong
        assert visitor.alert()
        code = {
            "From the authenticator": factor.code,
            "From the e-mail": lambda: server.mail_to(account.email),
        }
        visitor.press(way, code=code.get(way, factor.backup_code)())
        assert exchanged(server, visitor).json()["user"]["email"] == account.email

    def test_a_browser_that_she_trusts_is_not_asked_again(
        self, server: AuthServer, visitor: Visitor
    ) -> None:
        account = Account(server)
        factor = switched_on(account)
        visitor.open(link(server))
        visitor.press("Sign in", email=account.email, password=PASSWORD)
        visitor.press("From the authenticator", code=factor.code(), trust="yes")
        exchanged(server, visitor)
        visitor.led_to = ""
        visitor.open(link(server))
        visitor.press("Sign in", email=account.email, password=PASSWORD)
        assert exchanged(server, visitor).status_code == 200

    def test_a_provider(self, server: AuthServer, visitor: Visitor) -> None:
        visitor.open(link(server))
        said = visitor.press("Sign in with Example")
        assert f"You are signed in as {EMAIL}" in said
        assert not visitor.led_to, "she is asked first: any page could have led here"
        visitor.press("Go on in the app")
        assert exchanged(server, visitor).json()["user"]["email"] == EMAIL

    def test_a_device_with_a_second_factor(self, server: AuthServer, visitor: Visitor) -> None:
        account = Account(server)
        factor = switched_on(account)
        codes = server.client.post("/api/auth/device/code", json={"client_id": "refapp"}).json()
        visitor.open(codes["verification_uri_complete"])
        visitor.press("Allow", email=account.email, password=PASSWORD)
        assert "One more step" in visitor.page
        assert "You can close this page" in visitor.press(
            "From the authenticator", code=factor.code()
        )
        grant = "urn:ietf:params:oauth:grant-type:device_code"
        body = {"grant_type": grant, "device_code": codes["device_code"], "client_id": "refapp"}
        assert server.client.post("/api/auth/device/token", json=body).json()["access_token"]


class TestForged:
    """What another site's page can make her browser do hands nothing over."""

    def test_a_foreign_page_can_not_press_go_on(self, server: AuthServer, visitor: Visitor) -> None:
        visitor.open(link(server))
        visitor.press("Sign in with Example")
        visitor._at = "http://evil.example/"
        visitor._post(link(server, "/sign-in/continue"), {})
        assert not visitor.led_to
        assert "could not hand" in visitor.page

    def test_nor_sign_her_in_as_somebody_else(self, server: AuthServer, visitor: Visitor) -> None:
        account = Account(server)
        visitor._at = "http://evil.example/"
        visitor._post(link(server), {"email": account.email, "password": PASSWORD})
        assert not visitor.led_to

    def test_the_second_step_is_nothing_without_the_first(
        self, server: AuthServer, visitor: Visitor
    ) -> None:
        factor = switched_on(Account(server))
        visitor._at = server.url
        visitor._post(
            link(server, "/sign-in/second-factor"), {"kind": "totp", "code": factor.code()}
        )
        assert not visitor.led_to


def test_a_server_without_the_plugin_says_so() -> None:
    missing = betterauth_missing(BETTERAUTH)
    if missing is not None:
        pytest.skip(missing)
    with real_betterauth("--scrypt-cost=16", "--without=electron") as server, Visitor() as visitor:
        for said in (
            visitor.open(link(server)),
            visitor._post(link(server), {"email": "a@b.example", "password": "x"}),
        ):
            assert "can't hand a sign-in over" in said
            assert visitor.status == 501
        assert not visitor.led_to
