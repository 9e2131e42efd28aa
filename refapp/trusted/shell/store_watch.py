"""Looks at what is stored: when the session asks for it, and within seconds of another copy's
change (SO-8, NM-1).

What the disk did not take is written again (RF-3): soon, then every few seconds; with back-off if
it is not the disk that is in the way, for a keychain that is asked may ask the person.

Owns when to look, and when a look counts: a version of the file counts as used once the session has
had its contents, and until then it is looked at again. What was found is an event, and ``session``
says what follows.

A look that the keychain did not let happen is repeated with back-off, for a keychain that was asked
may have asked the person. That is counted on the loop's clock: the computer's may be set back.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable

from refapp.snapshot import Phase
from refapp.trusted.errors import StorageError, StorageFault, WriteFailed
from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.session import looks
from refapp.trusted.rules.session_state import State
from refapp.trusted.rules.shell import Shell
from refapp.trusted.scheduling.backoff import delay
from refapp.trusted.scheduling.tasks import Tasks
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.storage.used_version import Version
from refapp.trusted.wording import session_words

LOOK_EVERY_S = 5.0
SAVE_AFTER_S = (0.2, 1.0)
"""Before the first tries to write what the disk did not take."""


class StoreWatch:
    """``read`` carries a look at ``tokens`` out, ``shell`` gets its event;
    ``chance`` in [0, 1) spreads the looks that are repeated.
    """

    def __init__(
        self,
        tokens: TokenService,
        read: Callable[[do.ReadStore], Awaitable[ev.Event]],
        shell: Shell,
        *,
        state: Callable[[], State],
        chance: Callable[[], float],
    ) -> None:
        self._owed = tokens.unsaved
        self._owed.told = lambda: shell.dispatch(ev.SavedAfterAll(session_words.SAVED_AFTER_ALL))
        self._owed.begun = self._owes
        self._save_again = tokens.save_again
        self._version = tokens.version
        self._read = read
        self._shell = shell
        self._state = state
        self._chance = chance
        self._tasks = Tasks()
        self._watching = False
        self._saving = False
        self._under_way: set[int] = set()
        self._failed: Version = None
        self._failures = 0
        self._not_before = 0.0

    def look(self, effect: do.ReadStore) -> None:
        """Look now, and from the first time on whenever there is something to see.
        A look that is under way will do.
        """
        if not self._watching:
            self._watching = True
            self._tasks.start(self._watch())
        if effect.generation not in self._under_way:
            self._under_way.add(effect.generation)
            self._tasks.start(self._look(effect), lambda: self._broken_off(effect))

    def _broken_off(self, effect: do.ReadStore) -> None:
        self._under_way.discard(effect.generation)
        self._shell.give_up(effect)

    async def close(self) -> None:
        """Look no more, and write no more."""
        self._owed.begun = lambda _: None
        await self._tasks.close()

    async def _watch(self) -> None:
        """Never begun again: only ``close`` has this task, and it waits for time alone, so nothing
        else can cancel it.
        """
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if not self._under_way and self._is_news():
                self._shell.dispatch(ev.StoreChanged())

    def _owes(self, why: BaseException) -> None:
        if not self._saving:
            self._saving = True
            self._tasks.start(self._save(why))

    async def _save(self, why: BaseException) -> None:
        """The only one: it goes on until nothing is owed."""
        try:
            for tries in itertools.count():
                await asyncio.sleep(self._before_save(why, tries))
                try:
                    await self._save_again()
                except StorageError as error:
                    why = error
                if self._owed.held is None:
                    return
        finally:
            self._saving = False

    def _before_save(self, why: BaseException, tries: int) -> float:
        if isinstance(why, StorageError) and not isinstance(why, WriteFailed):
            return max(LOOK_EVERY_S, delay(tries + 1, self._chance()))
        return SAVE_AFTER_S[tries] if tries < len(SAVE_AFTER_S) else LOOK_EVERY_S

    def _is_news(self) -> bool:
        state = self._state()
        if not self._version.changed() and state.phase is not Phase.UNAVAILABLE:
            return False
        if not self._failures or self._version.now() != self._failed:
            return True
        if (
            state.phase is Phase.UNAVAILABLE
            and state.trouble
            and state.trouble.state == StorageFault.code
        ):
            return False  # the person may have said no: to ask again is for her
        return asyncio.get_running_loop().time() >= self._not_before

    async def _look(self, effect: do.ReadStore) -> None:
        version = self._version.now()
        try:
            event = await self._read(effect)
        finally:
            self._under_way.discard(effect.generation)
        if isinstance(event, ev.StorageMissing):
            self._failed = version
            self._failures += 1
            self._not_before = asyncio.get_running_loop().time() + delay(
                self._failures, self._chance()
            )
        elif effect.generation == self._state().generation and looks(self._state()):
            self._failures = 0
            self._version.use(version)
        self._shell.dispatch(event)
