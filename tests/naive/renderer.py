"""The recipe's renderer: token service, auth client, auth store, API client;
and around them the little that an app has.

The store's names are the recipe's. One liberty: where the server hands over a refresh token at the
sign-in, that is stored and not the access token a second time; else no refresh would ever succeed,
and nothing behind it could be seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import ssl
import time
import uuid
from collections.abc import Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
from main_process import ElectronStore, Ipc

User = dict[str, Any]
NO_TLS = ssl.create_default_context()
"""The kit's server is on loopback;
one context for all clients, because making one takes longer than a scenario.
"""


class Failed(Exception):
    """What the recipe throws as an Error."""


class TokenService:
    def __init__(self, ipc: Ipc) -> None:
        self._ipc = ipc

    async def is_available(self) -> bool:
        return bool(await self._ipc.invoke("secure-storage:is-available"))

    async def _get(self, key: str) -> str | None:
        result = await self._ipc.invoke("secure-storage:get", key)
        return (result.get("data") or None) if result["success"] else None

    async def get_access_token(self) -> str | None:
        return await self._get("accessToken")

    async def get_refresh_token(self) -> str | None:
        return await self._get("refreshToken")

    async def set_tokens(self, access: str, refresh: str) -> dict[str, Any]:
        for key, value in (("accessToken", access), ("refreshToken", refresh)):
            result = await self._ipc.invoke("secure-storage:set", key, value)
            if not result["success"]:
                return {"success": False, "error": result["error"]}
        return {"success": True}

    async def clear_tokens(self) -> dict[str, Any]:
        return dict(await self._ipc.invoke("secure-storage:clear"))


class Network:
    """``fetch``: follows redirects, keeps no cookies, has no timeout, knows no origin."""

    def __init__(self) -> None:
        self.waiting = 0
        no_cookies = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
        self._client = httpx.AsyncClient(
            follow_redirects=True,
            cookies=no_cookies,
            trust_env=False,
            timeout=None,
            verify=NO_TLS,
            event_hooks={"request": [_on_loopback]},
        )

    async def fetch(
        self, method: str, url: str, token: str | None = None, body: Any = None
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.waiting += 1
        try:
            return await self._client.request(method, url, headers=headers, json=body)
        finally:
            self.waiting -= 1

    async def close(self) -> None:
        await self._client.aclose()


async def _on_loopback(request: httpx.Request) -> None:
    """No test leaves this computer: any other host is one that can't be found."""
    if request.url.host != "127.0.0.1":
        raise httpx.ConnectError("Name or service not known", request=request)


@dataclasses.dataclass
class Answer:
    """What BetterAuth's client gives for an answer;
    ``refresh`` is the refresh token in its headers, if there is one.
    """

    data: Any = None
    status: int | None = None
    refresh: str | None = None


class AuthClient:
    def __init__(self, base_url: str, network: Network, tokens: TokenService) -> None:
        self._base_url = base_url
        self._network = network
        self._tokens = tokens

    async def _ask(self, method: str, path: str, body: Any = None) -> Answer:
        token = await self._tokens.get_access_token()
        response = await self._network.fetch(
            method, f"{self._base_url}/api/auth{path}", token, body
        )
        if not response.is_success:
            return Answer(status=response.status_code)
        is_json = "json" in response.headers.get("content-type", "")
        data = response.json() if is_json else response.text
        return Answer(data, refresh=response.headers.get("set-refresh-token"))

    async def sign_in_email(self, email: str, password: str) -> Answer:
        return await self._ask("POST", "/sign-in/email", {"email": email, "password": password})

    async def get_session(self) -> Answer:
        return await self._ask("GET", "/get-session")

    async def sign_out(self) -> Answer:
        return await self._ask("POST", "/sign-out", {})


class ApiClient:
    def __init__(self, base_url: str, network: Network, tokens: TokenService) -> None:
        self._base_url = base_url
        self._network = network
        self._tokens = tokens
        self.handle_auth_expired: Callable[[], Any]
        self._is_refreshing = False
        self._refresh: asyncio.Future[bool] | None = None

    async def _attempt_token_refresh(self) -> bool:
        if self._is_refreshing and self._refresh is not None:
            return await self._refresh
        self._is_refreshing = True
        self._refresh = asyncio.ensure_future(self._refresh_now())
        return await self._refresh

    async def _refresh_now(self) -> bool:
        try:
            refresh_token = await self._tokens.get_refresh_token()
            if not refresh_token:
                return False
            response = await self._network.fetch(
                "POST", f"{self._base_url}/api/auth/refresh", None, {"refreshToken": refresh_token}
            )
            if not response.is_success:
                return False
            pair = response.json()
            if not pair.get("accessToken") or not pair.get("refreshToken"):
                return False
            result = await self._tokens.set_tokens(pair["accessToken"], pair["refreshToken"])
            return bool(result["success"])
        except (httpx.HTTPError, ValueError, AttributeError):
            return False
        finally:
            self._is_refreshing = False
            self._refresh = None

    async def authenticated_fetch(self, method: str, path: str, body: Any = None) -> httpx.Response:
        access_token = await self._tokens.get_access_token()
        if not access_token:
            raise Failed("No access token available")
        response = await self._network.fetch(method, self._base_url + path, access_token, body)
        if response.status_code == 401:
            if await self._attempt_token_refresh():
                new_token = await self._tokens.get_access_token()
                if new_token:
                    return await self._network.fetch(method, self._base_url + path, new_token, body)
            await self.handle_auth_expired()
            raise Failed("Session expired - please sign in again")
        return response


class Renderer:
    """The auth store, and a window with notes that are synced and summarised while somebody is
    signed in.
    """

    def __init__(
        self, base_url: str, ipc: Ipc, settings: ElectronStore, notes: ElectronStore
    ) -> None:
        self.network = Network()
        self._tokens = TokenService(ipc)
        self._auth_client = AuthClient(base_url, self.network, self._tokens)
        self.api = ApiClient(base_url, self.network, self._tokens)
        self.api.handle_auth_expired = self.handle_auth_expired
        self._settings = settings
        self._notes = notes
        self.user: User | None = None
        self.is_loading = False
        self.is_auth_expired = False
        self.awaiting_restart = False
        self._has_synced = False
        self.error = ""
        self.notices: list[str] = []
        self.shows: list[str] = []
        self.show()

    def show(self) -> None:
        """What the window shows from now on."""
        now = self._situation()
        if self.shows[-1:] != [now]:
            self.shows.append(now)

    def _situation(self) -> str:
        if self.awaiting_restart:
            return "that a restart is needed"
        if self.user is None:
            return "that a sign-in is under way" if self.is_loading else "the login form"
        name = str(self.user.get("name", "somebody")).split(" ")[0]
        if self.is_loading:
            return f"{name}, and that the server is being asked"
        return f"{name} with an expired session" if self.is_auth_expired else f"{name} signed in"

    async def initialize_auth(self) -> None:
        try:
            self.is_loading = True
            if not await self._tokens.is_available():
                return
            access, refresh = (
                await self._tokens.get_access_token(),
                await self._tokens.get_refresh_token(),
            )
            if not access and not refresh:
                return
            self.user = self._settings.get("user")
            self.show()
            await self.refresh_session()
        finally:
            self.is_loading = False
            self.show()

    async def sign_in(self, email: str, password: str) -> None:
        try:
            self.is_loading = True
            self.error = ""
            self.show()
            result = await self._auth_client.sign_in_email(email, password)
            if not result.data:
                raise Failed("Sign-in failed: no data returned")
            token = result.data["token"]
            stored = await self._tokens.set_tokens(token, result.refresh or token)
            if not stored["success"]:
                raise Failed(f"Failed to store tokens: {stored['error']}")
            self.user = result.data["user"]
            self.is_auth_expired = False
            self._settings.set("user", self.user)
        except (Failed, httpx.HTTPError) as error:
            self.error = str(error)
        finally:
            self.is_loading = False
            self.show()

    async def refresh_session(self) -> bool:
        try:
            result = await self._auth_client.get_session()
            if not result.data:
                if result.status in (401, 403):
                    await self.handle_auth_expired()
                return False
            self.user = result.data["user"]
            self._settings.set("user", self.user)
        except (httpx.HTTPError, TypeError, KeyError):
            return False
        return True

    async def handle_auth_expired(self) -> None:
        was_already_expired = self.is_auth_expired
        self.is_auth_expired = True
        await self._tokens.clear_tokens()
        if not was_already_expired:
            self.notices.append("Session expired. Sign in again to restore cloud features.")
        self.show()

    async def sign_out(self) -> None:
        try:
            self.is_loading = True
            with contextlib.suppress(httpx.HTTPError):
                await self._auth_client.sign_out()
            await self._tokens.clear_tokens()
            self.user = None
            self.is_auth_expired = False
            self._settings.delete("user")
            self.awaiting_restart = self._has_synced
        finally:
            self.is_loading = False
            self.show()

    @property
    def cloud(self) -> str:
        """Are sync and the assistant ready, paused or off?"""
        return "off" if self.user is None else "paused" if self.is_auth_expired else "ready"

    def notes(self) -> list[dict[str, Any]]:
        return list(self._notes.get("notes") or [])

    def write_note(self, text: str) -> None:
        note = {
            "id": uuid.uuid4().hex[:12],
            "text": text,
            "changedAt": time.time(),
            "deleted": False,
        }
        self._notes.set("notes", [note, *self.notes()])

    async def sync(self) -> None:
        """Send the notes."""
        if self.cloud == "ready":
            self._has_synced = True
            await self._call("PUT", "/app/notes", {"notes": self.notes()})

    async def summarise(self) -> str:
        """The newest note's summary."""
        response = await self._call("POST", "/app/summarise", {"text": self.notes()[0]["text"]})
        return (
            str(response.json()["summary"]) if response is not None and response.is_success else ""
        )

    async def _call(self, method: str, path: str, body: Any) -> httpx.Response | None:
        try:
            response = await self.api.authenticated_fetch(method, path, body)
        except (Failed, httpx.HTTPError) as error:
            self.error = str(error)
            return None
        self.error = "" if response.is_success else f"The server answered {response.status_code}"
        return response
