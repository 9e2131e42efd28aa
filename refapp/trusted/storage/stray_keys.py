"""Keys that may lie in the keychain though no file needs them: noted before that can happen,
deleted at the next write.

Owns ``keys-<origin>.json``, the ids of such keys, and no key. A key is stray if its making ended
before a file was sealed under it, or if the keychain did not delete it when its file was gone: it
was locked, whoever asked it was cancelled, or the app was killed. The note is written ahead, so
that a kill leaves it, and goes with its cause; that much is bookkeeping, and only a note that stays
is recorded. It is best effort: a disk that takes nothing leaves a key behind that opens no file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from refapp.trusted.errors import UNDECODABLE, StorageError, WriteFailed, WriteNotDurable
from refapp.trusted.files import atomic_file
from refapp.trusted.keys.master_key import MasterKeys
from refapp.trusted.recorder import Recorder


class StrayKeys:
    """Those of ``keys``, noted at ``path``. Whoever calls holds the lease."""

    def __init__(self, path: Path, keys: MasterKeys, recorder: Recorder) -> None:
        self._path = path
        self._keys = keys
        self._recorder = recorder

    @contextlib.contextmanager
    def noted_unless_done(self, kid: str) -> Iterator[None]:
        """Whatever ends the block before its end, a cancellation or a kill too:
        ``kid`` may be stray then.

        But for an end that says what became of the file (WriteFailed, WriteNotDurable):
        the caller sees to it.
        """
        self.note_ahead(kid)
        done = False
        try:
            yield
            done = True
        except (WriteFailed, WriteNotDurable):
            done = True
            raise
        finally:
            if done:
                self._write(self.noted() - {kid})
            else:
                self._record("write stray keys")

    def note_ahead(self, kid: str) -> None:
        """``kid`` will be stray from the file's next change on.
        Until then the note harms nobody: ``sweep`` passes it over.
        """
        noted = self.noted()
        if kid not in noted:
            self._write({*noted, kid})

    @contextlib.contextmanager
    def noted_ahead(self, kid: str) -> Iterator[None]:
        """``kid`` will be stray from the block's change of the file on, if that comes about."""
        self.note_ahead(kid)
        try:
            yield
        except WriteFailed:
            self.withdraw(kid)
            raise
        except WriteNotDurable:
            self._record("write stray keys")
            raise

    def withdraw(self, kid: str) -> None:
        """The change did not come about, and ``kid`` is in use as before."""
        self._write(self.noted() - {kid})

    async def delete(self, kid: str) -> bool:
        """Drop a key that no file needs any more; False if the keychain keeps it for now."""
        with self.noted_unless_done(kid):
            gone = await self._keys.forget(kid)
        if not gone:
            self.note_ahead(kid)
            self._record("write stray keys")
        return gone

    async def sweep(self, in_use: str | None) -> None:
        """Delete what was noted, but for the key that the file is sealed under."""
        noted = self.noted()
        left = {kid for kid in noted if kid != in_use and not await self._keys.forget(kid)}
        if left != noted:
            self._write(left)
            self._record("write stray keys" if left else "delete stray keys")

    def noted(self) -> set[str]:
        """Their ids."""
        try:
            found = atomic_file.read(self._path)
            return set() if found is None else msgspec.json.decode(found[0], type=set[str])
        except (StorageError, *UNDECODABLE):
            return set()

    def _write(self, kids: set[str]) -> None:
        with contextlib.suppress(StorageError):
            if kids:
                # A new key is followed by a sync of all disks, and this note with it.
                atomic_file.replace(
                    self._path, msgspec.json.encode(sorted(kids)) + b"\n", durable=False
                )
            else:
                atomic_file.remove(self._path)

    def _record(self, what: str) -> None:
        self._recorder.note("parent", "disk", what, {"file": self._path.name})
