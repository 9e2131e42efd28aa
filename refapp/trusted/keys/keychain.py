"""The keychain port: the OS keychain as the rest of the parent sees it. It keeps master keys, nothing else.

Owns the items' names and their text form. One item a key: service = the app's id, user = ``master-key:<kid>``, value = ``v1.``
and the key in base64url: 47 characters, far below Windows' limit of 1280. An item is never overwritten: macOS would reset who
may read it, and a crash between would lose the key.

``status`` asks no item and never prompts; ``unlock`` alone may prompt (SS-13). What the back ends do: ``keychain_backend``.
"""

from __future__ import annotations

import base64
import os
from typing import Protocol

import msgspec

from refapp.trusted.errors import StorageError, StorageFault
from refapp.trusted.keys import keychain_backend
from refapp.trusted.keys.keychain_thread import KeychainThread
from refapp.trusted.recorder import Recorder

KEY_BYTES = 32
PREFIX = "v1."
READY = "ready"


class StorageState(msgspec.Struct, frozen=True):
    """Can secrets be kept now? ``state``: "ready", or the ``code`` of a StorageError. The rest is for people."""

    state: str
    backend: str
    sentence: str = ""
    cure: str = ""

    @property
    def ready(self) -> bool:
        return self.state == READY

    @classmethod
    def of(cls, error: StorageError) -> StorageState:
        """The state that ``error`` describes."""
        return cls(error.code, "", error.sentence, error.cure)


class Keychain(Protocol):
    """Where master keys live. Only StorageError and its subclasses are raised; ``kid`` names a key."""

    async def status(self) -> StorageState:
        """Whether keys can be read and written. Never raises, never prompts, touches no item."""

    async def unlock(self) -> StorageState:
        """As ``status``, after the desktop has asked the person for the keychain's password. Never raises."""

    async def read_key(self, kid: str) -> bytes | None:
        """The 32 bytes kept under ``kid``, None if there is no such item. Raises StorageError."""

    async def write_key(self, kid: str, key: bytes) -> None:
        """Keep ``key`` under the new name ``kid``. It has been read back, and is on the disk, on return. Raises StorageError."""

    async def delete_key(self, kid: str) -> None:
        """Forget ``kid``; a kid that is not there is fine. Raises StorageError."""


class OsKeychain:
    """The desktop's own keychain, through keyring."""

    # The service writes its file without waiting for the disk; syncing all disks may take its time on a busy machine.
    SYNC_DEADLINE_S = 30.0

    def __init__(self, app_id: str, deadline_s: float, unlock_deadline_s: float, recorder: Recorder) -> None:
        self._app_id = app_id
        self._deadline_s = deadline_s
        self._unlock_deadline_s = unlock_deadline_s
        self._recorder = recorder
        self._thread = KeychainThread()

    async def status(self) -> StorageState:
        try:
            name = await self._thread.call(keychain_backend.backend_name, self._deadline_s)
        except StorageError as error:
            return StorageState.of(error)
        return StorageState(READY, name)

    async def unlock(self) -> StorageState:
        try:
            await self._thread.call(
                lambda: keychain_backend.unlock(self._unlock_deadline_s), self._unlock_deadline_s + self._deadline_s
            )
        except StorageError as error:
            return StorageState.of(error)
        return await self.status()

    async def read_key(self, kid: str) -> bytes | None:
        text = await self._thread.call(lambda: keychain_backend.read(self._app_id, item_of(kid)), self._deadline_s)
        self._recorder.note("parent", "keychain", "read key")
        return None if text is None else key_of(text)

    async def write_key(self, kid: str, key: bytes) -> None:
        text = text_of(key)
        await self._thread.call(lambda: keychain_backend.write(self._app_id, item_of(kid), text), self._deadline_s)
        self._recorder.note("parent", "keychain", "write key")
        # Without it a power cut in the next seconds loses the key, and with it all that it will have sealed (SS-11).
        if hasattr(os, "sync"):
            await self._thread.call(os.sync, self.SYNC_DEADLINE_S)

    async def delete_key(self, kid: str) -> None:
        await self._thread.call(lambda: keychain_backend.delete(self._app_id, item_of(kid)), self._deadline_s)
        self._recorder.note("parent", "keychain", "delete key")


def item_of(kid: str) -> str:
    """The name of a key's item, as keychain programs show it."""
    return f"master-key:{kid}"


def text_of(key: bytes) -> str:
    """The item's value for a key of 32 bytes."""
    return PREFIX + base64.urlsafe_b64encode(key).decode().rstrip("=")


def key_of(text: str) -> bytes:
    """The key in an item's value.

    Raises:
        StorageFault: somebody else wrote the item, or a newer version did.
    """
    try:
        key = base64.b64decode(text.removeprefix(PREFIX) + "=", altchars=b"-_", validate=True)
    except ValueError:
        key = b""
    if not text.startswith(PREFIX) or len(key) != KEY_BYTES:
        raise StorageFault("The key in the keychain has a form that this version does not know.")
    return key
