"""Named secrets on the disk, each sealed, written together: format, disk, key and lease meet here.

Owns one program's token file for one server, ``tokens-<places.program>.json``, so that two servers'
and two programs' sessions live side by side. Raises the errors of ``errors``; ``secure_storage``
turns them into the recipe's answers, ``token_service`` passes them on.

Invariants:

- Whoever changes the file has read it under the lease; a write keeps what it does not name.
- The calls of one process are carried out in the order in which they were made.
- A file that can't be read is left where it is; it is set aside, never overwritten, once something
  new is to be written (SS-14). A newer version's file stays, and nothing is written.
- The keychain is not asked while nothing is stored (SS-16).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from refapp.trusted.errors import BlobDamaged, KeyMissing, NotAFile, StorageError, WriteFailed
from refapp.trusted.files import atomic_file, places
from refapp.trusted.files.atomic_file import Signature
from refapp.trusted.files.lease import Lease
from refapp.trusted.files.on_disk import on_disk
from refapp.trusted.keys.keychain import Keychain
from refapp.trusted.keys.master_key import MasterKeys
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage import token_file
from refapp.trusted.storage.stray_keys import StrayKeys
from refapp.trusted.storage.token_file import SealedFor, TokenFile
from refapp.trusted.storage.tokens_on_disk import TokensOnDisk

T = TypeVar("T")


class Rotated(msgspec.Struct, frozen=True):
    """The key ``old`` is not used any more; whether the keychain has deleted it."""

    old: str
    old_is_gone: bool


class Vault:
    """The secrets of one app at one origin, in ``folder``. ``clock`` gives unix seconds."""

    def __init__(
        self,
        folder: Path,
        owner: SealedFor,
        keychain: Keychain,
        recorder: Recorder,
        clock: Callable[[], float],
        lock_deadline_s: float,
    ) -> None:
        place = places.program(owner.origin, owner.app)
        self.path = folder / f"tokens-{place}.json"
        self.journal_path = folder / f"refresh-{place}.json"
        self.lease = Lease(self.path.with_suffix(".lock"), lock_deadline_s)
        self.keychain = keychain
        self.recorder = recorder
        self.clock = clock
        self._owner = owner
        self._keys = MasterKeys(keychain)
        self._stray = StrayKeys(folder / f"keys-{place}.json", self._keys, recorder)
        self._order = asyncio.Lock()
        self._disk = TokensOnDisk(self.path, owner, recorder, clock)
        self.version = self._disk.version
        self._swept = False

    async def read(self, *names: str) -> dict[str, str]:
        """The values stored under ``names`` (all, if none is named), where there is one.

        Raises:
            KeyMissing, BlobDamaged, BlobTooNew: they can't be read, and stay as they are.
            StorageError: they can't be read now.
        """
        async with self._order:
            found = await self._current(lambda f: self._open(f, names or tuple(f.sealed)))
            return found or {}

    async def write(self, changes: Mapping[str, str | None]) -> None:
        """Store each value under its name (None: remove it), all in one durable write.

        Raises:
            WriteNotDurable: the new file is in place all the same.
            StorageError: what was stored is as it was.
        """
        async with self._order, self.lease.held():
            await self._write(changes)

    async def write_if(
        self, holds: Mapping[str, str | None], changes: Mapping[str, str | None]
    ) -> bool:
        """``write`` if the file holds exactly these (None: no value), or can't be read."""
        async with self._order, self.lease.held():
            with contextlib.suppress(BlobDamaged, KeyMissing):
                if not await self._holds(holds):
                    return False
            await self._write(changes)
            return True

    async def _write(self, changes: Mapping[str, str | None]) -> None:
        await self._sweep()
        if await self._resealed(changes):
            return
        unreadable: StorageError | None = None
        kid, key, backend, kept = "", b"", "", {}
        try:
            file = await self._disk.load()
            if file is not None:
                kid, key, backend = file.kid, await self._keys.read(file.kid), file.backend
                kept = await self._open(file, tuple(file.sealed))
        except (BlobDamaged, KeyMissing) as error:
            unreadable, kid = error, ""
        values = {name: value for name, value in {**kept, **changes}.items() if value is not None}
        if kid:
            await self._disk.replace(token_file.seal(values, self._owner, kid, key, backend))
        else:
            await self._seal_under_new_key(values, None if unreadable is None else unreadable.code)

    async def _seal_under_new_key(
        self, values: Mapping[str, str], set_aside: str | None = None
    ) -> None:
        """``set_aside``: why the file that is there can't be read, if that is so."""
        backend = (await self.keychain.status()).backend
        kid = MasterKeys.new_id()
        try:
            with self._stray.noted_unless_done(kid):
                key = await self._keys.create(kid)
                if set_aside is not None:
                    await self._disk.set_aside(set_aside)
                await self._disk.replace(token_file.seal(values, self._owner, kid, key, backend))
        except WriteFailed:
            await self._stray.delete(kid)
            raise

    async def _resealed(self, changes: Mapping[str, str | None]) -> bool:
        """The usual write, at once on the disk's thread; False: unsound, or its key is not held."""

        def reseal() -> Signature | None:
            try:
                found = atomic_file.read(self.path)
                if found is None:
                    return None
                file = token_file.parse(found[0], self._owner)
                key = self._keys.held.get(file.kid)
                if key is None:
                    return None
                kept = {name: token_file.open_value(file, name, key) for name in file.sealed}
            except (BlobDamaged, NotAFile):
                return None
            values = {
                name: value for name, value in {**kept, **changes}.items() if value is not None
            }
            sealed = token_file.seal(values, self._owner, file.kid, key, file.backend)
            return atomic_file.replace(self.path, token_file.serialise(sealed))

        return await self._disk.written(on_disk(reseal))

    async def forget_value(self, name: str, *, with_file: bool = False) -> None:
        """Take one value out; needs no key (SS-4). ``with_file``: an empty file goes too."""
        async with self._order, self.lease.held():
            file = await self._disk.load()
            if file is None or name not in file.sealed:
                return
            if with_file and len(file.sealed) == 1:
                await self._forget()
            else:
                await self._disk.replace(token_file.without(file, name))

    async def forget(self) -> None:
        """Delete the file, then its key; works with a locked keychain (SS-4).

        Raises:
            WriteNotDurable: the file is gone, and its key too if the keychain answers.
            StorageError: the file is still there.
        """
        async with self._order, self.lease.held():
            await self._forget()

    async def forget_beside_holder(self) -> None:
        """``forget`` without the lease, which a copy of the app that hangs does not give back
        (LY-5). Raises as ``forget``.

        Once that copy goes on it finds nothing to replace, and stores nothing (``write_if``).
        """
        async with self._order:
            await self._forget()

    async def forget_if(self, holds: Mapping[str, str | None], *, keep: str = "") -> bool:
        """``forget`` if the file still holds exactly these values under these names (None: no
        value), but for the value ``keep``.

        Raises StorageError.
        """
        async with self._order, self.lease.held():
            if not await self._holds(holds):
                return False
            file = await self._disk.load()
            if file is not None and keep in file.sealed:
                await self._disk.replace(token_file.only(file, keep))
            else:
                await self._forget()
            return True

    async def rotate(self) -> Rotated | None:
        """Seal everything anew under a new key: add the new one, write, delete the old one (SS-17).
        None: nothing is stored.

        Raises:
            WriteNotDurable: the new file is in place, and both keys are kept.
            StorageError: what was stored is as it was.
        """
        async with self._order, self.lease.held():
            await self._sweep()
            file = await self._disk.load()
            if file is None:
                return None
            values = await self._open(file, tuple(file.sealed))
            with self._stray.noted_ahead(file.kid):
                await self._seal_under_new_key(values)
            return Rotated(file.kid, old_is_gone=await self._stray.delete(file.kid))

    async def fingerprint(self, name: str, text: str) -> str | None:
        """32 hex digits that tell this text under this name from any other, and say nothing about
        it to whoever lacks the key.

        None while nothing is stored, for then there is no key. Raises StorageError.
        """
        async with self._order:
            master = await self._current(lambda file: self._keys.read(file.kid))
        return None if master is None else token_file.fingerprint(master, name, text)

    async def _current(self, use: Callable[[TokenFile], Awaitable[T]]) -> T | None:
        """``use`` of the file, which reads its key; None: there is no file.

        Without the lease the key may be gone because the file is: it was sealed anew under another,
        or deleted, and the key after it. That is seen by looking again, and costs no session
        (SS-17).
        """
        file = await self._disk.load()
        while file is not None:
            try:
                return await use(file)
            except KeyMissing:
                former, file = file.kid, await self._disk.load()
                if file is not None and file.kid == former:
                    raise
        return None

    async def _holds(self, values: Mapping[str, str | None]) -> bool:
        file = await self._disk.load()
        if file is None:
            return False
        found = await self._open(file, tuple(values))
        return all(found.get(name) == value for name, value in values.items())

    async def _open(self, file: TokenFile, names: tuple[str, ...]) -> dict[str, str]:
        wanted = [name for name in names if name in file.sealed]
        if not wanted:
            return {}
        key = await self._keys.read(file.kid)
        return {name: token_file.open_value(file, name, key) or "" for name in wanted}

    async def _forget(self) -> None:
        try:
            file = await self._disk.load()
            kid = file.kid if file is not None else ""
        except StorageError:
            kid = next(reversed(list(self._keys.held)), "")  # it can't be read: the one used last
        if kid:
            self._stray.note_ahead(kid)
        try:
            await self._disk.remove()
        except NotAFile:
            await self._disk.set_aside("damaged")
        except WriteFailed:
            if kid:
                self._stray.withdraw(kid)
            kid = ""
            raise
        finally:
            if kid:
                await self._stray.delete(kid)

    async def _sweep(self) -> None:
        if not self._swept:
            await self._disk.sweep()
            self._swept = True
        if self._stray.noted():
            # What can't be read is set aside with its key: nobody knows which that is.
            with contextlib.suppress(StorageError):
                file = await self._disk.load()
                await self._stray.sweep(in_use=file.kid if file else None)
