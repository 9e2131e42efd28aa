"""The keychain port: the OS keychain as the rest of the parent sees it.
It keeps master keys, nothing else.

Owns the items' names and their text form. One item a key: service = the app's id, user =
``master-key:<kid>``, value = ``v1.`` and the key in base64url: 47 characters, far below Windows'
limit of 1280. An item is never overwritten: macOS would reset who may read it, and a crash between
would lose the key.

``status`` asks no item and never prompts; ``unlock`` alone asks for a keychain's password (SS-13).
On Linux the keychain is the Secret Service (``secret_service_keychain``), anywhere else what
``keyring`` has for it (``keychain_backend``).
"""

from __future__ import annotations

import base64
import os
import re
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from refapp.trusted.errors import StorageError, StorageFault, StorageUnavailable
from refapp.trusted.keys import keychain_backend
from refapp.trusted.keys.keychain_thread import KeychainThread
from refapp.trusted.keys.prompts import Prompts
from refapp.trusted.keys.storage_state import READY, StorageState
from refapp.trusted.recorder import Recorder
from refapp.trusted.wording import keychain_words

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from refapp.trusted.keys.secret_service_keychain import SecretServiceKeychain

T = TypeVar("T")

KEY_BYTES = 32
PREFIX = "v1."
NEWER = re.compile(r"v[0-9]+\.")


class Keychain(Protocol):
    """Where master keys live. Only StorageError and its subclasses are raised; ``kid`` names a key.

    ``prompts`` is what the person is asked meanwhile.
    """

    prompts: Prompts

    async def status(self) -> StorageState:
        """Whether keys can be read and written. Never raises, never prompts, touches no item."""

    async def unlock(self) -> StorageState:
        """As ``status``, after the desktop has asked the person for the keychain's password. Never
        raises.
        """

    async def read_key(self, kid: str) -> bytes | None:
        """The 32 bytes kept under ``kid``, None if there is no such item. Raises StorageError."""

    async def write_key(self, kid: str, key: bytes) -> None:
        """Keep ``key`` under the new name ``kid``.
        It has been read back, and is on the disk, on return. Raises StorageError.
        """

    async def delete_key(self, kid: str) -> None:
        """Forget ``kid``; a kid that is not there is fine. Raises StorageError."""


class OsKeychain:
    """The desktop's own keychain.
    ``deadline_s`` is for one answer of its program; a person takes as long as it takes.
    """

    # The service writes its file without waiting for the disk;
    # syncing all disks may take its time on a busy machine.
    SYNC_DEADLINE_S = 30.0
    # Where no prompt can be told from a program that hangs.
    PERSON_S = 300.0

    def __init__(self, app_id: str, deadline_s: float, recorder: Recorder) -> None:
        self.prompts = Prompts()
        self._app_id = app_id
        self._deadline_s = deadline_s
        self._recorder = recorder
        self._thread = KeychainThread()
        self._service: SecretServiceKeychain | None = None

    async def status(self) -> StorageState:
        try:
            name = await self._done(lambda service: service.check(), keychain_backend.name_of)
        except StorageError as error:
            return StorageState.of(error, self._keeper)
        return StorageState(READY, name, keeper=self._keeper or name)

    @property
    def _keeper(self) -> str:
        return "" if self._service is None else self._service.keeper

    async def unlock(self) -> StorageState:
        try:
            await self._done(lambda service: service.unlock(), lambda _: None)
        except StorageError as error:
            return StorageState.of(error)
        return await self.status()

    async def read_key(self, kid: str) -> bytes | None:
        def read(backend: KeyringBackend) -> list[str]:
            text = keychain_backend.read(backend, self._app_id, item_of(kid))
            return [] if text is None else [text]

        texts = await self._done(lambda service: service.read(self._app_id, item_of(kid)), read)
        self._recorder.note("parent", "keychain", "read key")
        return next((key for text in texts if (key := key_of(text)) is not None), None)

    async def write_key(self, kid: str, key: bytes) -> None:
        item, text = item_of(kid), text_of(key)
        await self._done(
            lambda service: service.write(self._app_id, item, text),
            lambda backend: keychain_backend.write(backend, self._app_id, item, text),
        )
        self._recorder.note("parent", "keychain", "write key")
        # Without it a power cut in the next seconds loses the key, and with it all that it will
        # have sealed (SS-11).
        if hasattr(os, "sync"):
            await self._thread.call(os.sync, self.SYNC_DEADLINE_S)

    async def delete_key(self, kid: str) -> None:
        await self._done(
            lambda service: service.delete(self._app_id, item_of(kid)),
            lambda backend: keychain_backend.delete(backend, self._app_id, item_of(kid)),
        )
        self._recorder.note("parent", "keychain", "delete key")

    async def _done(
        self,
        on_service: Callable[[SecretServiceKeychain], Awaitable[T]],
        on_backend: Callable[[KeyringBackend], T],
    ) -> T:
        """One of the two, on the keychain that this desktop has. Raises StorageError."""
        absent: StorageUnavailable | None = None
        backend = await self._thread.call(keychain_backend.configured, self._deadline_s)
        if backend is None and sys.platform == "linux":
            service, none_there = await self._thread.call(self._secret_service, self._deadline_s)
            try:
                return await on_service(service)
            except none_there as error:
                absent = error
        if backend is None:
            try:
                backend = await self._thread.call(keychain_backend.instead, self._deadline_s)
            except StorageUnavailable as error:
                raise absent or error from None
        chosen = backend
        if keychain_backend.name_of(chosen) not in keychain_backend.ASKS:
            return await self._thread.call(lambda: on_backend(chosen), self._deadline_s)
        says = keychain_words.may_ask(keychain_backend.name_of(chosen))
        return await self.prompts.waited(
            says, lambda: self._thread.call(lambda: on_backend(chosen), self.PERSON_S)
        )

    def _secret_service(self) -> tuple[SecretServiceKeychain, type[StorageUnavailable]]:
        # Imported on the thread: a start has no time for it.
        from refapp.trusted.keys.secret_service import NoService
        from refapp.trusted.keys.secret_service_keychain import SecretServiceKeychain

        self._service = self._service or SecretServiceKeychain(self._deadline_s, self.prompts)
        return self._service, NoService


def item_of(kid: str) -> str:
    """The name of a key's item, as keychain programs show it."""
    return f"master-key:{kid}"


def text_of(key: bytes) -> str:
    """The item's value for a key of 32 bytes."""
    return PREFIX + base64.urlsafe_b64encode(key).decode().rstrip("=")


def key_of(text: str) -> bytes | None:
    """The key in an item's value;
    None if there is none: some keychains leave an item empty when they are ended while they write.

    Raises:
        StorageFault: a newer version wrote the item.
    """
    if NEWER.match(text) and not text.startswith(PREFIX):
        raise StorageFault(keychain_words.KEY_TOO_NEW)
    try:
        key = base64.b64decode(text.removeprefix(PREFIX) + "=", altchars=b"-_", validate=True)
    except ValueError:
        return None
    return key if text.startswith(PREFIX) and len(key) == KEY_BYTES else None
