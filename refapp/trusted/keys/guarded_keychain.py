"""A program's own keychain, held to the port's promises: it is a stranger's code, and may raise,
answer or do anything.

Owns that nothing but StorageError comes out of it, nothing but a key or a state, and that in time.
What it raises is told apart as ``keychain_backend`` does for keyring's; what it answers and is none
counts as a failure of its. While it asks the person by its ``prompts`` it has no deadline, as no
keychain has (SS-13).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from refapp.trusted.errors import StorageError, StorageFault, StorageTimeout
from refapp.trusted.keys.keychain import KEY_BYTES, Keychain
from refapp.trusted.keys.keychain_backend import told_apart
from refapp.trusted.keys.prompts import Prompts
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.wording import keychain_words

T = TypeVar("T")


class GuardedKeychain:
    """See ``Keychain``. ``keychain`` is the program's;
    ``deadline_s`` is for each access that asks nobody.
    """

    def __init__(self, keychain: Keychain, deadline_s: float) -> None:
        self._keychain = keychain
        self._deadline_s = deadline_s
        prompts: object = getattr(keychain, "prompts", None)
        self.prompts = prompts if isinstance(prompts, Prompts) else Prompts()

    async def status(self) -> StorageState:
        return await self._state(lambda: self._keychain.status())

    async def unlock(self) -> StorageState:
        return await self._state(lambda: self._keychain.unlock())

    async def read_key(self, kid: str) -> bytes | None:
        key: object = await self._answer(lambda: self._keychain.read_key(kid))
        if key is not None and not (isinstance(key, bytes) and len(key) == KEY_BYTES):
            raise StorageFault(keychain_words.NOT_A_KEY)
        return key

    async def write_key(self, kid: str, key: bytes) -> None:
        await self._answer(lambda: self._keychain.write_key(kid, key))

    async def delete_key(self, kid: str) -> None:
        await self._answer(lambda: self._keychain.delete_key(kid))

    async def _state(self, ask: Callable[[], Awaitable[StorageState]]) -> StorageState:
        try:
            state: object = await self._answer(ask)
        except StorageError as error:
            return StorageState.of(error)
        return (
            state
            if isinstance(state, StorageState)
            else StorageState.of(StorageFault(keychain_words.USABLE_NOT_SAID))
        )

    async def _answer(self, ask: Callable[[], Awaitable[T]]) -> T:
        async def asked() -> T:
            with told_apart():
                return await ask()

        answer = asyncio.get_running_loop().create_task(asked())
        # One that is given up here may still fail later; nobody hears it then.
        answer.add_done_callback(lambda given_up: given_up.cancelled() or given_up.exception())
        try:
            while not (await asyncio.wait([answer], timeout=self._deadline_s))[0]:
                if not self.prompts.asking:
                    raise StorageTimeout(keychain_words.NOT_IN_TIME)
        finally:
            answer.cancel()
        return answer.result()
