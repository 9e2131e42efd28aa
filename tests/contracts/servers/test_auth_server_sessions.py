"""A session's life, on every auth server: being looked at, sliding, and ending."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

import pytest

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

CLEARED = [
    "better-auth.session_token=;",
    "better-auth.session_data=;",
    "better-auth.dont_remember=;",
]


class TestSession:
    """get-session and the endpoints that need a session."""

    def test_get_session_answers_session_and_user_for_the_raw_and_the_signed_token(
        self, account: Account
    ) -> None:
        signed_in = account.sign_in()
        token = signed_in.json()["token"]
        answer = account.session(token)
        body = answer.json()
        assert body["session"]["token"] == token
        assert body["session"]["userAgent"] == "refapp/test"
        assert body["user"] == signed_in.json()["user"]
        assert body["session"]["userId"] == body["user"]["id"]
        assert "set-auth-token" not in answer.headers
        assert account.session(signed_in.headers["set-auth-token"]).json() == body

    def test_an_unknown_token_is_200_null_and_clears_the_cookies(self, account: Account) -> None:
        answer = account.session("garbage")
        assert is_null(answer)
        assert cookies_of(answer) == CLEARED

    @pytest.mark.parametrize("headers", [{}, {"authorization": "Basic abc"}, bearer_of("x.y")])
    def test_no_usable_token_is_200_null_alone(
        self, account: Account, headers: dict[str, str], server_kind: str
    ) -> None:
        answer = account.client.get(GET_SESSION, headers=headers)
        assert is_null(answer)
        assert server_kind == "betterauth-1.4" or cookies_of(answer) == []

    def test_an_expired_session_is_200_null(self, account: Account) -> None:
        token = account.sign_in().json()["token"]
        account.server.control("expire_access", email=account.email)
        assert is_null(account.session(token))

    def test_the_applications_api_wants_a_session(self, account: Account) -> None:
        token = account.sign_in().json()["token"]
        assert account.me(token) == 200
        account.server.control("expire_access", email=account.email)
        answer = account.client.get("/app/me", headers=bearer_of(token))
        assert code_of(answer) == (401, "UNAUTHORIZED")

    def test_the_token_stays_and_its_expiry_moves(self, running: Callable[..., Server]) -> None:
        account = Account(running(update_age=0))
        token = account.sign_in().json()["token"]
        first = account.session(token)
        assert first.headers["set-auth-token"].startswith(f"{token}.")
        expiries = (account.session(token).json()["session"] for _ in range(1000))
        moved = next(
            found for found in expiries if found["expiresAt"] > first.json()["session"]["expiresAt"]
        )
        assert moved["token"] == first.json()["session"]["token"] == token

    def test_a_look_that_must_not_refresh_moves_nothing(
        self, running: Callable[..., Server]
    ) -> None:
        account = Account(running(update_age=0))
        token = account.sign_in().json()["token"]
        answer = account.client.get(f"{GET_SESSION}?disableRefresh=true", headers=bearer_of(token))
        assert "set-auth-token" not in answer.headers
        assert answer.json()["session"]["token"] == token

    def test_unknown_routes_and_methods_are_an_empty_404(self, account: Account) -> None:
        for method, path in [
            ("GET", "/api/auth/nowhere"),
            ("OPTIONS", GET_SESSION),
            ("HEAD", GET_SESSION),
        ]:
            answer = account.client.request(method, path)
            assert (answer.status_code, answer.content) == (404, b"")

    def test_a_sliding_server_has_no_refresh_endpoint(self, account: Account) -> None:
        answer = account.refresh(account.sign_in().json()["token"])
        assert (answer.status_code, answer.content) == (404, b"")

    def test_a_broken_store_is_500_at_get_session_and_401_elsewhere(
        self, account: Account, server_kind: str
    ) -> None:
        token = account.sign_in().json()["token"]
        account.server.control("break_store")
        try:
            looked = account.session(token)
            listed = account.client.get("/api/auth/list-sessions", headers=bearer_of(token))
            app = account.client.get("/app/me", headers=bearer_of(token))
            signed_in = account.sign_in()
            signed_out = account.client.post("/api/auth/sign-out", headers=bearer_of(token))
        finally:
            account.server.control("clear_faults")
        assert code_of(looked) == (500, "FAILED_TO_GET_SESSION")
        assert listed.status_code == 401
        assert (app.status_code, app.content) == (500, b"")
        assert (signed_in.status_code, signed_in.content) == (500, b"")
        assert signed_out.json() == {"success": True}
        assert account.me(token) == 200


class TestEnding:
    """Sign-out, revocation, and the list of sessions."""

    def test_sign_out_ends_the_session_at_once(self, account: Account) -> None:
        token = account.sign_in().json()["token"]
        answer = account.client.post("/api/auth/sign-out", headers=bearer_of(token))
        assert (answer.status_code, answer.json()) == (200, {"success": True})
        assert cookies_of(answer)[: len(CLEARED)] == CLEARED
        assert is_null(account.session(token))

    def test_sign_out_succeeds_with_a_dead_token_and_with_none(self, account: Account) -> None:
        for headers in (bearer_of("dead"), {}):
            assert account.client.post("/api/auth/sign-out", headers=headers).json() == {
                "success": True
            }

    def test_sign_out_takes_an_empty_object(self, account: Account) -> None:
        token = account.sign_in().json()["token"]
        assert (
            account.client.post("/api/auth/sign-out", json={}, headers=bearer_of(token)).status_code
            == 200
        )
        assert is_null(account.session(token))

    def test_lists_the_users_sessions_and_nobody_elses(self, account: Account) -> None:
        other = Account(account.server)
        tokens = {account.signed_up.json()["token"], account.sign_in().json()["token"]}
        answer = account.client.get(
            "/api/auth/list-sessions", headers=bearer_of(tokens.copy().pop())
        )
        assert {row["token"] for row in answer.json()} == tokens
        assert other.signed_up.json()["token"] not in answer.text

    def test_a_listed_session_says_who_asked_and_when(self, account: Account) -> None:
        headers = {"user-agent": "refapp/0.1.0 (Debian GNU/Linux 12)"}
        body = {"email": account.email, "password": PASSWORD}
        token = account.client.post("/api/auth/sign-in/email", json=body, headers=headers).json()[
            "token"
        ]
        listed = account.client.get("/api/auth/list-sessions", headers=bearer_of(token)).json()
        [row] = [row for row in listed if row["token"] == token]
        assert row.keys() == {
            "expiresAt", "token", "createdAt", "updatedAt", "ipAddress", "userAgent", "userId",
            "id",
        }  # fmt: skip
        assert row["userAgent"] == headers["user-agent"]
        for when in ("createdAt", "updatedAt", "expiresAt"):
            assert row[when].endswith("Z")
            assert datetime.datetime.fromisoformat(row[when]).tzinfo is not None

    def test_a_session_that_is_not_fresh_may_not_list_and_may_end(
        self, running: Callable[..., Server], server_kind: str
    ) -> None:
        aged = Account(running(fresh_age=1))
        token = aged.sign_in().json()["token"]
        other = aged.sign_in().json()["token"]
        time.sleep(1.2)  # the server's own clock has to move
        listed = aged.client.get("/api/auth/list-sessions", headers=bearer_of(token))
        if server_kind == "betterauth-1.4":
            assert listed.status_code == 200  # that release has no such rule
        else:
            assert code_of(listed) == (403, "SESSION_NOT_FRESH")
        ended = aged.client.post(
            "/api/auth/revoke-other-sessions", json={}, headers=bearer_of(token)
        )
        assert (ended.status_code, ended.json()) == (200, {"status": True})
        assert (aged.me(token), aged.me(other)) == (200, 401)

    def test_revokes_one_session_from_another(self, account: Account) -> None:
        mine, lost = account.sign_in().json()["token"], account.sign_in().json()["token"]
        answer = account.client.post(
            "/api/auth/revoke-session", json={"token": lost}, headers=bearer_of(mine)
        )
        assert (answer.status_code, answer.json()) == (200, {"status": True})
        assert is_null(account.session(lost))
        assert account.me(mine) == 200

    def test_can_not_revoke_another_users_session(self, account: Account) -> None:
        other = Account(account.server)
        theirs = other.signed_up.json()["token"]
        mine = account.sign_in().json()["token"]
        answer = account.client.post(
            "/api/auth/revoke-session", json={"token": theirs}, headers=bearer_of(mine)
        )
        assert answer.json() == {"status": True}
        assert other.me(theirs) == 200

    def test_revokes_the_others_or_all(self, account: Account) -> None:
        first, second = account.sign_in().json()["token"], account.sign_in().json()["token"]
        assert account.client.post(
            "/api/auth/revoke-other-sessions", headers=bearer_of(second)
        ).json() == {"status": True}
        assert (account.me(first), account.me(second)) == (401, 200)
        assert account.client.post(
            "/api/auth/revoke-sessions", headers=bearer_of(second)
        ).json() == {"status": True}
        assert account.me(second) == 401

    def test_revoking_wants_a_session_and_a_body(self, account: Account) -> None:
        dead = bearer_of("dead")
        assert (
            account.client.post(
                "/api/auth/revoke-session", json={"token": "x"}, headers=dead
            ).status_code
            == 401
        )
        assert account.client.post("/api/auth/revoke-sessions", headers=dead).status_code == 401
        assert code_of(account.client.post("/api/auth/revoke-session", headers=dead)) == (
            400,
            "VALIDATION_ERROR",
        )

    def test_revoke_all_behind_the_users_back(self, account: Account) -> None:
        token = account.sign_in().json()["token"]
        assert account.server.control("live_sessions", email=account.email) == 2
        account.server.control("revoke_all", email=account.email)
        assert account.server.control("live_sessions", email=account.email) == 0
        assert is_null(account.session(token))
