"""The note "a refresh was sent", kept over a crash,
so that a lost answer is told from an expiry (RF-14).

Owns ``refresh-<origin>.json``: a keyed fingerprint of the refresh token that was sent, and when. It
holds no token, and says nothing about one to whoever lacks the master key. A note that can't be
read counts as none.
"""

from __future__ import annotations

import hmac
from contextlib import AbstractContextManager

import msgspec

from refapp.trusted.errors import UNDECODABLE, StorageFault
from refapp.trusted.files import atomic_file
from refapp.trusted.files.moments import Moment
from refapp.trusted.files.on_disk import on_disk
from refapp.trusted.storage.vault import Vault


class _Note(msgspec.Struct, frozen=True):
    fingerprint: str
    at: Moment


class RefreshJournal:
    """The journal beside ``vault``'s token file."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def mark(self, refresh: str) -> None:
        """Note, durably, that this refresh token goes out now.
        Does nothing for a token that is not on file.

        Raises:
            StorageError: the note may not survive a crash.
        """
        fingerprint = await self._vault.fingerprint("refresh sent", refresh)
        if fingerprint is None:
            return
        note = _Note(fingerprint, self._vault.clock())
        with self._unconfirmed_too("write journal"):
            await on_disk(
                atomic_file.replace, self._vault.journal_path, msgspec.json.encode(note) + b"\n"
            )
        self._record("write journal")

    async def sent_at(self, refresh: str) -> float | None:
        """When this refresh token last went out, unix seconds; None if it did not.
        Raises StorageError.
        """
        try:
            found = await on_disk(atomic_file.read, self._vault.journal_path)
            note = None if found is None else msgspec.json.decode(found[0], type=_Note)
        except (StorageFault, *UNDECODABLE):
            return None
        if note is None:
            return None
        fingerprint = await self._vault.fingerprint("refresh sent", refresh)
        # As bytes: of two texts that are not all ASCII it would not say whether they are the same.
        same = fingerprint and hmac.compare_digest(note.fingerprint.encode(), fingerprint.encode())
        return note.at if same else None

    async def forget(self) -> None:
        """The answer came: drop the note. Raises StorageError."""
        with self._unconfirmed_too("delete journal"):
            if await on_disk(atomic_file.remove, self._vault.journal_path):
                self._record("delete journal")

    def _record(self, what: str) -> None:
        self._vault.recorder.note("parent", "disk", what, {"file": self._vault.journal_path.name})

    def _unconfirmed_too(self, what: str) -> AbstractContextManager[None]:
        return atomic_file.unconfirmed_too(lambda: self._record(what))
