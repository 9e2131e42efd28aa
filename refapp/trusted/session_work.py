"""The work behind the session's effects: storage and auth server, each piece ending in the event that says what came of it.

Owns how an effect is carried out, and the mapping of storage errors and verdicts to events. Keeps no state and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from refapp.trusted import effects as do, events as ev
from refapp.trusted.auth_client import AuthClient
from refapp.trusted.errors import BlobDamaged, KeyMissing, StorageError, WriteNotDurable
from refapp.trusted.history import History
from refapp.trusted.keychain import StorageState
from refapp.trusted.pending import PendingFound
from refapp.trusted.profile_cache import ProfileCache
from refapp.trusted.secret import SessionMode, StoredSession, TokenPair
from refapp.trusted.token_service import TokenService
from refapp.trusted.verdict import Confirmed, Forbidden, Refused
from refapp.trusted.wording import sign_in_failed


class Shell(msgspec.Struct, frozen=True):
    """What the work knows of the shell that it is done for.

    ``clock`` and ``server_clock`` give unix seconds, here and there; ``current()`` is the session's generation now; ``dispatch``
    takes what happens on the way.
    """

    clock: Callable[[], float]
    server_clock: Callable[[], float]
    current: Callable[[], int]
    dispatch: Callable[[ev.Event], None]


class SessionWork:
    """The pieces that end in one event."""

    def __init__(
        self, tokens: TokenService, auth: AuthClient, profiles: ProfileCache, history: History, shell: Shell
    ) -> None:
        self._tokens = tokens
        self._auth = auth
        self._profiles = profiles
        self._history = history
        self._shell = shell

    async def read_store(self, generation: int) -> ev.Event:
        """What is stored (RS-1, RS-2, RS-3)."""
        status = await self._tokens.status()
        if not status.ready:
            return ev.StorageMissing(generation, _trouble_of(status))
        try:
            session = await self._tokens.load()
        except (KeyMissing, BlobDamaged) as error:
            return ev.StoreUnreadable(generation, ev.Trouble(error.code, error.sentence, error.cure))
        except StorageError as error:
            return ev.StorageMissing(generation, ev.Trouble(error.code, error.sentence, error.cure))
        if session is None:
            return await self._read_pending(generation)
        profile = self._profiles.load()
        mine = profile if profile is not None and profile.id == session.user_id else None
        return ev.SessionFound(generation, session, mine)

    async def _read_pending(self, generation: int) -> ev.Event:
        """A device sign-in that the last run left behind, while its code is good (SI-15)."""
        try:
            grant = await self._tokens.load_pending()
            if grant is not None and grant.expires_at <= self._shell.clock():
                await self._tokens.forget_pending()
                grant = None
        except StorageError:
            grant = None  # a code that can't be read is worth no word: the person asks for another
        return ev.NothingStored(generation) if grant is None else PendingFound(generation, grant)

    async def check_storage(self, effect: do.CheckStorage) -> ev.Event:
        """Whether tokens could be kept (SI-10)."""
        status = await self._tokens.status()
        if status.ready:
            return ev.StorageReady(effect.generation, effect.credentials)
        return ev.StorageMissing(effect.generation, _trouble_of(status))

    async def authenticate(self, effect: do.Authenticate) -> ev.Event:
        """Ask the server for a session (SI-1)."""
        verdict = await self._auth.sign_in(effect.credentials)
        if not isinstance(verdict, Confirmed) or verdict.profile is None or verdict.access is None:
            return ev.SignInFailed(
                effect.generation,
                sign_in_failed(verdict, by_name="@" not in effect.credentials.email),
                wrong=isinstance(verdict, Refused | Forbidden),
            )
        session = opened(
            verdict.profile.id, verdict.access, verdict.refresh, self._shell.server_clock(), verdict.expires_at
        )
        return ev.Authenticated(effect.generation, verdict.profile, session)

    async def store_pair(self, effect: do.StorePair) -> ev.Event:
        """Make the pair durable, unless somebody signed out or in meanwhile (SI-4, SO-7).

        A disk that took the pair without confirming it (``WriteNotDurable``) did not store it: the sign-in fails and what was
        written is taken back, since SI-4 promises a session that survives a restart and another try costs nothing. A
        renewal goes on instead (RF-3): there the old pair is spent, and to give up the new one would sign the person out.
        """
        try:
            async with self._tokens.lease():
                if effect.generation == self._shell.current():
                    await self._tokens.save(effect.session)
        except StorageError as error:
            return ev.PairNotStored(effect.generation, error.sentence, effect.session.pair)
        return ev.PairStored(effect.generation, effect.profile, effect.session)

    async def forget_tokens(self, generation: int, held: StoredSession | None) -> ev.Event:
        """Remove the token file (SO-2), and look into it before if nobody has: the server is to be told (SO-1)."""
        unread = False
        try:
            found = held or await self._tokens.load()
        except StorageError:
            found, unread = None, True
        try:
            await self._tokens.clear()
        except WriteNotDurable as error:
            self._history.keep(error.sentence)  # they are gone, and so is their key
        except StorageError as error:
            return ev.TokensNotForgotten(generation, error.sentence)
        return ev.TokensForgotten(generation, found, unread)

    async def forget_pair(self, pair: TokenPair) -> None:
        """Remove the token file if it holds exactly this pair (EX-1)."""
        try:
            await self._tokens.clear_if(pair)
        except StorageError as error:
            self._history.keep(error.sentence)

    async def tell_signed_out(self, generation: int, session: StoredSession | None, *, unread: bool) -> ev.Event:
        """Tell the server (SO-1). A server that does not know the session any more has been told.

        ``unread``: there may be a session that it would have to be told of.
        """
        if session is not None:
            told = isinstance(await self._auth.sign_out(session.pair.access), Confirmed | Refused)
            return ev.ServerTold(generation, told)
        return ev.ServerTold(generation, told=not unread)

    async def revoke(self, pair: TokenPair) -> None:
        """Tell the server that a session that nobody will use is over (SI-4, SO-7)."""
        await self._auth.sign_out(pair.access)


def opened(user_id: str, access: str, refresh: str | None, now: float, expires_at: float | None) -> StoredSession:
    """A session that the server has just opened. ``now`` and ``expires_at``: unix seconds on the server's clock."""
    # One token stands for both, unless the server hands out a refresh token too (SI-2).
    pair = TokenPair(access, refresh or access)
    mode = SessionMode.ROTATING if refresh else SessionMode.UNKNOWN
    return StoredSession(pair, user_id, mode, now, expires_at)


def _trouble_of(status: StorageState) -> ev.Trouble:
    return ev.Trouble(status.state, status.sentence, status.cure)
