"""Keys that may lie in the keychain though no file needs them: noted when that comes about, deleted at the next write.

Owns ``keys-<origin>.json``, the ids of such keys, and no key. A key is stray if its making was cancelled before a file was sealed
under it, or if the keychain did not delete it when its file was gone: it was locked, or whoever asked it was cancelled. The note
is written in such a moment alone, so a usual sign-in or sign-out never touches it. It is best effort: a disk that takes nothing
leaves a key behind that opens no file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from refapp.trusted.errors import UNDECODABLE, StorageError, WriteFailed, WriteNotDurable
from refapp.trusted.keys.master_key import MasterKeys
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage import atomic_file


class StrayKeys:
    """Those of ``keys``, noted at ``path``. Whoever calls holds the lease."""

    def __init__(self, path: Path, keys: MasterKeys, recorder: Recorder) -> None:
        self._path = path
        self._keys = keys
        self._recorder = recorder

    @contextlib.contextmanager
    def noted_unless_done(self, kid: str) -> Iterator[None]:
        """Whatever ends the block before its end, a cancellation too: ``kid`` may be stray then.

        But for an end that says what became of the file (WriteFailed, WriteNotDurable): the caller sees to it.
        """
        done = False
        try:
            yield
            done = True
        except (WriteFailed, WriteNotDurable):
            done = True
            raise
        finally:
            if not done:
                self._note({*self.noted(), kid})

    async def delete(self, kid: str) -> bool:
        """Drop a key that no file needs any more; False if the keychain keeps it for now."""
        with self.noted_unless_done(kid):
            gone = await self._keys.forget(kid)
        if not gone:
            self._note({*self.noted(), kid})
        return gone

    async def sweep(self, in_use: str | None) -> None:
        """Delete what was noted, but for the key that the file is sealed under."""
        noted = self.noted()
        left = {kid for kid in noted if kid != in_use and not await self._keys.forget(kid)}
        if left != noted:
            self._note(left)

    def noted(self) -> set[str]:
        """Their ids."""
        try:
            found = atomic_file.read(self._path)
            return set() if found is None else msgspec.json.decode(found[0], type=set[str])
        except (StorageError, *UNDECODABLE):
            return set()

    def _note(self, kids: set[str]) -> None:
        with contextlib.suppress(StorageError):
            if kids:
                atomic_file.replace(self._path, msgspec.json.encode(sorted(kids)) + b"\n")
                self._recorder.note("parent", "disk", "write stray keys", {"file": self._path.name})
            elif atomic_file.remove(self._path):
                self._recorder.note("parent", "disk", "delete stray keys", {"file": self._path.name})
