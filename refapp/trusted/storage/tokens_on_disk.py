"""The token file as a file: read, replaced, removed or set aside, each recorded as it happened.

Owns the path and which version of it this process has used.
Opens and seals nothing, and takes no lease: ``vault`` does.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from pathlib import Path

from refapp.trusted.errors import BlobDamaged, NotAFile
from refapp.trusted.files import atomic_file
from refapp.trusted.files.atomic_file import Signature
from refapp.trusted.files.on_disk import on_disk
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage import token_file
from refapp.trusted.storage.token_file import SealedFor, TokenFile
from refapp.trusted.storage.used_version import UsedVersion
from refapp.trusted.wording import storage_words


class TokensOnDisk:
    """The file at ``path`` of ``owner``'s secrets.
    Every method raises StorageError. ``clock`` gives unix seconds.
    """

    def __init__(
        self, path: Path, owner: SealedFor, recorder: Recorder, clock: Callable[[], float]
    ) -> None:
        self.version = UsedVersion(path)
        self._path = path
        self._owner = owner
        self._recorder = recorder
        self._clock = clock

    async def load(self) -> TokenFile | None:
        """What is there, None if nothing is. Raises BlobDamaged and BlobTooNew besides."""
        try:
            found = await on_disk(atomic_file.read, self._path)
        except NotAFile:
            raise BlobDamaged(storage_words.DAMAGED) from None
        return None if found is None else token_file.parse(found[0], self._owner)

    async def replace(self, file: TokenFile) -> None:
        """Put ``file`` in place of what is there."""
        await self.written(on_disk(atomic_file.replace, self._path, token_file.serialise(file)))

    async def written(self, write: Coroutine[None, None, Signature | None]) -> bool:
        """Whether ``write`` wrote the file, which is then recorded."""
        with self.version.own_write(), self._unconfirmed_too("write tokens"):
            if await write is None:
                return False
        self._note("write tokens")
        return True

    async def remove(self) -> None:
        """Delete it, if it is there. Raises NotAFile besides."""
        with self.version.own_write(), self._unconfirmed_too("delete tokens"):
            if await on_disk(atomic_file.remove, self._path):
                self._note("delete tokens")

    async def set_aside(self, why: str) -> None:
        """Keep it under another name, which says ``why``."""
        aside = await on_disk(atomic_file.set_aside, self._path, why, self._clock())
        self._recorder.note("parent", "disk", "set aside tokens", {"file": aside.name, "why": why})

    async def sweep(self) -> None:
        """Take away what a write that was broken off has left beside it."""
        await on_disk(atomic_file.sweep, self._path)

    def _note(self, what: str) -> None:
        self._recorder.note("parent", "disk", what, {"file": self._path.name})

    def _unconfirmed_too(self, what: str) -> AbstractContextManager[None]:
        return atomic_file.unconfirmed_too(lambda: self._note(what))
