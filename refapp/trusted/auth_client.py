"""The calls to the auth server, each answered with a ``verdict``: sign in, check the session, refresh, sign out.

Owns the paths and bodies of BetterAuth's wire format. Decides nothing about the session, keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from refapp.trusted.events import Credentials
from refapp.trusted.origin_client import OriginClient
from refapp.trusted.verdict import Call, Refused, Verdict, judge


class AuthClient:
    """Talks to ``/api/auth`` of the one origin."""

    def __init__(self, http: OriginClient, clock: Callable[[], float]) -> None:
        self._http = http
        self._clock = clock

    async def sign_in(self, credentials: Credentials) -> Verdict:
        """By e-mail, or by user name where what was typed has no @."""
        kind = "email" if "@" in credentials.email else "username"
        body = {kind: credentials.email, "password": credentials.password}
        return await self._post(Call.SIGN_IN, f"/api/auth/sign-in/{kind}", body)

    async def session(self, access: str) -> Verdict:
        """Ask whether the session behind ``access`` is good (RS-9)."""
        verdict = await self._session_once(access)
        if isinstance(verdict, Refused) and verdict.code == "FAILED_TO_GET_SESSION":
            # The server lost a race with itself while it moved the expiry; the next answer is the true one.
            verdict = await self._session_once(access)
        return verdict

    async def _session_once(self, access: str) -> Verdict:
        came = await self._http.send(Call.SESSION, "GET", "/api/auth/get-session", token=access)
        return judge(Call.SESSION, came, self._clock())

    async def refresh(self, refresh: str) -> Verdict:
        """Trade the refresh token for a new pair (recipe, phase 6). The old one is spent."""
        return await self._post(Call.REFRESH, "/api/auth/refresh", {"refreshToken": refresh})

    async def sign_out(self, access: str) -> Verdict:
        """Revoke the session behind ``access``."""
        return await self._post(Call.SIGN_OUT, "/api/auth/sign-out", {}, token=access)

    async def _post(self, call: Call, path: str, body: dict[str, str], token: str | None = None) -> Verdict:
        came = await self._http.send(call, "POST", path, token=token, body=msgspec.json.encode(body))
        return judge(call, came, self._clock())
