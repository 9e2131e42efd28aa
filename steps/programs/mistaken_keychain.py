"""Keychains that the author of a program wrote himself, each of which does something of which its
port knows nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn

from keyring.errors import InitError, KeyringLocked, NoKeyringError
from secretstorage.exceptions import (
    LockedException,
    PromptDismissedException,
    SecretServiceNotAvailableException,
)

from refapp.trusted.keys.prompts import Prompts
from refapp.trusted.keys.storage_state import READY, StorageState
from steps.scenario.people import ADA

Answer = Callable[[str], Awaitable[Any]]
"""To an access, by the name of its method."""


def _raises(error: type[Exception]) -> Answer:
    """An error that holds a secret."""

    async def answer(_: str) -> NoReturn:
        raise error(ADA.password)

    return answer


async def _nothing(_: str) -> None:
    """It says that all is well, and nothing else."""


async def _never(_: str) -> None:
    await asyncio.Event().wait()


async def _asks_once(_: str) -> None:
    await MistakenKeychain.prompts.waited("It asks you.", _at_once)
    await _never("")


async def _at_once() -> None:
    """Her answer."""


async def _no_key(access: str) -> object:
    return StorageState(READY) if access == "status" else b"too short"


ANSWERS: Mapping[str, Answer] = {
    "has a mistake": _raises(LookupError),
    "says nothing of itself": _nothing,
    "answers nobody": _never,
    "asks her, and then answers nobody": _asks_once,
    "gives up by itself": _raises(TimeoutError),
    "loses its connection": _raises(ConnectionResetError),
    "is locked, in the words of a library": _raises(KeyringLocked),
    "is locked, in the words of another": _raises(LockedException),
    "was told no, in its words": _raises(PromptDismissedException),
    "is not there, in a library's words": _raises(NoKeyringError),
    "can't begin, in its words": _raises(InitError),
    "is not there, in another's words": _raises(SecretServiceNotAvailableException),
    "gives something else than the key": _no_key,
}
"""What the features say that a keychain does."""


class MistakenKeychain:
    """``answer`` is its answer to everything."""

    prompts = Prompts()

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def status(self) -> Any:
        """See ``Keychain``, as for all of these."""
        return await self._answer("status")

    async def unlock(self) -> Any:
        return await self._answer("unlock")

    async def read_key(self, kid: str) -> Any:
        del kid
        return await self._answer("read key")

    async def write_key(self, kid: str, key: bytes) -> None:
        del kid, key
        await self._answer("write key")

    async def delete_key(self, kid: str) -> None:
        del kid
        await self._answer("delete key")
