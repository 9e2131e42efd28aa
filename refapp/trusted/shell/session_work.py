"""The work behind the session's effects on what is stored, each piece ending in the event that says
what came of it.

Owns how an effect is carried out, and the mapping of storage errors to events.
Keeps no state and decides nothing.
"""

from __future__ import annotations

import contextlib

from refapp.trusted.errors import BlobDamaged, KeyMissing, StorageError, WriteNotDurable
from refapp.trusted.files.earlier_files import EarlierFiles
from refapp.trusted.files.owner import Owner
from refapp.trusted.files.profile import Profile
from refapp.trusted.files.profile_cache import ProfileCache
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.pending import PendingFound
from refapp.trusted.rules.shell import Shell
from refapp.trusted.storage.secret import StoredSession, TokenPair
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.wording import sign_in_words


class SessionWork:
    """The pieces that end in one event."""

    def __init__(
        self, tokens: TokenService, profiles: ProfileCache, earlier: EarlierFiles, shell: Shell
    ) -> None:
        self._tokens = tokens
        self._profiles = profiles
        self._earlier = earlier
        self._shell = shell

    async def read_store(self, effect: do.ReadStore) -> ev.Event:
        """What is stored (RS-1, RS-2, RS-3)."""
        generation = effect.generation
        if not effect.again:
            status = await self._tokens.status()
            if not status.ready:
                return ev.StorageMissing(generation, status, self._last())
        try:
            session = await self._tokens.load()
        except (KeyMissing, BlobDamaged) as error:
            return ev.StoreUnreadable(generation, StorageState.of(error))
        except StorageError as error:
            return ev.StorageMissing(generation, StorageState.of(error), self._last())
        if session is None:
            return await self._read_pending(generation)
        self._hand_over(generation, session)
        return self.found(generation, session)

    def _hand_over(self, generation: int, session: StoredSession) -> None:
        """Give the person what an earlier version kept for her (OW-7)."""
        if generation == self._shell.current():
            left = self._earlier.hand_over(Owner(self._shell.base, session.user_id, generation))
            if left:
                self._shell.dispatch(ev.FilesLeft(left))

    def found(self, generation: int, session: StoredSession) -> ev.Event:
        """``session`` is on file, and whose it is may be known by name."""
        profile = self._profiles.load()
        mine = profile if profile is not None and profile.id == session.user_id else None
        return ev.SessionFound(generation, session, mine)

    def _last(self) -> Profile | None:
        """Who was signed in last, if something is stored."""
        return self._profiles.load() if self._tokens.on_file() else None

    async def _read_pending(self, generation: int) -> ev.Event:
        """A device sign-in that the last run left behind, while its code is good (SI-15)."""
        try:
            grant = await self._tokens.load_pending()
            if grant is not None and grant.expires_at <= self._shell.clock():
                await self._tokens.forget_pending()
                grant = None
        except StorageError:
            grant = (
                None  # a code that can't be read is ignored silently: the person asks for another
            )
        if grant is None:
            return ev.NothingStored(generation)
        return PendingFound(generation, grant, before=self._profiles.load())

    async def check_storage(self, effect: do.CheckStorage) -> ev.Event:
        """Whether tokens could be kept, in the place of what is there too (SI-10), and nobody has
        signed in in another copy of the app meanwhile: that session stays (OW-9).
        """
        status = await self._tokens.status()
        if not status.ready:
            return ev.StorageMissing(effect.generation, status)
        unseen, stored = self._tokens.version.replaced(), None
        try:
            stored = await self._tokens.load()
        except (KeyMissing, BlobDamaged):
            pass  # it is set aside
        except StorageError as error:
            return ev.StorageMissing(effect.generation, StorageState.of(error))
        if unseen and stored is not None:
            already = ev.SignInUnsuccessful(effect.generation, sign_in_words.ALREADY)
            self._shell.dispatch(already)
            return ev.StoreChanged()
        return ev.StorageReady(effect.generation, effect.credentials, self._profiles.load())

    async def store_pair(self, effect: do.StorePair) -> ev.Event:
        """Make the pair durable, unless somebody signed out or in meanwhile (SI-4, SO-7).

        A disk that took the pair without confirming it (``WriteNotDurable``) did not store it: the
        sign-in fails and what was written is taken back, since SI-4 promises a session that
        survives a restart and another try costs nothing. A renewal goes on instead (RF-3): there
        the old pair is spent, and to give up the new one would sign the person out.

        What another copy of the app has stored meanwhile is replaced, and its session is over:
        nobody could use it (OW-9).
        """
        former = None
        try:
            async with self._tokens.lease():
                if effect.generation == self._shell.current():
                    with contextlib.suppress(StorageError):
                        former = await self._tokens.load()
                    await self._tokens.save(effect.session, effect.trust)
        except StorageError as error:
            sentence = f"{error.sentence} {error.cure}"
            replaced = _of(former) if isinstance(error, WriteNotDurable) else None
            return ev.PairNotStored(effect.generation, sentence, effect.session.pair, replaced)
        self._hand_over(effect.generation, effect.session)
        return ev.PairStored(effect.generation, effect.profile, effect.session, _of(former))


def _of(former: StoredSession | None) -> TokenPair | None:
    return former.pair if former is not None and former.pair.access else None
