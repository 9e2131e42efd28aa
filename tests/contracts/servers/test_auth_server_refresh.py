"""The refresh endpoint with its rotation, on every auth server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from steps.servers.auth_servers import Server
from steps.servers.server_account import Account, bearer_of, code_of


class TestRefresh:
    """The refresh endpoint of a rotating server."""

    @pytest.fixture
    def account(self, running: Callable[..., Server]) -> Account:
        """Somebody on a server that rotates, without a reuse window."""
        return Account(running(mode="rotating"))

    def test_gives_a_new_pair_and_ends_the_old_session(self, account: Account) -> None:
        signed_in = account.sign_in()
        answer = account.refresh(signed_in.headers["set-refresh-token"])
        pair = answer.json()
        assert set(pair) == {"accessToken", "refreshToken", "expiresAt"}
        assert pair["expiresAt"].endswith("Z")
        assert answer.headers["cache-control"] == "no-store"
        assert account.me(signed_in.json()["token"]) == 401
        assert account.me(pair["accessToken"]) == 200
        assert account.refresh(pair["refreshToken"]).status_code == 200

    def test_works_after_the_session_ran_out_and_somebody_looked(self, account: Account) -> None:
        signed_in = account.sign_in()
        account.server.control("expire_access", email=account.email)
        assert account.me(signed_in.json()["token"]) == 401
        assert account.refresh(signed_in.headers["set-refresh-token"]).status_code == 200

    def test_a_replay_is_refused_and_ends_the_family(self, account: Account) -> None:
        first = account.sign_in().headers["set-refresh-token"]
        pair = account.refresh(first).json()
        assert code_of(account.refresh(first)) == (401, "INVALID_REFRESH_TOKEN")
        assert account.me(pair["accessToken"]) == 401
        assert account.refresh(pair["refreshToken"]).status_code == 401

    def test_a_replay_ends_no_other_family(self, account: Account) -> None:
        first, other = account.sign_in().headers["set-refresh-token"], account.sign_in()
        account.refresh(first)
        account.refresh(first)
        assert account.me(other.json()["token"]) == 200
        assert account.refresh(other.headers["set-refresh-token"]).status_code == 200

    def test_an_expired_refresh_token_is_refused(self, account: Account) -> None:
        token = account.sign_in().headers["set-refresh-token"]
        account.server.control("expire_refresh", email=account.email)
        assert code_of(account.refresh(token)) == (401, "INVALID_REFRESH_TOKEN")

    @pytest.mark.parametrize("token", ["unknown", "a.b"])
    def test_an_unknown_token_is_refused(self, account: Account, token: str) -> None:
        assert code_of(account.refresh(token)) == (401, "INVALID_REFRESH_TOKEN")

    def test_sign_out_takes_the_refresh_token_along(self, account: Account) -> None:
        signed_in = account.sign_in()
        account.client.post("/api/auth/sign-out", headers=bearer_of(signed_in.json()["token"]))
        assert account.refresh(signed_in.headers["set-refresh-token"]).status_code == 401

    def test_revoking_takes_the_refresh_tokens_along(self, account: Account) -> None:
        mine, one, other = account.sign_in(), account.sign_in(), account.sign_in()
        headers = bearer_of(mine.json()["token"])
        account.client.post(
            "/api/auth/revoke-session", json={"token": one.json()["token"]}, headers=headers
        )
        assert account.refresh(one.headers["set-refresh-token"]).status_code == 401
        assert account.me(other.json()["token"]) == 200
        account.client.post("/api/auth/revoke-other-sessions", headers=headers)
        assert account.refresh(other.headers["set-refresh-token"]).status_code == 401
        pair = account.refresh(mine.headers["set-refresh-token"]).json()
        account.client.post("/api/auth/revoke-sessions", headers=bearer_of(pair["accessToken"]))
        assert account.refresh(pair["refreshToken"]).status_code == 401

    @pytest.mark.parametrize(
        "how", ["sign-out", "revoke-session", "revoke-other-sessions", "revoke-sessions"]
    )
    def test_it_reaches_one_whose_session_ran_out_meanwhile(
        self, account: Account, how: str
    ) -> None:
        lost = account.sign_in()
        account.server.control("expire_access", email=account.email)
        assert account.me(lost.json()["token"]) == 401
        by = lost if how == "sign-out" else account.sign_in()
        body = {"token": lost.json()["token"]} if how == "revoke-session" else {}
        account.client.post(f"/api/auth/{how}", json=body, headers=bearer_of(by.json()["token"]))
        assert account.refresh(lost.headers["set-refresh-token"]).status_code == 401

    def test_wants_a_token_in_the_body(self, account: Account) -> None:
        for answer in (account.client.post("/api/auth/refresh"), account.refresh("")):
            assert code_of(answer) == (400, "VALIDATION_ERROR")

    def test_inside_the_reuse_window_the_same_pair_is_given_again(
        self, running: Callable[..., Server]
    ) -> None:
        account = Account(running(mode="rotating", reuse_window=3600))
        first = account.sign_in().headers["set-refresh-token"]
        pair = account.refresh(first).json()
        assert account.refresh(first).json() == pair
        assert account.me(pair["accessToken"]) == 200

    def test_the_reuse_window_closes_when_the_successor_is_used(
        self, running: Callable[..., Server]
    ) -> None:
        account = Account(running(mode="rotating", reuse_window=3600))
        first = account.sign_in().headers["set-refresh-token"]
        pair = account.refresh(first).json()
        newest = account.refresh(pair["refreshToken"]).json()
        assert code_of(account.refresh(first)) == (401, "INVALID_REFRESH_TOKEN")
        assert account.me(newest["accessToken"]) == 401
