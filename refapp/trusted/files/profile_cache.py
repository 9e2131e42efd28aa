"""The cached profile in plain settings:
whose name to show at the next start before the server was asked (SI-6).

Owns ``profile-<server>.json``, one for each program and server (OW-6): plain JSON, 0600, apart
from the tokens; neither file ever holds the other's data (SS-10). It is a cache: nothing here
raises, and a file that can't be read is set aside and counts as none.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from refapp.trusted.errors import UNDECODABLE, StorageError, WriteNotDurable
from refapp.trusted.files import atomic_file
from refapp.trusted.files.profile import Profile
from refapp.trusted.recorder import Recorder


class ProfileCache:
    """The profile in ``path`` (``places.profile``). ``clock`` gives unix seconds."""

    def __init__(self, path: Path, recorder: Recorder, clock: Callable[[], float]) -> None:
        self.path = path
        self._recorder = recorder
        self._clock = clock

    def load(self) -> Profile | None:
        """The cached profile, None if there is none."""
        try:
            found = atomic_file.read(self.path)
        except StorageError:
            return None
        if found is None:
            return None
        try:
            return msgspec.json.decode(found[0], type=Profile)
        except UNDECODABLE:
            with contextlib.suppress(StorageError):
                aside = atomic_file.set_aside(self.path, "damaged", self._clock())
                self._recorder.note("parent", "disk", "set aside profile", {"file": aside.name})
            return None

    def save(self, profile: Profile) -> bool:
        """Cache ``profile``; False if the disk refused.
        Not synced: a power cut may cost a name on the screen.
        """
        try:
            atomic_file.replace(
                self.path, msgspec.json.format(msgspec.json.encode(profile)) + b"\n", durable=False
            )
        except StorageError:
            former = self.load()
            if former is not None and former.id != profile.id:
                self.clear(former.id)  # or the next start shows it over another's session (OW-5)
            return False
        self._recorder.note("parent", "disk", "write profile", {"file": self.path.name})
        return True

    def clear(self, user_id: str) -> bool:
        """Forget the profile of this person, or whoever's it is if that is empty (SO-3);
        False if it is still there.
        """
        found = self.load() if user_id else None
        if found is not None and found.id != user_id:
            return True
        try:
            with atomic_file.unconfirmed_too(self._note_deleted):
                if atomic_file.remove(self.path):
                    self._note_deleted()
        except WriteNotDurable:
            return True
        except StorageError:
            return False
        return True

    def _note_deleted(self) -> None:
        self._recorder.note("parent", "disk", "delete profile", {"file": self.path.name})
