"""The recipe's secure storage, trusted side: is_available, set, get, delete, clear, each answered
with a result (SS-1 to SS-8).

Owns the words of the answers. Invariant: no operation raises or hangs, and no answer's error holds
a secret or an exception's text. The parent may keep any name; that the channel knows two of them
alone is ``messages``' doing (SS-7), and that it never gets a value but a ``handle`` is ``gate``'s.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from refapp.trusted.errors import StorageError
from refapp.trusted.keys.keychain import Keychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.token_file import SealedFor
from refapp.trusted.storage.vault import Vault
from refapp.trusted.wording import storage_words

ACCESS, REFRESH = "accessToken", "refreshToken"
SESSION = "session"
"""Whose the two tokens are, and what is known of their life: ``token_service`` keeps it."""
NOT_AVAILABLE = "Secure storage not available"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}\Z")


class StorageResult(msgspec.Struct, frozen=True):
    """The recipe's result: ``data`` only with success (None: nothing stored), ``error`` only
    without (SS-5).
    """

    success: bool
    data: str | None = None
    error: str | None = None

    def __repr__(self) -> str:
        """Never show the data."""
        return f"StorageResult(success={self.success}, error={self.error!r})"


class SecureStorage:
    """The secrets of ``app_id`` at ``origin``, under ``folder``. ``clock`` gives unix seconds."""

    def __init__(
        self,
        folder: Path,
        origin: str,
        app_id: str,
        keychain: Keychain,
        recorder: Recorder,
        clock: Callable[[], float],
        lock_deadline_s: float,
    ) -> None:
        self.vault = Vault(
            folder, SealedFor(app_id, origin), keychain, recorder, clock, lock_deadline_s
        )

    async def is_available(self) -> StorageResult:
        """``data`` is "true" if the keychain is there, encrypts and is unlocked, else "false"."""
        state = await self.vault.keychain.status()
        return StorageResult(success=True, data="true" if state.ready else "false")

    async def set(self, key: str, value: str) -> StorageResult:
        """Encrypt ``value`` and store it under ``key``. It is durable on success (SS-1, SS-2)."""

        async def store() -> StorageResult:
            # Whose the tokens are is not known of one that came this way,
            # whoever's the others are (OW-1).
            nobodys: dict[str, str | None] = {SESSION: None} if key in (ACCESS, REFRESH) else {}
            await self.vault.write({**nobodys, key: value})
            return StorageResult(success=True)

        return await self._answer("Encryption failed", key, store)

    async def get(self, key: str) -> StorageResult:
        """The value under ``key``; None, and a success, if there is none (SS-3)."""

        async def fetch() -> StorageResult:
            return StorageResult(success=True, data=(await self.vault.read(key)).get(key))

        return await self._answer("Decryption failed", key, fetch)

    async def handle(self, key: str) -> StorageResult:
        """What the channel gets in place of the value:
        its keyed fingerprint, or None if there is no value.
        """

        async def derive() -> StorageResult:
            value = (await self.vault.read(key)).get(key)
            return StorageResult(
                success=True,
                data=None if value is None else await self.vault.fingerprint(key, value),
            )

        return await self._answer("Decryption failed", key, derive)

    async def delete(self, key: str) -> StorageResult:
        """Remove the value under ``key``, if any; works without the keychain (SS-4)."""

        async def remove() -> StorageResult:
            await self.vault.forget_value(key)
            return StorageResult(success=True)

        return await self._answer("Delete failed", key, remove, needs_keychain=False)

    async def clear(self) -> StorageResult:
        """Remove everything; works without the keychain (SS-4)."""
        try:
            await self.vault.forget()
        except StorageError as error:
            return StorageResult(success=False, error=storage_words.clear_failed(error.sentence))
        return StorageResult(success=True)

    async def _answer(
        self,
        failure: str,
        key: str,
        operation: Callable[[], Awaitable[StorageResult]],
        *,
        needs_keychain: bool = True,
    ) -> StorageResult:
        if not NAME.match(key):
            return StorageResult(success=False, error=storage_words.no_such_name(failure))
        if needs_keychain and not (await self.vault.keychain.status()).ready:
            return StorageResult(success=False, error=NOT_AVAILABLE)
        try:
            return await operation()
        except StorageError as error:
            return StorageResult(success=False, error=f"{failure}: {error.sentence}")
