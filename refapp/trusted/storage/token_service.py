"""The stored session for the rest of the parent: load, save, forget, the lease and the refresh
journal. The recipe's phase 3.

Owns what counts as stored: a renewed session that the disk did not take does, in place of the one
that is still on file. Raises StorageError and nothing else; decides nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import msgspec

from refapp.trusted.errors import (
    BlobDamaged,
    KeyMissing,
    StorageError,
    StorageFault,
    WriteNotDurable,
)
from refapp.trusted.files import atomic_file
from refapp.trusted.files.disk_limits import limits
from refapp.trusted.files.on_disk import on_disk
from refapp.trusted.keys.prompts import Prompts
from refapp.trusted.keys.storage_state import MEMORY, StorageState
from refapp.trusted.storage.memory_vault import MemoryVault
from refapp.trusted.storage.refresh_journal import RefreshJournal
from refapp.trusted.storage.secret import DeviceGrant, StoredSession, TokenPair, Trust
from refapp.trusted.storage.secure_storage import ACCESS, REFRESH, SESSION, SecureStorage
from refapp.trusted.storage.session_values import DEVICE, TRUST, named, session_in, values_of
from refapp.trusted.storage.unsaved import Unsaved
from refapp.trusted.storage.used_version import UsedVersion
from refapp.trusted.storage.vault import Rotated, Vault
from refapp.trusted.wording import storage_words

T = TypeVar("T")
IN_MEMORY_INSTEAD_OF = frozenset({"unavailable", "insecure"})


class TokenService:
    """The one session that ``storage`` holds, or that this run holds in memory alone."""

    def __init__(self, storage: SecureStorage) -> None:
        self._disk = storage.vault
        self._memory: MemoryVault | None = None
        self._journal = RefreshJournal(storage.vault)
        self.unsaved = Unsaved(storage.vault.lease)

    @property
    def _vault(self) -> Vault | MemoryVault:
        return self._memory or self._disk

    @property
    def in_memory(self) -> bool:
        """Whether the session ends with this run, by the person's choice (SS-18)."""
        return self._memory is not None

    async def keep_in_memory(self) -> None:
        """From here on keep the session in memory alone. What is on the disk stays as it is.

        Raises:
            StorageError: there is a keychain, so that there is no need.
        """
        state = await self.status()
        if state.state not in IN_MEMORY_INSTEAD_OF:
            raise StorageFault(storage_words.THERE_IS_A_KEYCHAIN)
        self._memory = MemoryVault()

    async def status(self) -> StorageState:
        """Whether tokens can be kept now, and what the disk can't do for them.
        Never raises, never prompts, reads no key.
        """
        if self._memory is not None:
            return StorageState(MEMORY, "", storage_words.IN_MEMORY)
        state = await self._disk.keychain.status()
        if not state.ready:
            return state
        return msgspec.structs.replace(
            state, sentence=await on_disk(limits, self._disk.path.parent)
        )

    @property
    def prompts(self) -> Prompts:
        """What the keychain asks the person, and how that is given up."""
        return self._disk.keychain.prompts

    async def unlock(self) -> StorageState:
        """As ``status``, after the desktop has asked for the keychain's password;
        may take as long as the person does.
        """
        return await self._disk.keychain.unlock()

    def on_file(self) -> bool:
        """Is anything stored, as far as one ``stat`` can tell? Whose, ``load`` has to find out."""
        if self._memory is not None:
            return self._memory.holds_something
        return atomic_file.signature(self._disk.path) is not None

    async def load(self) -> StoredSession | None:
        """The stored session, None if there is none. A token that is missing is the empty string.
        A renewed one that the disk did not take counts as stored.

        A token that came through the storage operations alone has no user: ``user_id`` is empty
        until the server was asked.

        Raises:
            KeyMissing, BlobDamaged, BlobTooNew: there is one, but it can't be read;
            its file stays (SS-14). StorageError: it can't be read now; ask again later (SS-13).
        """
        stored = session_in(await self._vault.read(ACCESS, REFRESH, SESSION))
        return self.unsaved.newest(stored)

    async def load_or_restore(self, held: StoredSession | None) -> StoredSession | None:
        """``load``, but ``held`` is written in place of what can't be read any more,
        which is set aside (SS-14).

        Raises:
            StorageError: as ``load`` where nothing is held, or as ``save``.
        """
        try:
            return await self.load()
        except (BlobDamaged, KeyMissing):
            if held is None:
                raise
            await self.save(held)
            return held

    async def save(self, session: StoredSession, trust: Trust | None = None) -> None:
        """Put this session in place of the stored one, and ``trust`` beside it:
        all in one durable write (SS-11).

        Raises:
            WriteNotDurable: the new session is in place; do not go back to the old one.
            StorageError: the old one is as it was; keep the new one in memory and try again.
        """
        beside = {} if trust is None else {TRUST: msgspec.json.encode(trust).decode()}
        await self._vault.write({**values_of(session), **beside})
        self.unsaved.drop()

    async def load_trust(self) -> Trust | None:
        """What this computer is trusted by at a sign-in, None if it is not. Raises StorageError."""
        return await self._value(TRUST, Trust)

    async def replace(self, pair: TokenPair, session: StoredSession) -> bool:
        """``save`` if exactly this pair is still stored;
        False if it is not: somebody signed out (RF-10).

        Raises as ``save``; what the disk did not take counts as stored, and ``save_again`` writes
        it. That a refresh was sent is forgotten once what it brought is on file (RF-14).
        """
        async with self.unsaved.writing:
            for on_file in self.unsaved.may_be_on_file(pair):
                if await self._replace(on_file, session):
                    return True
            return False

    async def _replace(self, on_file: TokenPair, session: StoredSession) -> bool:
        try:
            replaced = await self._vault.write_if(named(on_file), values_of(session))
        except WriteNotDurable:
            self.unsaved.drop()
            raise
        except BaseException as why:  # cancelled, too: then it may be on file, and is found there
            self.unsaved.keep(on_file, session, why)
            raise
        self.unsaved.tried(written=replaced)
        if replaced and session.pair.refresh != on_file.refresh:
            await self._drop_journal()
        return replaced

    async def save_again(self) -> None:
        """Write what the disk did not take, if anything. Raises as ``save``."""
        if self.unsaved.held is not None:
            async with self.lease(), self.unsaved.writing:
                if self.unsaved.held is not None:
                    await self._replace(*self.unsaved.held)

    async def keep_pending(self, grant: DeviceGrant) -> None:
        """Seal the device sign-in that waits, over a restart (SI-15). Raises StorageError."""
        await self._vault.write({DEVICE: msgspec.json.encode(grant).decode()})

    async def load_pending(self) -> DeviceGrant | None:
        """The device sign-in that was kept, None if there is none. Raises StorageError."""
        return await self._value(DEVICE, DeviceGrant)

    async def _value(self, name: str, form: type[T]) -> T | None:
        found = (await self._vault.read(name)).get(name)
        try:
            return None if found is None else msgspec.json.decode(found, type=form)
        except msgspec.MsgspecError:
            raise BlobDamaged(storage_words.DAMAGED) from None

    async def forget_pending(self) -> None:
        """Delete it, and the file with it if that holds nothing else.
        Works with a locked keychain. Raises StorageError.
        """
        await self._vault.forget_value(DEVICE, with_file=True)

    async def forget(self) -> None:
        """Forget the session, and all else that is stored for this server;
        works with a locked keychain.

        Raises:
            WriteNotDurable: it is gone, but the disk did not confirm that it will stay so.
            StorageError: it is still there.
        """
        try:
            await self._vault.forget()
            self.unsaved.drop()
        finally:
            await self._drop_journal()

    async def forget_beside_holder(self) -> None:
        """``forget`` although another copy of the app holds the lease, and hangs.
        Raises as ``forget``.
        """
        try:
            await self._disk.forget_beside_holder()
        finally:
            await self._drop_journal()

    async def forget_if(self, pair: TokenPair) -> bool:
        """Forget the session if exactly this pair is still stored;
        False if another copy of the app has replaced it (RF-11).

        That this computer is trusted stays:
        the session has ended, and nobody has signed out (TF-5).

        Raises:
            StorageError: as ``forget``, or what is stored can't be compared now.
        """
        async with self.unsaved.writing:
            for on_file in self.unsaved.may_be_on_file(pair):
                if await self._vault.forget_if(named(on_file), keep=TRUST):
                    self.unsaved.drop()
                    await self._drop_journal()
                    return True
        return False

    @property
    def waiting(self) -> str:
        """What is waited for: the person's answer to the keychain, or another copy of the app.
        Empty if nothing is.
        """
        return self.prompts.waiting or self._disk.lease.waiting

    def give_up_waiting(self) -> None:
        """Whatever it is; what needed it fails, and says so."""
        self.prompts.cancel()
        self._disk.lease.give_up()

    def when_waiting_changes(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` whenever ``waiting`` is another sentence."""
        self.prompts.changed = self._disk.lease.changed = changed

    def lease(self) -> AbstractAsyncContextManager[None]:
        """Keep other copies of the app from changing the stored session inside the block (RF-11).

        Entering raises LockTimeout, or WriteFailed if the app's folder can't be written to.
        """
        return self._memory.held() if self._memory is not None else self._disk.lease.held()

    @property
    def version(self) -> UsedVersion:
        """Which version of what is stored the session stands on, and whether another copy of the
        app has changed it (SO-8).
        """
        return self._disk.version

    async def mark_refresh_sent(self, pair: TokenPair) -> None:
        """Note durably that this pair's refresh token goes out now, once it is on file itself
        (RF-14). Raises StorageError: it must not go out (LY-2).
        """
        await self.save_again()
        if self._memory is None:
            await self._journal.mark(pair.refresh)

    async def refresh_sent_at(self, pair: TokenPair) -> float | None:
        """When this pair's refresh token went out without an answer, unix seconds;
        None if it did not. Raises StorageError.
        """
        return await self._journal.sent_at(pair.refresh) if self._memory is None else None

    async def forget_refresh_sent(self) -> None:
        """The answer came and was stored. Raises StorageError."""
        if self._memory is None:
            await self._journal.forget()

    async def rotate_key(self) -> Rotated | None:
        """Seal all that is stored under a new master key (SS-17), see ``Vault.rotate``.
        It stays readable, whatever happens.
        """
        return await self._disk.rotate()

    async def _drop_journal(self) -> None:
        with contextlib.suppress(StorageError):
            await self.forget_refresh_sent()
