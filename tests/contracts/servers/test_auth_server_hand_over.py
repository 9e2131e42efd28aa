"""The browser flow (@better-auth/electron's server plugin), on every auth server that has it: a
code for the app.
"""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Callable

import httpx
import pytest

from refapp.demo_server.state.hand_over import challenge_of
from steps.servers.auth_servers import Server
from steps.servers.server_account import PASSWORD, Account, code_of

VERIFIER, STATE = "v" * 43, "the state"
QUERY = {"client_id": "electron", "code_challenge": challenge_of(VERIFIER), "state": STATE}


class Browser:
    """A browser in which somebody signs in for the app."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def sign_in(self, **changed: str) -> httpx.Response:
        body = {"email": self.account.email, "password": PASSWORD}
        return self.account.client.post(
            "/api/auth/sign-in/email", params={**QUERY, **changed}, json=body
        )

    def post_page(self, password: str = PASSWORD, **more: str) -> httpx.Response:
        fields = {"email": self.account.email, "password": password}
        return self.account.client.post("/sign-in", params={**QUERY, **more}, data=fields)

    def exchange(self, code: str, state: str = STATE, verifier: str = VERIFIER) -> httpx.Response:
        body = {"token": code, "state": state, "code_verifier": verifier}
        return self.account.client.post("/api/auth/electron/token", json=body)


@pytest.fixture
def browser(running: Callable[..., Server], server_kind: str) -> Browser:
    """Somebody's browser."""
    if server_kind == "betterauth-1.4":
        pytest.skip("the plugin has no release for 1.4")
    return Browser(Account(running()))


def test_a_sign_in_that_the_app_asked_for_brings_a_code(browser: Browser) -> None:
    answer = browser.sign_in()
    code = answer.json()["electron_authorization_code"]
    cookie = next(
        line
        for line in answer.headers.get_list("set-cookie")
        if line.startswith("better-auth.electron=")
    )
    value = urllib.parse.unquote(cookie.partition("=")[2].partition(";")[0])
    assert len(code) == 32
    assert json.loads(base64.urlsafe_b64decode(value)) == {"identifier": code, "state": STATE}
    assert "HttpOnly" not in cookie


@pytest.mark.parametrize("changed", [{"client_id": "x"}, {"state": ""}, {"code_challenge": ""}])
def test_any_other_sign_in_brings_none(browser: Browser, changed: dict[str, str]) -> None:
    answer = browser.sign_in(**changed)
    assert answer.json()["token"]
    assert "electron_authorization_code" not in answer.json()


def test_the_code_is_exchanged_for_a_session_of_its_own(browser: Browser) -> None:
    signed_in = browser.sign_in().json()
    answer = browser.exchange(signed_in["electron_authorization_code"])
    body = answer.json()
    assert answer.status_code == 200
    assert body["user"]["email"] == browser.account.email
    assert body["token"] != signed_in["token"]
    assert answer.headers["set-auth-token"].startswith(f"{body['token']}.")
    assert browser.account.me(body["token"]) == 200


def test_the_code_works_once(browser: Browser) -> None:
    code = browser.sign_in().json()["electron_authorization_code"]
    assert browser.exchange(code).status_code == 200
    assert code_of(browser.exchange(code)) == (404, "INVALID_TOKEN")


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"state": "x"}, (400, "STATE_MISMATCH")),
        ({"verifier": "x"}, (400, "INVALID_CODE_VERIFIER")),
    ],
)
def test_a_wrong_try_uses_the_code_up(
    browser: Browser, wrong: dict[str, str], refused: tuple[int, str]
) -> None:
    code = browser.sign_in().json()["electron_authorization_code"]
    assert code_of(browser.exchange(code, **wrong)) == refused
    assert code_of(browser.exchange(code)) == (404, "INVALID_TOKEN")


def test_wants_all_three_to_exchange(browser: Browser) -> None:
    answer = browser.account.client.post("/api/auth/electron/token", json={"token": "x"})
    assert code_of(answer) == (400, "VALIDATION_ERROR")


def test_who_is_signed_in_already_can_be_handed_over(browser: Browser) -> None:
    headers = {"authorization": f"Bearer {browser.account.sign_in().json()['token']}"}
    client, path = browser.account.client, "/api/auth/electron/transfer-user"
    answer = client.post(path, params=QUERY, json={}, headers=headers).json()
    assert (answer["url"], answer["redirect"]) == (None, False)
    assert browser.exchange(answer["electron_authorization_code"]).status_code == 200
    assert code_of(
        client.post(path, params={**QUERY, "client_id": "x"}, json={}, headers=headers)
    ) == (
        400,
        "INVALID_CLIENT_ID",
    )
    assert client.post(path, params=QUERY, json={}).status_code == 401


def test_rotating_servers_give_a_refresh_token_with_it(
    running: Callable[..., Server], browser: Browser
) -> None:
    rotating = Browser(Account(running(mode="rotating")))
    answer = rotating.exchange(rotating.sign_in().json()["electron_authorization_code"])
    assert rotating.account.refresh(answer.headers["set-refresh-token"]).status_code == 200


def test_the_page_sends_the_browser_back_to_the_app(browser: Browser) -> None:
    back = "http://127.0.0.1:7777/callback"
    assert (
        browser.account.client.get("/sign-in", params={**QUERY, "redirect_uri": back}).status_code
        == 200
    )
    sessions = browser.account.server.control("live_sessions", email=browser.account.email)
    answer = browser.post_page(redirect_uri=back)
    assert answer.status_code == 303
    address, _, query = answer.headers["location"].partition("?")
    fields = dict(urllib.parse.parse_qsl(query))
    assert (address, fields["state"]) == (back, STATE)
    assert browser.account.server.control("live_sessions", email=browser.account.email) == sessions
    assert browser.exchange(fields["code"]).status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "",
        "http://evil.test/",
        "https://127.0.0.1:7777/",
        "http://127.0.0.1:7777@evil.test/",
        "http://localhost:7777/",
        "http://127.0.0.1:7777/?a=b",
        "//127.0.0.1:7777/",
        "http://127.0.0.1:port/",
    ],
)
def test_the_page_sends_nobody_elsewhere(browser: Browser, elsewhere: str) -> None:
    answer = browser.post_page(redirect_uri=elsewhere)
    assert answer.status_code == 200
    assert "paste it into the app" in answer.text


def test_the_page_says_what_is_wrong(browser: Browser) -> None:
    assert "Wrong e-mail or password." in browser.post_page(password="wrong password").text
    assert browser.post_page(client_id="x").status_code == 400
    assert browser.account.client.get("/sign-in").status_code == 400
