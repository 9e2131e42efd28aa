"""A JWT that the server hands out for a session: what an application's API takes where it does not
ask the auth server itself.

Owns the JWT that may be used now, and its renewal before it ends (JW-2); one request fetches it,
whoever asks meanwhile. It is a secret of the parent like the session's tokens, lives in memory
alone, and is dropped with its owner (JW-4, OW-2): a server takes a JWT until its end, also after a
sign-out. Of its contents only the end is read, and that is trusted for nothing but the moment to
fetch the next one: the API verifies the signature, the app can't.

BetterAuth: plugin jwt, ``GET /api/auth/token`` with the session's token;
15 minutes by default, EdDSA, keys at /api/auth/jwks.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Awaitable, Callable

import msgspec

from refapp.trusted.errors import UNDECODABLE, CallError, CannotTell, NoAccessToken, SessionClosed
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.scheduling.single_flight import SingleFlight
from refapp.trusted.server.verdict import Reply
from refapp.trusted.storage.secret import Bearer
from refapp.trusted.wording import session_words

PATH = "/api/auth/token"
LONGEST = 16_384
LEAD_S = 60.0


class _Answer(msgspec.Struct):
    token: str

    def __repr__(self) -> str:
        """Never show the token."""
        return "_Answer(…)"


class _Claims(msgspec.Struct):
    exp: float | None = None


class _Held(msgspec.Struct, frozen=True):
    """``bearer``, and until when it is used without asking for the next;
    unix seconds on the server's clock.
    """

    bearer: Bearer
    good_until: float
    ends_at: float


class ShortLivedJwt:
    """``ask`` makes a GET for somebody with her session's token, and renews that where it must.

    ``server_clock`` gives unix seconds.
    """

    def __init__(
        self, ask: Callable[[str, Owner], Awaitable[Reply]], server_clock: Callable[[], float]
    ) -> None:
        self._ask = ask
        self._server_clock = server_clock
        self._held: _Held | None = None
        self._flight: SingleFlight[Bearer | CallError] = SingleFlight()
        self._owner = NOBODY
        self._closed = False

    @property
    def held(self) -> bool:
        """Whether there is one in memory."""
        return self._held is not None

    def follow(self, owner: Owner, *, good: bool) -> None:
        """Drop the JWT with its owner,
        and with her session if that is not ``good`` any more (JW-4).
        """
        self._owner = owner if good else NOBODY
        if self._held is not None and not self._held.bearer.owner.is_still(self._owner):
            self._held = None

    async def get(self, owner: Owner) -> Bearer:
        """A JWT of ``owner`` that has not ended, as far as can be told.

        Raises:
            CallError: there is none; the sentence says why.
            As ``ApiClient.fetch``, or the server offers none.
        """
        held, now = self._held, self._server_clock()
        if held is not None and now < held.good_until:
            return held.bearer
        try:
            return await self._fetched(owner)
        except CannotTell:
            if held is not None and held is self._held and now < held.ends_at:
                return held.bearer
            raise

    def drop(self, used: str) -> None:
        """The API did not take ``used`` (JW-3)."""
        if self._held is not None and self._held.bearer.token == used:
            self._held = None

    async def close(self) -> None:
        """End the fetch that is under way."""
        self._closed = True
        await self._flight.close()

    async def _fetched(self, owner: Owner) -> Bearer:
        outcome = await self._flight.run(owner, lambda: self._fetch(owner))
        if isinstance(outcome, CallError):
            raise outcome
        if outcome is None and self._closed:
            raise SessionClosed
        if outcome is None and owner.is_still(self._owner):
            raise CannotTell(session_words.BROKEN_OFF_SIGNED_IN)
        if outcome is None or not outcome.owner.is_still(self._owner):
            raise NoAccessToken
        return outcome

    async def _fetch(self, owner: Owner) -> Bearer | CallError:
        try:
            came = await self._ask(PATH, owner)
        except CallError as error:
            return error
        if came.status == 404:
            return CallError(session_words.NO_JWTS)
        now = self._server_clock()
        held = _read(came, now, owner)
        if held is None:
            return CannotTell(session_words.JWT_NOT_UNDERSTOOD)
        if owner.is_still(self._owner):
            self._held = held
        return held.bearer


def _read(came: Reply, now: float, owner: Owner) -> _Held | None:
    """The JWT of the answer; None if there is none in it.
    One whose end can't be read is good for one call.
    """
    try:
        jwt = msgspec.json.decode(came.body, type=_Answer).token if came.status == 200 else ""
    except UNDECODABLE:
        return None
    if len(jwt) > LONGEST or not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", jwt, re.ASCII):
        return None
    end = end_of(jwt)
    if end is None:
        return _Held(Bearer(owner, jwt), now, now)
    return _Held(Bearer(owner, jwt), end - min(LEAD_S, max(end - now, 0.0) / 4), end)


def end_of(jwt: str) -> float | None:
    """The claim ``exp`` in unix seconds, None if there is none that can be read.
    The signature is not looked at.
    """
    payload = jwt.split(".")[1] if jwt.count(".") == 2 else ""
    try:
        claims = msgspec.json.decode(
            base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims
        )
    except (*UNDECODABLE, binascii.Error, ValueError):
        return None
    return claims.exp if claims.exp is not None and math.isfinite(claims.exp) else None
