"""The master keys of this run:
made in the keychain, read from it once, then held in memory (SS-16).

Owns a key's life: a new random key id and key for every creation, never written again (SS-17).
Which file is sealed under which key is ``vault``'s business; it holds the lease while it makes a
key, so that two copies of the app make one (SS-15).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from refapp.trusted.errors import KeyMissing, StorageError
from refapp.trusted.keys.keychain import KEY_BYTES, Keychain
from refapp.trusted.wording import keychain_words


class MasterKeys:
    """Keys by key id."""

    def __init__(self, keychain: Keychain) -> None:
        self._keychain = keychain
        self._held: dict[str, bytes] = {}

    @property
    def held(self) -> Mapping[str, bytes]:
        """The keys that this run has read or made."""
        return self._held

    async def read(self, kid: str) -> bytes:
        """The key; the keychain is asked for it once a run.

        Raises:
            KeyMissing: the keychain has no such key.
            StorageError: the keychain can't be asked now.
        """
        if kid not in self._held:
            key = await self._keychain.read_key(kid)
            if key is None:
                raise KeyMissing(keychain_words.KEY_GONE)
            self._held[kid] = key
        return self._held[kid]

    @staticmethod
    def new_id() -> str:
        """An id that no key has had."""
        return secrets.token_hex(8)

    async def create(self, kid: str) -> bytes:
        """A new key under the new id, durably in the keychain. Raises StorageError."""
        key = secrets.token_bytes(KEY_BYTES)
        await self._keychain.write_key(kid, key)
        self._held[kid] = key
        return key

    async def forget(self, kid: str) -> bool:
        """Drop the key, here and in the keychain:
        what it sealed is gone for good, on any disk and in any backup.

        False if the keychain did not delete it: a locked one keeps an item that nothing refers to.
        """
        self._held.pop(kid, None)
        try:
            await self._keychain.delete_key(kid)
        except StorageError:
            return False
        return True
