"""Short-lived JWTs on every auth server:
fetched with the session, taken by the API, good until their own end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from refapp.trusted.shell.short_lived_jwt import end_of
from steps.fakes.fake_keychain import FakeKeychain
from steps.in_process.one_app import one_app, signed_in
from steps.servers.auth_servers import Server
from steps.servers.server_account import PASSWORD, Account, bearer_of, code_of, is_null


@pytest.fixture
def account(running: Callable[..., Server]) -> Account:
    return Account(running(jwt_expires_in=900))


def jwt_of(account: Account, token: str) -> str:
    return str(account.client.get("/api/auth/token", headers=bearer_of(token)).json()["token"])


def test_the_session_s_token_fetches_one_and_the_api_takes_it(account: Account) -> None:
    opened = account.sign_in().json()
    jwt = jwt_of(account, opened["token"])
    answer = account.client.get("/app/jwt-me", headers=bearer_of(jwt))
    assert (answer.status_code, answer.json()) == (200, {"id": opened["user"]["id"]})
    assert end_of(jwt) == pytest.approx(time.time() + 900, abs=60)


def test_every_look_at_the_session_brings_one_in_a_header(account: Account) -> None:
    jwt = account.session(account.sign_in().json()["token"]).headers["set-auth-jwt"]
    assert account.client.get("/app/jwt-me", headers=bearer_of(jwt)).status_code == 200


def test_it_is_no_session_and_a_session_is_no_jwt(account: Account) -> None:
    token = account.sign_in().json()["token"]
    assert is_null(account.session(jwt_of(account, token)))
    for bearer in (token, "a.b.c", "x" * 40):
        assert account.client.get("/app/jwt-me", headers=bearer_of(bearer)).status_code == 401


def test_a_changed_one_is_not_taken(account: Account) -> None:
    head, payload, signature = jwt_of(account, account.sign_in().json()["token"]).split(".")
    other = jwt_of(account, Account(account.server).sign_in().json()["token"]).split(".")[1]
    for forged in (
        f"{head}.{other}.{signature}",
        f"{head}.{payload}.",
        f"{head}.{payload}.{signature[:-8]}AAAAAAAA",
    ):
        assert account.client.get("/app/jwt-me", headers=bearer_of(forged)).status_code == 401


def test_a_dead_session_fetches_none(account: Account) -> None:
    answer = account.client.get("/api/auth/token", headers=bearer_of("dead"))
    assert answer.status_code == 401


def test_it_outlives_a_sign_out(account: Account) -> None:
    token = account.sign_in().json()["token"]
    jwt = jwt_of(account, token)
    account.client.post("/api/auth/sign-out", headers=bearer_of(token))
    assert account.client.get("/app/jwt-me", headers=bearer_of(jwt)).status_code == 200


def test_it_ends_by_itself(running: Callable[..., Server]) -> None:
    account = Account(running(jwt_expires_in=1))
    jwt = jwt_of(account, account.sign_in().json()["token"])
    end = end_of(jwt)
    assert end is not None
    time.sleep(max(0.0, end - time.time()) + 0.2)  # the server's own clock has to move
    assert account.client.get("/app/jwt-me", headers=bearer_of(jwt)).status_code == 401


def test_the_keys_are_public(account: Account) -> None:
    account.sign_in()
    [key, *_] = account.client.get("/api/auth/jwks").json()["keys"]
    assert key.keys() == {"alg", "crv", "x", "kty", "kid"}
    assert (key["alg"], key["crv"], key["kty"]) == ("EdDSA", "Ed25519", "OKP")


def test_a_server_without_the_plugin_has_no_such_path(running: Callable[..., Server]) -> None:
    plain = Account(running())
    token = plain.sign_in().json()["token"]
    for path in ("/api/auth/token", "/api/auth/jwks"):
        answer = plain.client.get(path, headers=bearer_of(token))
        assert (answer.status_code, answer.content) == (404, b"")
    assert code_of(plain.client.get("/app/jwt-me", headers=bearer_of(token)))[0] == 401


def test_the_app_s_own_calls_go_with_one(
    account: Account, server_kind: str, tmp_path: Path
) -> None:
    if server_kind == "model":
        pytest.skip("the app needs a server with a port; the features run it on the model")

    async def story() -> None:
        app = one_app(tmp_path, FakeKeychain(), None, time.time, account.server.url)
        try:
            await signed_in(app, account.email, PASSWORD)
            for _ in range(3):
                came = await app.api.fetch("GET", "/app/jwt-me", jwt=True)
                assert came.status == 200
            assert app.api.jwt.held
        finally:
            await app.close()

    asyncio.run(story())
