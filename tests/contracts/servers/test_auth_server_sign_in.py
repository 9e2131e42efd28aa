"""Sign-up and sign-in, on every auth server:
what comes with a session, and every way to be refused.
"""

from __future__ import annotations

import pytest

from steps.servers.server_account import PASSWORD, Account, code_of


class TestSignIn:
    """Sign-up and sign-in: what comes with a session, and every way to be refused."""

    def test_brings_the_raw_token_in_the_body_and_the_signed_one_in_a_header(
        self, account: Account
    ) -> None:
        answer = account.sign_in()
        token = answer.json()["token"]
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/json")
        assert len(token) == 32
        assert token.isalnum()
        assert answer.headers["set-auth-token"].startswith(f"{token}.")
        assert f"better-auth.session_token={token}." in answer.headers["set-cookie"]
        assert "set-refresh-token" not in answer.headers

    def test_tells_who_signed_in(self, account: Account) -> None:
        user = account.sign_in().json()["user"]
        assert user["email"] == account.email
        assert (user["name"], user["emailVerified"]) == ("A Person", False)
        assert (user["username"], user["displayUsername"]) == (
            account.username.lower(),
            account.username,
        )
        assert user["id"] == account.signed_up.json()["user"]["id"]
        assert user["createdAt"].endswith("Z")

    def test_takes_the_address_and_the_user_name_in_any_case(self, account: Account) -> None:
        assert account.sign_in(email=account.email.upper()).status_code == 200
        body = {"username": account.username.upper(), "password": PASSWORD}
        assert account.client.post("/api/auth/sign-in/username", json=body).json()["token"]

    def test_takes_a_form_by_email(self, account: Account, server_kind: str) -> None:
        if server_kind == "betterauth-1.4":
            pytest.skip("1.4 takes JSON alone")
        answer = account.client.post(
            "/api/auth/sign-in/email", data={"email": account.email, "password": PASSWORD}
        )
        assert answer.json()["token"]

    def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(
        self, account: Account
    ) -> None:
        wrong = account.sign_in(password="wrong")
        unknown = account.sign_in(email="nobody@example.com")
        assert code_of(wrong) == (401, "INVALID_EMAIL_OR_PASSWORD")
        assert wrong.json() == unknown.json()

    @pytest.mark.parametrize(
        ("body", "refused"),
        [
            ({"email": "ada@example.com"}, (400, "VALIDATION_ERROR")),
            ({"email": "ada@example.com", "password": 3}, (400, "VALIDATION_ERROR")),
            ([], (400, "VALIDATION_ERROR")),
            ({"email": "ada", "password": "x"}, (400, "INVALID_EMAIL")),
        ],
    )
    def test_refuses_a_body_of_another_shape(
        self, account: Account, body: object, refused: tuple[int, str]
    ) -> None:
        assert code_of(account.client.post("/api/auth/sign-in/email", json=body)) == refused

    def test_refuses_what_is_not_json(self, account: Account, server_kind: str) -> None:
        if server_kind == "betterauth-1.4":
            pytest.skip("1.4 answers 500 with an empty body")
        headers = {"content-type": "application/json"}
        answer = account.client.post("/api/auth/sign-in/email", content=b"{", headers=headers)
        assert code_of(answer) == (400, "BAD_REQUEST")

    def test_refuses_another_content_type(self, account: Account) -> None:
        answer = account.client.post(
            "/api/auth/sign-in/email", content=b"hi", headers={"content-type": "text/plain"}
        )
        assert answer.status_code == 415

    def test_names_the_field_that_is_missing(self, account: Account) -> None:
        answer = account.client.post("/api/auth/sign-in/email", json={})
        assert "[body.email] Invalid input" in answer.json()["message"]
        assert "; [body.password] Invalid input" in answer.json()["message"]

    def test_refuses_user_names_that_can_not_be(self, account: Account, server_kind: str) -> None:
        body = {"username": "a b!", "password": "x"}
        answer = account.client.post("/api/auth/sign-in/username", json=body)
        assert code_of(answer) == (
            422,
            "USERNAME_IS_INVALID" if server_kind == "betterauth-1.4" else "INVALID_USERNAME",
        )

    @pytest.mark.parametrize(
        ("changed", "refused"),
        [
            ({}, (422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL")),
            ({"email": "new@example.com", "password": "short"}, (400, "PASSWORD_TOO_SHORT")),
            ({"email": "new@example.com", "password": "x" * 129}, (400, "PASSWORD_TOO_LONG")),
        ],
    )
    def test_sign_up_refuses(
        self, account: Account, changed: dict[str, str], refused: tuple[int, str]
    ) -> None:
        body = {"name": "B", "email": account.email, "password": PASSWORD, **changed}
        assert code_of(account.client.post("/api/auth/sign-up/email", json=body)) == refused

    def test_sign_up_refuses_a_user_name_that_is_taken(self, account: Account) -> None:
        body = {
            "name": "B",
            "email": "new@example.com",
            "password": PASSWORD,
            "username": account.username.lower(),
        }
        answer = account.client.post("/api/auth/sign-up/email", json=body)
        assert answer.status_code == 400
        assert answer.json()["code"].startswith("USERNAME_IS_ALREADY_TAKEN")

    def test_a_cookie_without_an_origin_is_403_and_not_a_dead_session(
        self, account: Account
    ) -> None:
        body = {"email": account.email, "password": PASSWORD}
        answer = account.client.post(
            "/api/auth/sign-in/email", json=body, headers={"cookie": "a=b"}
        )
        assert code_of(answer) == (403, "MISSING_OR_NULL_ORIGIN")

    def test_a_foreign_origin_is_403(self, account: Account, server_kind: str) -> None:
        if server_kind == "betterauth-1.4":
            pytest.skip("1.4 looks at the origin only when there is a cookie")
        body = {"email": account.email, "password": PASSWORD}
        answer = account.client.post(
            "/api/auth/sign-in/email", json=body, headers={"origin": "http://evil.test"}
        )
        assert code_of(answer) == (403, "INVALID_ORIGIN")
