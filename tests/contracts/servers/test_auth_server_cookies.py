"""Who keeps BetterAuth's cookies in place of a bearer token, as @better-auth/electron's client
does, on every auth server.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from refapp.demo_server.state.hand_over import challenge_of
from steps.servers.auth_servers import Server
from steps.servers.server_account import (
    GET_SESSION,
    PASSWORD,
    Account,
    bearer_of,
    code_of,
    cookies_of,
    is_null,
)

SESSION = "better-auth.session_token="
APP = "com.example.app:/"
VERIFIER, STATE = "v" * 43, "the state"


def kept(answer: httpx.Response) -> dict[str, str]:
    """The header of somebody who keeps what the answer sets."""
    return {
        "cookie": next(line for line in cookies_of(answer) if line.startswith(SESSION)).rstrip(";")
    }


def test_the_cookie_is_as_good_as_the_token(account: Account) -> None:
    cookie = kept(account.sign_in())
    assert account.client.get(GET_SESSION, headers=cookie).json()["user"]["email"] == account.email
    assert account.client.get("/app/me", headers=cookie).status_code == 200


def test_without_our_signature_it_is_nothing(account: Account) -> None:
    token = account.sign_in().json()["token"]
    for cookie in (f"{SESSION}{token}", f"{SESSION}{token}.AAAA", SESSION):
        assert is_null(account.client.get(GET_SESSION, headers={"cookie": cookie})), cookie


def test_beside_a_token_it_does_not_count(account: Account, server_kind: str) -> None:
    if server_kind == "betterauth-1.4":
        pytest.skip("in 1.4 the cookie wins")
    asked = account.client.get(
        GET_SESSION, headers={**kept(account.sign_in()), **bearer_of("x" * 32)}
    )
    assert is_null(asked)


@pytest.mark.parametrize(
    ("origin", "ended"), [("the server's", True), (None, False), ("http://evil.test", False)]
)
def test_it_signs_out_from_a_trusted_origin_alone(
    account: Account, origin: str | None, ended: bool
) -> None:
    cookie = kept(account.sign_in())
    headers = {} if origin is None else {"origin": account.server.url if ended else origin}
    answer = account.client.post("/api/auth/sign-out", json={}, headers={**cookie, **headers})
    assert answer.status_code == (200 if ended else 403)
    assert is_null(account.client.get(GET_SESSION, headers=cookie)) == ended


@pytest.mark.parametrize("trusted", [True, False])
def test_an_app_exchanges_its_code_if_its_scheme_is_trusted(
    running: Callable[..., Server], server_kind: str, trusted: bool
) -> None:
    if server_kind == "betterauth-1.4":
        pytest.skip("the plugin has no release for 1.4")
    account = Account(running(trusted_origin=APP) if trusted else running())
    query = {"client_id": "electron", "code_challenge": challenge_of(VERIFIER), "state": STATE}
    signed_in = account.client.post(
        "/api/auth/sign-in/email", params=query, json={"email": account.email, "password": PASSWORD}
    )
    body = {
        "token": signed_in.json()["electron_authorization_code"],
        "state": STATE,
        "code_verifier": VERIFIER,
    }
    answer = account.client.post(
        "/api/auth/electron/token", json=body, headers={"origin": APP, "cookie": ""}
    )
    if trusted:
        assert account.client.get("/app/me", headers=kept(answer)).status_code == 200
    else:
        assert code_of(answer) == (403, "INVALID_ORIGIN")
