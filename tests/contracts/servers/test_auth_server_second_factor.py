"""An account with a second factor, on every auth server:
its password alone opens nothing, by any way in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from refapp.demo_server.state.hand_over import challenge_of
from steps.scenario.authenticator import Authenticator
from steps.servers.auth_servers import InProcessServer, Server
from steps.servers.second_factor import as_browser, entered, switched_on
from steps.servers.server_account import PASSWORD, Account, code_of
from steps.servers.visitor import BACK, Visitor

VERIFIER, STATE = "v" * 43, "the state"
QUERY = {"client_id": "electron", "code_challenge": challenge_of(VERIFIER), "state": STATE}
TOKENS = {"set-auth-token", "set-refresh-token"}


@pytest.fixture
def account(running: Callable[..., Server]) -> Account:
    """Somebody on a server that rotates."""
    return Account(running(mode="rotating", second_factor=True))


@pytest.fixture
def authenticator(account: Account) -> Authenticator:
    """Hers; from now on she is asked for its codes."""
    return switched_on(account)


@pytest.fixture
def visitor(account: Account) -> Iterator[Visitor]:
    """Her browser."""
    if isinstance(account.server, InProcessServer):
        pytest.skip("there is no connection for a browser")
    with Visitor() as visitor:
        yield visitor


def sent(account: Account, pending: httpx.Response) -> None:
    """A code by e-mail is on its way."""
    path = "/api/auth/two-factor/send-otp"
    account.client.post(path, json={}, headers=as_browser(account, pending)).raise_for_status()


class TestEndpoints:
    """The app's requests."""

    @pytest.mark.parametrize("query", [{}, QUERY])
    def test_a_password_alone_brings_no_token_of_any_kind(
        self, account: Account, authenticator: Authenticator, query: dict[str, str]
    ) -> None:
        del authenticator
        body = {"email": account.email, "password": PASSWORD}
        before = account.server.control("live_sessions", email=account.email)
        pending = account.client.post("/api/auth/sign-in/email", params=query, json=body)
        assert pending.json()["twoFactorRedirect"] is True
        assert not TOKENS & set(pending.headers)
        assert not {"token", "electron_authorization_code"} & set(pending.json())
        assert account.server.control("live_sessions", email=account.email) == before

    @pytest.mark.parametrize("way", ["totp", "backup-code"])
    def test_the_code_brings_both_tokens(
        self, account: Account, authenticator: Authenticator, way: str
    ) -> None:
        code = authenticator.code() if way == "totp" else authenticator.backup_code()
        done = entered(account, code, account.sign_in(), way)
        pair = account.refresh(done.headers["set-refresh-token"]).json()
        assert account.me(pair["accessToken"]) == 200

    def test_a_wrong_code_brings_nothing(
        self, account: Account, authenticator: Authenticator
    ) -> None:
        refused = entered(account, authenticator.wrong_code(), account.sign_in())
        assert code_of(refused) == (401, "INVALID_CODE")
        assert not TOKENS & set(refused.headers)

    def test_too_many_wrong_codes_of_a_message_use_up_that_message_alone(
        self, account: Account, authenticator: Authenticator
    ) -> None:
        pending = account.sign_in()
        sent(account, pending)
        wrong = f"{(account.server.control('last_mail', email=account.email) + 1) % 10**6:06}"
        tries = [code_of(entered(account, wrong, pending, "otp")) for _ in range(7)]
        assert tries[:5] == [(401, "INVALID_CODE")] * 5
        assert tries[5][0] == 400
        assert tries[5][1].startswith("TOO_MANY_ATTEMPTS")
        assert tries[6] == (400, "OTP_HAS_EXPIRED")
        sent(account, pending)
        right = f"{account.server.control('last_mail', email=account.email):06}"
        assert entered(account, right, pending, "otp").status_code == 200

    def test_too_many_wrong_codes_of_the_authenticator_use_up_the_password(
        self, account: Account, authenticator: Authenticator, server_kind: str
    ) -> None:
        if server_kind == "betterauth-1.4":
            pytest.skip("it counts the codes of a message alone")
        pending = account.sign_in()
        tries = [code_of(entered(account, authenticator.wrong_code(), pending)) for _ in range(6)]
        assert tries == [(401, "INVALID_CODE")] * 5 + [(400, "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE")]
        assert code_of(entered(account, authenticator.code(), pending)) == (
            401,
            "INVALID_TWO_FACTOR_COOKIE",
        )

    def test_a_code_without_the_password_brings_nothing(
        self, account: Account, authenticator: Authenticator
    ) -> None:
        headers = {"origin": account.server.url, "cookie": "better-auth.two_factor=made-up.AAAA"}
        body = {"code": authenticator.code()}
        answer = account.client.post("/api/auth/two-factor/verify-totp", json=body, headers=headers)
        assert answer.status_code == 401
        assert not TOKENS & set(answer.headers)

    def test_a_foreign_page_can_not_enter_it(
        self, account: Account, authenticator: Authenticator
    ) -> None:
        headers = as_browser(account, account.sign_in()) | {"origin": "http://evil.example"}
        body = {"code": authenticator.code()}
        answer = account.client.post("/api/auth/two-factor/verify-totp", json=body, headers=headers)
        assert code_of(answer) == (403, "INVALID_ORIGIN")


class TestPages:
    """The pages for the browser and for a code on another device."""

    def test_the_page_hands_nothing_over_before_the_code(
        self, account: Account, authenticator: Authenticator, visitor: Visitor, server_kind: str
    ) -> None:
        if server_kind == "betterauth-1.4":
            pytest.skip("the plugin has no release for 1.4")
        visitor.open(f"{account.server.url}/sign-in?{urlencode({**QUERY, 'redirect_uri': BACK})}")
        visitor.press("Sign in", email=account.email, password=PASSWORD)
        assert not visitor.led_to
        visitor.press("From the authenticator", code=authenticator.wrong_code())
        assert visitor.alert()
        assert not visitor.led_to
        visitor.press("A backup code", code=authenticator.backup_code())
        brought = parse_qs(urlsplit(visitor.led_to).query)
        body = {"token": brought["code"][0], "state": STATE, "code_verifier": VERIFIER}
        answer = account.client.post("/api/auth/electron/token", json=body)
        assert answer.json()["user"]["email"] == account.email

    @pytest.mark.parametrize(
        ("decision", "outcome"), [("Allow", "access_token"), ("Deny", "access_denied")]
    )
    def test_a_device_waits_for_the_code(
        self, running: Callable[..., Server], visitor: Visitor, decision: str, outcome: str
    ) -> None:
        account = Account(running(mode="rotating", second_factor=True, device_interval=0))
        authenticator = switched_on(account)
        codes = account.client.post("/api/auth/device/code", json={"client_id": "refapp"}).json()
        grant = "urn:ietf:params:oauth:grant-type:device_code"
        poll = {"grant_type": grant, "device_code": codes["device_code"], "client_id": "refapp"}
        visitor.open(codes["verification_uri_complete"])
        visitor.press(decision, email=account.email, password=PASSWORD)
        assert (
            account.client.post("/api/auth/device/token", json=poll).json()["error"]
            == "authorization_pending"
        )
        visitor.press("From the authenticator", code=authenticator.code())
        assert "You can close this page" in visitor.page
        assert outcome in account.client.post("/api/auth/device/token", json=poll).text


def test_a_new_account_is_made_on_the_page(
    account: Account, visitor: Visitor, server_kind: str
) -> None:
    if server_kind == "betterauth-1.4":
        pytest.skip("the plugin has no release for 1.4")
    visitor.open(f"{account.server.url}/sign-in?{urlencode({**QUERY, 'redirect_uri': BACK})}")
    visitor.follow("No account yet?")
    visitor.press("Sign up", name="Somebody", email=account.email, password="a long password")
    assert "already exists" in visitor.alert()
    visitor.press(
        "Sign up", name="Somebody", email=f"new-{account.email}", password="a long password"
    )
    brought = parse_qs(urlsplit(visitor.led_to).query)
    body = {"token": brought["code"][0], "state": STATE, "code_verifier": VERIFIER}
    answer = account.client.post("/api/auth/electron/token", json=body)
    assert answer.json()["user"]["email"] == f"new-{account.email}"
