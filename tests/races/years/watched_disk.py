"""The disk of those years: it may be full or read-only, and each end of a token file is told.

Owns what stands in place of ``atomic_file``'s work, and how a token file is read with the key in
hand. What may never happen to one is ``world``'s to say.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from refapp.trusted.errors import StorageError, WriteFailed
from refapp.trusted.files import atomic_file
from refapp.trusted.files.atomic_file import Signature
from refapp.trusted.storage import token_file
from refapp.trusted.storage.token_file import SealedFor
from steps.servers.local_server import ORIGIN

DiskTrouble = Literal["full", "read-only"] | None


class Stored(msgspec.Struct, frozen=True):
    """What lies in the token file, read with the keychain's key in hand."""

    access: str
    refresh: str
    user_id: str
    family: str


def read_stored(path: Path, key_of: Callable[[str], bytes | None]) -> Stored | None:
    """What is in the token file at ``path``; ``key_of``: the keychain's keys by their ids."""
    try:
        found = atomic_file.read(path)
    except StorageError:
        return None
    if found is None:
        return None
    file = token_file.parse(found[0], SealedFor("refapp", ORIGIN))
    key = key_of(file.kid)
    assert key is not None, "the tokens are there, and their key is gone"
    value = {name: token_file.open_value(file, name, key) for name in file.sealed}
    beside = msgspec.json.decode(value.get("session") or "{}")
    whose, family = beside.get("user_id", ""), beside.get("family", "")
    pair = value.get("accessToken") or "", value.get("refreshToken") or ""
    return Stored(*pair, whose, family) if any(pair) else None


@contextlib.contextmanager
def watched_disk(
    trouble: Callable[[], DiskTrouble],
    stored: Callable[[], Stored | None],
    goes: Callable[[Stored | None], None],
    replaced: Callable[[Stored], None],
) -> Iterator[None]:
    """Within, ``goes`` hears before a token file is deleted, ``replaced`` of another session's."""
    names = "remove", "replace", "_temporary"
    sound = {name: vars(atomic_file)[name] for name in names}

    def remove(path: Path, *, durable: bool = True) -> bool:
        if trouble() == "read-only":
            raise WriteFailed(f"The file {path.name} could not be deleted.")
        if path.name.startswith("tokens-"):
            goes(stored())
        return bool(sound["remove"](path, durable=durable))

    def replace(path: Path, data: bytes, *, durable: bool = True) -> Signature:
        before = stored() if path.name.startswith("tokens-") else None
        written: Signature = sound["replace"](path, data, durable=durable)
        after = stored() if before is not None else None
        if before is not None and after is not None and before.family != after.family:
            replaced(before)
        return written

    def temporary(path: Path) -> tuple[int, str]:
        if trouble() is not None:
            code = errno.ENOSPC if trouble() == "full" else errno.EROFS
            raise OSError(code, os.strerror(code))
        found: tuple[int, str] = sound["_temporary"](path)
        return found

    vars(atomic_file).update(remove=remove, replace=replace, _temporary=temporary)
    try:
        yield
    finally:
        vars(atomic_file).update(sound)
