"""The calls to the auth server, each answered with a ``verdict``: sign in, check the session,
refresh, sign out.

Owns the paths and bodies of BetterAuth's wire format, the plugins deviceAuthorization, electron and
twoFactor among them. Decides nothing about the session, keeps nothing.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Mapping

import msgspec

from refapp.trusted.config import APP_ID
from refapp.trusted.network.no_answer import NoAnswer
from refapp.trusted.server.device_answers import Granted, Poll, judge_codes, judge_poll
from refapp.trusted.server.origin_client import OriginClient
from refapp.trusted.server.pkce import Proof
from refapp.trusted.server.second_factor import PATHS, judge_password, trust_in
from refapp.trusted.server.verdict import Call, Refused, Reply, Verdict, judge
from refapp.trusted.storage.secret import Challenge, Credentials, DeviceGrant, FactorCode, Trust

BROWSER_CLIENT = "electron"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class AuthClient:
    """Talks to ``/api/auth`` of the one origin.
    ``sign_in_page``: the application's own page for the browser, a path or a URL.
    """

    def __init__(
        self,
        http: OriginClient,
        clock: Callable[[], float],
        sign_in_page: str = "/sign-in",
        client_id: str = APP_ID,
    ) -> None:
        self._http = http
        self._clock = clock
        self._page = sign_in_page
        self._client_id = client_id

    async def sign_in(
        self, credentials: Credentials, trust: Trust | None = None
    ) -> tuple[Challenge | Verdict, Trust | None]:
        """By e-mail, or by user name where what was typed has no @;
        and what ``trust`` is from now on (TF-5).
        """
        kind = "email" if "@" in credentials.email else "username"
        body = {kind: credentials.email, "password": credentials.password}
        came = await self._send(
            Call.SIGN_IN, f"/api/auth/sign-in/{kind}", body, cookie=trust.cookie if trust else None
        )
        return judge_password(came, self._clock()), trust_in(came, credentials.email, self._clock())

    async def second_factor(
        self, challenge: Challenge, code: FactorCode, who: str
    ) -> tuple[Verdict, Trust | None]:
        """Answer the question for a second factor (TF-2);
        and what this computer is trusted by from now on, if it is.
        """
        body = {"code": code.code} | ({"trustDevice": True} if code.trust else {})
        came = await self._send(
            Call.SECOND_FACTOR, PATHS[code.factor], body, cookie=challenge.cookie
        )
        return judge(Call.SECOND_FACTOR, came, self._clock()), trust_in(came, who, self._clock())

    async def send_code(self, challenge: Challenge) -> Verdict:
        """Have a code sent by e-mail."""
        came = await self._send(
            Call.SEND_CODE, "/api/auth/two-factor/send-otp", {}, cookie=challenge.cookie
        )
        return judge(Call.SEND_CODE, came, self._clock())

    async def send_verification(self, email: str) -> Verdict:
        """Have the message sent again by which a person confirms her e-mail address (TF-4)."""
        return await self._post(
            Call.VERIFICATION, "/api/auth/send-verification-email", {"email": email}
        )

    async def session(self, access: str) -> Verdict:
        """Ask whether the session behind ``access`` is good (RS-9)."""
        verdict = await self._session_once(access)
        if isinstance(verdict, Refused) and verdict.code == "FAILED_TO_GET_SESSION":
            # The server lost a race with itself while it moved the expiry;
            # the next answer is the true one.
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

    async def browser_offer(self) -> Verdict:
        """Whether the server has the browser flow:
        its exchange, asked for nothing. Refused: it has.
        """
        return await self._post(Call.BROWSER_OFFER, "/api/auth/electron/token", {})

    def browser_link(self, proof: Proof, return_to: str) -> str:
        """Where a person signs in for the app.
        Without a place to return to the page shows the code, to be pasted.
        """
        query = {
            "client_id": BROWSER_CLIENT,
            "code_challenge": proof.challenge,
            "state": proof.state,
        }
        if return_to:
            query["redirect_uri"] = return_to
        page = self._page if "://" in self._page else f"{self._http.origin}{self._page}"
        parts = urllib.parse.urlsplit(page)
        asked = "&".join(part for part in (parts.query, urllib.parse.urlencode(query)) if part)
        return urllib.parse.urlunsplit(parts._replace(query=asked))

    async def exchange(self, code: str, proof: Proof) -> Verdict:
        """Trade the code for a session (RFC 7636, section 4.5). It has one try."""
        body = {"token": code, "state": proof.state, "code_verifier": proof.verifier}
        return await self._post(Call.CODE, "/api/auth/electron/token", body)

    async def device_codes(self) -> DeviceGrant | Verdict:
        """Ask for a device sign-in (RFC 8628, section 3.1)."""
        came = await self._send(
            Call.DEVICE_CODES, "/api/auth/device/code", {"client_id": self._client_id}
        )
        return judge_codes(came, self._clock())

    async def device_poll(self, device_code: str) -> Granted | Poll | Verdict:
        """Ask what became of it (RFC 8628, section 3.4).
        JSON: BetterAuth does not take the form that the RFC has.
        """
        body = {
            "grant_type": DEVICE_GRANT,
            "device_code": device_code,
            "client_id": self._client_id,
        }
        return judge_poll(
            await self._send(Call.DEVICE_POLL, "/api/auth/device/token", body), self._clock()
        )

    async def _post(
        self, call: Call, path: str, body: dict[str, str], token: str | None = None
    ) -> Verdict:
        return judge(call, await self._send(call, path, body, token), self._clock())

    async def _send(
        self,
        call: Call,
        path: str,
        body: Mapping[str, str | bool],
        token: str | None = None,
        cookie: str | None = None,
    ) -> Reply | NoAnswer:
        return await self._http.send(
            call, "POST", path, token=token, body=msgspec.json.encode(body), cookie=cookie
        )
