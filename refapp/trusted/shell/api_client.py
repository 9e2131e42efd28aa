"""Calls to the application's own API with the session's token, or a JWT made from it (recipe,
phases 6 and 7).

Owns one call's life: attach the token, and on a 401 renew, then repeat once with the same bytes
(RF-1, RF-6, RF-15). A 403 is the caller's answer, not an expiry (OF-6). The renewal itself, and
what its outcome means, is ``auth_store``'s.

Invariants: a request leaves only with a bearer of its own owner, and only while the session is hers
(OW-1, OW-2). One that waited for its turn while its bearer met a 401 elsewhere does not leave with
it: it joins that renewal at once.
"""

from __future__ import annotations

from collections.abc import Callable

from refapp.trusted.errors import CannotTell, NoAccessToken, SessionClosed
from refapp.trusted.files.owner import Owner
from refapp.trusted.network.no_answer import NoAnswer
from refapp.trusted.server.origin_client import OriginClient
from refapp.trusted.server.verdict import (
    Call,
    Fault,
    NotTheServer,
    Refused,
    Reply,
    Throttled,
    Unreachable,
    Verdict,
    judge,
)
from refapp.trusted.server.wording import cannot_tell
from refapp.trusted.shell import early_renewal
from refapp.trusted.shell.auth_store import AuthStore
from refapp.trusted.shell.server_check import ServerCheck
from refapp.trusted.shell.short_lived_jwt import ShortLivedJwt
from refapp.trusted.storage.secret import Bearer, StoredSession


class _Met401(Exception):
    """The bearer of a request that waits for its turn was refused meanwhile."""


class ApiClient:
    """``fetch`` makes an authenticated request;
    ``bearer`` and ``renewed`` are for another client's (``session_auth``).
    """

    def __init__(
        self,
        http: OriginClient,
        store: AuthStore,
        check: ServerCheck,
        clock: Callable[[], float],
    ) -> None:
        self._http = http
        self._store = store
        self._check = check
        self._clock = clock
        self._tried_end: float | None = None
        self._answered = 0
        self._refused = 0  # of the token that met a 401 last, its hash
        self.jwt = ShortLivedJwt(
            lambda path, owner: self.fetch("GET", path, owner=owner),
            lambda: clock() + http.clock_offset_s,
        )

    async def fetch(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        jwt: bool = False,
        owner: Owner | None = None,
        every: bool = False,
    ) -> Reply:
        """The server's answer to ``method path`` (a path on the origin;
        ``body`` is JSON); 403 and other 4xx are answers too.

        ``jwt``: the call goes with a short-lived JWT instead of the session's token (JW-1), for an
          API that wants one.
        ``owner``: whose call it is, and whose its answer; by default whose the session is now.
        ``every``: whatever answers is returned, also what is no answer of the server's to such a
        call (429, 5xx, 3xx).

        Raises:
            NoAccessToken: nobody is signed in, and no request was made (RF-5); or it is another
                than ``owner`` by now, and nothing was sent or answered in her name (OW-1, OW-3).
            SessionExpired: the server ended the session (RF-4).
            CannotTell: no answer of the server; whether it was carried out is not known.
            SessionClosed: the session was closed; no request was made.
            CallError: ``jwt``, and the server hands out none (JW-5).
            ConfigError: ``path`` or ``method`` is none; no request was made, for a token neither.
        """
        if self._store.closed:
            raise SessionClosed
        self._http.check(method, path)
        owner, heard = owner or self._store.owner, self._heard()
        first, instead = (self._jwt, self._other_jwt) if jwt else (self._current, self.renewed)
        bearer = await first(owner)
        refused_before = self._refused

        def refused_meanwhile() -> bool:
            return self._refused == hash(bearer.token) != refused_before

        try:
            came = await self._send(owner, bearer, method, path, body, refused_meanwhile)
            meaning = self._meaning(came)
        except _Met401:
            meaning = Refused()
        if isinstance(meaning, Refused):
            self._refused = hash(bearer.token)
            came = await self._send(owner, await instead(bearer.token, owner), method, path, body)
            meaning = self._meaning(came)
        return self._answer(came, meaning, owner, heard, every=every)

    async def _send(
        self,
        owner: Owner,
        bearer: Bearer,
        method: str,
        path: str,
        body: bytes | None,
        refused_meanwhile: Callable[[], bool] = lambda: False,
    ) -> Reply | NoAnswer:
        def admit() -> None:
            if not owner.is_still(bearer.owner) or not owner.is_still(self._store.owner):
                raise NoAccessToken
            if refused_meanwhile():
                raise _Met401

        return await self._http.send(
            Call.RESOURCE, method, path, token=bearer.token, body=body, admit=admit
        )

    def _bearer(self, session: StoredSession) -> Bearer:
        return Bearer(self._store.owner_of(session), session.pair.access)

    @property
    def closed(self) -> bool:
        """Whether no more calls can be made."""
        return self._store.closed

    @property
    def owner(self) -> Owner:
        """Whose the session is now."""
        return self._store.owner

    async def bearer(self, owner: Owner) -> Bearer:
        """The token that a request of ``owner`` by another client goes with. Raises CallError."""
        bearer = await self._current(owner)
        self._check.used()  # its answer is not seen here
        return bearer

    async def _current(self, owner: Owner) -> Bearer:
        if self._store.closed:
            raise SessionClosed
        return self._bearer(await self._fresh(await self._store.newest(owner), owner))

    async def renewed(self, used: str, owner: Owner) -> Bearer:
        """The same after the token ``used`` met a 401;
        who asks meanwhile joins that renewal (RF-2). Raises CallError.
        """
        if self._store.closed:
            raise SessionClosed
        return self._bearer(await self._renewed(used, owner))

    async def _renewed(self, used: str, owner: Owner) -> StoredSession:
        try:
            return await self._store.renew(used, owner)
        except NoAccessToken:
            if self._store.closed:  # meanwhile: she is signed in still, and at the next start
                raise SessionClosed from None
            raise

    async def _jwt(self, owner: Owner) -> Bearer:
        await self._store.newest(owner)
        try:
            return await self.jwt.get(owner)
        except NoAccessToken:
            await self._store.newest(owner)  # it may have ended meanwhile, and that is told (RF-4)
            raise

    async def _other_jwt(self, used: str, owner: Owner) -> Bearer:
        """A new JWT in place of one that was refused.
        To fetch it asks the session, which then decides (JW-3).
        """
        self.jwt.drop(used)
        return await self._jwt(owner)

    async def _fresh(self, held: StoredSession, owner: Owner) -> StoredSession:
        """``held``, renewed first if its end is known and very near.
        A renewal that moved no end is not asked for twice.
        """
        server_now = self._clock() + self._http.clock_offset_s
        if not early_renewal.urgent(held, server_now) or held.expires_at == self._tried_end:
            return held
        self._tried_end = held.expires_at
        try:
            return await self._renewed(held.pair.access, owner)
        except CannotTell:
            return held

    def _meaning(self, came: Reply | NoAnswer) -> Verdict:
        return judge(Call.RESOURCE, came, self._clock())

    def _heard(self) -> tuple[int, int]:
        """Another value each time that the server answered: a call that began before and fails
        after fails alone (NM-6).
        """
        return self._store.confirmations, self._answered

    def _answer(
        self,
        came: Reply | NoAnswer,
        meaning: Verdict,
        owner: Owner,
        heard: tuple[int, int],
        *,
        every: bool,
    ) -> Reply:
        if self._store.closed:
            raise SessionClosed
        if not owner.is_still(self._store.owner):
            raise NoAccessToken
        if isinstance(came, Reply) and not isinstance(
            meaning, Throttled | Fault | NotTheServer | Unreachable
        ):
            self._answered += 1
            self._check.call_answered(owner)
            return came
        if isinstance(came, Reply) and every:
            return came
        if isinstance(meaning, Unreachable) and heard == self._heard():
            self._check.call_failed(owner)
        raise CannotTell(
            cannot_tell(meaning), meaning.after if isinstance(meaning, Throttled) else None
        )
