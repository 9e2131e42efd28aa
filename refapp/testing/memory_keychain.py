"""A keychain in memory that keeps the port's promises.
Set ``trouble`` to make it locked, absent, slow or broken.

Set ``asks`` and it asks the person about each key that it is to give, as KeePassXC does;
``answer`` is the person's.
"""

from __future__ import annotations

import asyncio

from refapp.trusted.errors import StorageError, StorageFault, StorageLocked
from refapp.trusted.keys.prompts import NOT_ALLOWED, Prompts
from refapp.trusted.keys.storage_state import READY, StorageState


class MemoryKeychain:
    """``items`` is what it holds; ``trouble`` is raised by every access while set;
    ``when_unlocked`` replaces it on unlock.
    """

    def __init__(self, backend: str = "Test Keychain") -> None:
        self.prompts = Prompts()
        self.items: dict[str, bytes] = {}
        self.trouble: StorageError | None = None
        self.when_unlocked: StorageError | None = None
        self.asks = False
        self._answers: list[asyncio.Future[bool]] = []
        self._backend = backend

    async def status(self) -> StorageState:
        """See ``Keychain``, as for all of these."""
        return (
            StorageState(READY, self._backend)
            if self.trouble is None
            else StorageState.of(self.trouble)
        )

    async def unlock(self) -> StorageState:
        self.trouble = self.when_unlocked
        return await self.status()

    async def read_key(self, kid: str) -> bytes | None:
        self._check()
        if self.asks and not await self.prompts.answered(
            f"{self._backend} asks you whether it may.", self._asked
        ):
            raise StorageLocked(*NOT_ALLOWED)
        self.note("read key")
        return self.items.get(kid)

    async def write_key(self, kid: str, key: bytes) -> None:
        self._check()
        if kid in self.items:
            raise StorageFault("The keychain already has this key; a key is never overwritten.")
        self.note("write key")
        self.items[kid] = key

    async def delete_key(self, kid: str) -> None:
        self._check()
        self.note("delete key")
        self.items.pop(kid, None)

    def answer(self, *, yes: bool) -> None:
        """What the person says to the last question; nobody hears it if that was given up."""
        answer = self._answers.pop()
        if not answer.done():
            answer.set_result(yes)

    def note(self, what: str) -> None:
        """Each access, as it happens: for a keychain that is watched."""

    async def _asked(self) -> bool:
        self._answers.append(asyncio.get_running_loop().create_future())
        return await self._answers[-1]

    def _check(self) -> None:
        if self.trouble is not None:
            # A new one each time: an exception that is raised twice collects the traces of both.
            raise type(self.trouble)(self.trouble.sentence)
