"""What version 0.1.0 kept by the user's id alone, or for all servers together:
it goes to its owner once (OW-7).

Owns the names of that version: ``notes/<hash of the user id>/``, ``settings.json``,
``history.json``, ``sync.json``. An id that a server made at random is one person's, wherever it
stands. One that a server counts (1, 2, 3 …) may be somebody else's at another server: such notes
are set aside, and that is said. No note is ever deleted here, and what can't be told is left alone.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from refapp.snapshot import Reason
from refapp.trusted.errors import UNDECODABLE, StorageError
from refapp.trusted.files import atomic_file, places
from refapp.trusted.files.history import History
from refapp.trusted.files.lease import briefly
from refapp.trusted.files.owner import Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.wording import note_words

SHORTEST_RANDOM = 16
"""Characters of an id that no two servers give to different people; BetterAuth's have 32."""


T = TypeVar("T")


class _Named(msgspec.Struct):
    id: str = ""
    user_id: str = ""


class EarlierFiles:
    """Those in ``folder``; who was signed in goes to ``profile``, the reasons to ``history``."""

    def __init__(self, folder: Path, profile: Path, history: History, recorder: Recorder) -> None:
        self._folder = folder
        self._profile = profile
        self._history = history
        self._recorder = recorder

    def hand_over(self, owner: Owner) -> str:
        """Give ``owner`` what is hers;
        a sentence for people if something could not be told apart, else empty.
        """
        folder = self._folder
        named = hashlib.sha256(owner.user_id.encode()).hexdigest()[:16]
        earlier = folder / "notes" / named
        if len(owner.user_id) < SHORTEST_RANDOM:
            return self._set_aside(earlier, note_words.earlier_notes_untold)
        new = places.notes(folder, owner)
        moved = _moved(earlier, new) or _merged(earlier, new)
        settings, synced = folder / "settings.json", folder / "sync.json"
        if _read(settings, _Named, _Named()).id == owner.user_id:
            moved |= self._reasons_taken(owner)
            moved |= _moved(settings, self._profile) or _gone(settings)
        if _read(synced, _Named, _Named()).user_id == owner.user_id:
            moved |= _moved(synced, places.sync(folder, owner)) or _gone(synced)
        if moved:
            self._recorder.note("parent", "disk", "take over earlier files")
        return self._set_aside(earlier, note_words.earlier_notes_differ)

    def _reasons_taken(self, owner: Owner) -> bool:
        file = self._folder / "history.json"
        reasons = _read(file, list[Reason], [])
        return bool(reasons) and self._history.take_over(reasons, owner.user_id) and _gone(file)

    def _set_aside(self, notes: Path, sentence: Callable[[str], str]) -> str:
        """``sentence`` on where ``notes`` are from now on, unshown;
        empty if there are none, or the disk refuses.
        """
        names = (
            f"unclaimed-{notes.name}",
            *(f"unclaimed-{notes.name}-{number}" for number in range(2, 100)),
        )
        aside = next(
            (notes.with_name(name) for name in names if not notes.with_name(name).exists()), None
        )
        if aside is None or not _moved(notes, aside):
            return ""
        self._recorder.note("parent", "disk", "set aside earlier notes")
        return sentence(aside.name)


def _moved(old: Path, new: Path) -> bool:
    """Put ``old`` in place of ``new``, unless there is something; whether that was done."""
    try:
        if new.exists() or not old.exists():
            return False
        old.rename(new)
    except OSError:
        # another copy of the app was quicker, or the disk refuses: then the next start does it
        return False
    return True


def _merged(old: Path, new: Path) -> bool:
    """Put each note in ``old`` into ``new``, unless there is one of that id; whether any was."""
    if not old.is_dir():
        return False
    try:
        with briefly(new.with_suffix(".lock")):
            moved = [note for note in sorted(old.glob("*.json")) if _moved(note, new / note.name)]
    except (OSError, StorageError):
        return False
    with contextlib.suppress(OSError):
        old.rmdir()
    return bool(moved)


def _gone(file: Path) -> bool:
    """Delete what has been taken over, or is older than what is in its place."""
    try:
        return atomic_file.remove(file)
    except StorageError:
        return False


def _read(file: Path, kind: type[T], otherwise: T) -> T:
    try:
        found = atomic_file.read(file)
        return otherwise if found is None else msgspec.json.decode(found[0], type=kind)
    except (StorageError, *UNDECODABLE):
        return otherwise
