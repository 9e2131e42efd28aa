"""The pattern that most Python desktop programs have: tokens in the keyring, a refresh when a call
meets 401, work in a thread.

Written as one finds it, with requests' usual shape: one class for the session, one entry in the
keyring for each token, an error for every answer that is not 2xx. What it gets wrong is what the
kit is for.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import httpx
import keyring
import keyring.errors

SERVICE = "keyring-app"
FORM = "Please log in"
LOGGED_OUT = "You have been logged out. Please log in again."


class LoggedOut(Exception):
    """There is no session (any more)."""


class ApiSession:
    """``waiting``: how many requests have no answer yet."""

    def __init__(self, base_url: str) -> None:
        self.waiting = 0
        self._client = httpx.Client(base_url=base_url, timeout=25, trust_env=False)

    @property
    def access(self) -> str | None:
        return keyring.get_password(SERVICE, "access_token")

    @property
    def refresh(self) -> str | None:
        return keyring.get_password(SERVICE, "refresh_token")

    def _save(self, access: str, refresh: str) -> None:
        keyring.set_password(SERVICE, "access_token", access)
        keyring.set_password(SERVICE, "refresh_token", refresh)

    def forget(self) -> None:
        for name in ("access_token", "refresh_token"):
            with contextlib.suppress(keyring.errors.PasswordDeleteError):
                keyring.delete_password(SERVICE, name)

    def _send(
        self, method: str, path: str, token: str | None = None, body: Any = None
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.waiting += 1
        try:
            return self._client.request(method, path, headers=headers, json=body)
        finally:
            self.waiting -= 1

    def login(self, email: str, password: str) -> dict[str, Any]:
        answer = self._send(
            "POST", "/api/auth/sign-in/email", None, {"email": email, "password": password}
        )
        answer.raise_for_status()
        found = answer.json()
        self._save(found["token"], answer.headers.get("set-refresh-token", found["token"]))
        return dict(found["user"])

    def request(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """With the token; after a 401 once more with a new one."""
        answer = self._send(method, path, self.access, body)
        if answer.status_code == 401:
            self._renew()
            answer = self._send(method, path, self.access, body)
        answer.raise_for_status()
        return answer

    def _renew(self) -> None:
        answer = self._send("POST", "/api/auth/refresh", None, {"refreshToken": self.refresh})
        if not answer.is_success:
            self.forget()
            raise LoggedOut
        self._save(answer.json()["accessToken"], answer.json()["refreshToken"])

    def logout(self) -> None:
        with contextlib.suppress(httpx.HTTPError):
            self._send("POST", "/api/auth/sign-out", self.access, {})
        self.forget()

    def close(self) -> None:
        self._client.close()


class Window:
    """What the person sees.
    Each action runs in a thread; ``shows`` and ``says`` are what is on the screen.

    ``told`` is what came up by itself.
    """

    def __init__(self, base_url: str) -> None:
        self.session = ApiSession(base_url)
        self.shows = ["the login form"]
        self.says = [FORM]
        self.told: list[str] = []
        self.threads: list[threading.Thread] = []
        if self.session.access:
            self._start(self._restore)

    def _start(self, work: Callable[..., None], *values: str) -> None:
        thread = threading.Thread(target=self._guarded, args=(work, *values), daemon=True)
        self.threads.append(thread)
        thread.start()

    def _guarded(self, work: Callable[..., None], *values: str) -> None:
        try:
            work(*values)
        except LoggedOut:
            self._logged_out()
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            self._show("the login form", _what_went_wrong(error))

    def call(self, method: str, path: str) -> str:
        """What the app does all day: the answer, or what the person is shown in its place."""
        try:
            return self.session.request(method, path).text
        except LoggedOut:
            self._logged_out()
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            self.says = [*self.says, _what_went_wrong(error)]
        return self.says[-1]

    def _logged_out(self) -> None:
        self.told.append(LOGGED_OUT)
        self._show("the login form", LOGGED_OUT)

    def _show(self, what: str, *says: str) -> None:
        self.says = [FORM, *says] if what == "the login form" else list(says)
        self.shows.append(what)

    def _user(self, user: dict[str, Any]) -> None:
        self._show(f"{user['name'].split()[0]} signed in", user["name"], user["email"])

    def _restore(self) -> None:
        answer = self.session.request("GET", "/api/auth/get-session")
        self._user(answer.json()["user"])

    def _login(self, email: str, password: str) -> None:
        self._show("that a sign-in is under way")
        self._user(self.session.login(email, password))

    def _logout(self) -> None:
        self.session.logout()
        self._show("the login form")

    def log_in(self, email: str, password: str) -> None:
        self._start(self._login, email, password)

    def log_out(self) -> None:
        self._start(self._logout)


def _what_went_wrong(error: Exception) -> str:
    if not isinstance(error, httpx.HTTPStatusError):
        return "Connection error"
    status = error.response.status_code
    return "Login failed." if status == 401 else f"Error {status}"
