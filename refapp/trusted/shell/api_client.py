"""Calls to the application's own API with the session's token, or a JWT made from it (recipe, phases 6 and 7).

Owns one call's life: attach the token, and on a 401 renew, then repeat once with the same bytes (RF-1, RF-6, RF-15). A 403 is
the caller's answer, not an expiry (OF-6). The renewal itself, and what its outcome means, is ``auth_store``'s.
"""

from __future__ import annotations

from collections.abc import Callable

from refapp.trusted.errors import CannotTell, NoAccessToken, SessionExpired
from refapp.trusted.rules import events as ev
from refapp.trusted.server.origin_client import OriginClient
from refapp.trusted.server.verdict import (
    Call,
    Fault,
    NotTheServer,
    Refused,
    Reply,
    Throttled,
    Transport,
    Unreachable,
    judge,
)
from refapp.trusted.server.wording import cannot_tell
from refapp.trusted.shell import early_renewal
from refapp.trusted.shell.auth_store import AuthStore
from refapp.trusted.shell.short_lived_jwt import ShortLivedJwt
from refapp.trusted.storage.secret import StoredSession


class ApiClient:
    """``fetch`` is the one way to make an authenticated request."""

    def __init__(self, http: OriginClient, store: AuthStore, clock: Callable[[], float]) -> None:
        self._http = http
        self._store = store
        self._clock = clock
        self._tried_end: float | None = None
        self.jwt = ShortLivedJwt(lambda path: self.fetch("GET", path), lambda: clock() + http.clock_offset_s)

    async def fetch(self, method: str, path: str, body: bytes | None = None, *, jwt: bool = False) -> Reply:
        """The server's answer to ``method path`` (a path on the origin; ``body`` is JSON); 403 and other 4xx are answers too.

        ``jwt``: the call goes with a short-lived JWT instead of the session's token (JW-1), for an API that wants one.

        Raises:
            NoAccessToken: nobody is signed in; no request was made (RF-5).
            SessionExpired: the server ended the session (RF-4).
            CannotTell: no answer of the server; whether it was carried out is not known.
            CallError: ``jwt``, and the server hands out none (JW-5).
        """
        generation = self._store.state.generation
        first, instead = (self._jwt, self._other_jwt) if jwt else (self._access, self._renewed)
        token = await first(generation)
        came = await self._http.send(Call.RESOURCE, method, path, token=token, body=body)
        if isinstance(self._meaning(came), Refused):
            token = await instead(token, generation)
            came = await self._http.send(Call.RESOURCE, method, path, token=token, body=body)
        return self._answer(came, generation)

    async def _access(self, generation: int) -> str:
        return (await self._fresh(await self._usable(), generation)).pair.access

    async def _renewed(self, used: str, generation: int) -> str:
        return (await self._store.renew(used, generation)).pair.access

    async def _jwt(self, _generation: int) -> str:
        await self._usable()
        return await self.jwt.get()

    async def _other_jwt(self, used: str, generation: int) -> str:
        """A new JWT in place of one that was refused. To fetch it asks the session, which then decides (JW-3)."""
        self.jwt.drop(used)
        return await self._jwt(generation)

    async def _usable(self) -> StoredSession:
        held = await self._store.newest()
        if held is not None and held.pair.access and self._store.usable:
            return held
        raise SessionExpired if self._store.state.expired else NoAccessToken

    async def _fresh(self, held: StoredSession, generation: int) -> StoredSession:
        """``held``, renewed first if its end is known and very near. A renewal that moved no end is not asked for twice."""
        server_now = self._clock() + self._http.clock_offset_s
        if not early_renewal.urgent(held, server_now) or held.expires_at == self._tried_end:
            return held
        self._tried_end = held.expires_at
        try:
            return await self._store.renew(held.pair.access, generation)
        except CannotTell:
            return held

    def _meaning(self, came: Reply | Transport) -> object:
        return judge(Call.RESOURCE, came, self._clock())

    def _answer(self, came: Reply | Transport, generation: int) -> Reply:
        meaning = judge(Call.RESOURCE, came, self._clock())
        if isinstance(came, Reply) and not isinstance(meaning, Throttled | Fault | NotTheServer | Unreachable):
            return came
        after = meaning.after if isinstance(meaning, Throttled) else None
        if isinstance(meaning, Unreachable):
            self._store.dispatch(ev.Unreachable(generation, cannot_tell(meaning), after))
        raise CannotTell(cannot_tell(meaning))
