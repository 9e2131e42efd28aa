"""Somebody with an account on an auth server, as seen through plain HTTP: for the tests of the
servers themselves.
"""

from __future__ import annotations

import itertools

import httpx

from steps.servers.auth_servers import Server

PASSWORD = "correct horse"
GET_SESSION = "/api/auth/get-session"
_numbers = itertools.count(1)


class Account:
    """A new account on ``server``; ``signed_up`` is the answer that made it (and signed it in).

    ``address``: whom a proxy would name as asking; a server that limits counts by it.
    """

    def __init__(self, server: Server, address: str | None = None) -> None:
        number = next(_numbers)
        self.server = server
        self.client = server.client
        self.email = f"person{number}@example.com"
        self.username = f"Person_{number}"
        body = {
            "name": "A Person",
            "email": self.email,
            "password": PASSWORD,
            "username": self.username,
        }
        headers = {} if address is None else {"x-forwarded-for": address}
        self.signed_up = self.client.post("/api/auth/sign-up/email", json=body, headers=headers)
        self.signed_up.raise_for_status()

    def sign_in(self, **more: object) -> httpx.Response:
        """Sign in by e-mail; ``more`` goes into the body."""
        return self.client.post(
            "/api/auth/sign-in/email", json={"email": self.email, "password": PASSWORD, **more}
        )

    def session(self, bearer: str) -> httpx.Response:
        """Ask get-session."""
        return self.client.get(GET_SESSION, headers=bearer_of(bearer))

    def refresh(self, token: str) -> httpx.Response:
        """Ask for a new pair."""
        return self.client.post("/api/auth/refresh", json={"refreshToken": token})

    def me(self, bearer: str) -> int:
        """The status of the application's API."""
        return self.client.get("/app/me", headers=bearer_of(bearer)).status_code


def bearer_of(token: str) -> dict[str, str]:
    """The header that carries ``token``."""
    return {"authorization": f"Bearer {token}"}


def cookies_of(answer: httpx.Response) -> list[str]:
    """Each ``name=value;`` that the answer sets."""
    return [line.split(" ")[0] for line in answer.headers.get_list("set-cookie")]


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of an error."""
    return answer.status_code, str(answer.json()["code"])


def is_null(answer: httpx.Response) -> bool:
    """BetterAuth's word for an invalid session."""
    return answer.status_code == 200 and answer.content == b"null"
