"""Notes on this computer: they can be read, written and are saved in every phase of the session (EX-3).

Owns ``notes/<owner>/<note>.json``, one whole file a note (0600). The owner is the signed-in user, and stays so while the session
is offline or expired; nobody signed in has a place of its own. Two owners' notes are in two folders and never mix (EX-6).
A deleted note keeps its file, marked, until the server heard of it: a sync would bring it back otherwise.

Invariant: a change is later than what it changes, whatever the clock says now or said then (IN-6). Server and devices keep the
latest change of a note, and clocks are wrong, and are set right.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec

from refapp.params import NoteBody
from refapp.snapshot import NoteId, NoteSummary
from refapp.trusted.errors import UNDECODABLE, RefappError, StorageError
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage import atomic_file

LONGEST_TITLE = 80
MOST_NOTES = 500
MOST_LISTED = 1000
END_OF_TIME = 253_402_300_800  # the year 10000
STEP_S = 0.001


class NoSuchNote(RefappError):
    """The note is not there (any more)."""

    code = "no_such_note"


class Note(msgspec.Struct, frozen=True, rename="camel"):
    """One note, as on disk and as it is synced. ``changed_at`` is unix seconds on the clock of the computer that changed it.

    The bounds count where one is decoded: an id of the server's becomes a file's name, and all of it goes to the window.
    """

    id: NoteId
    text: NoteBody
    changed_at: Annotated[float, msgspec.Meta(ge=0, lt=END_OF_TIME)]
    deleted: bool = False


class Workspace:
    """The notes of the current owner under ``folder``."""

    def __init__(self, folder: Path, recorder: Recorder, clock: Callable[[], float]) -> None:
        self._folder = folder / "notes"
        self._recorder = recorder
        self._clock = clock
        self._notes: dict[str, Note] = {}
        self._owner: str | None = None
        self._load()

    @property
    def owner(self) -> str | None:
        """The user id whose notes are shown, None for nobody's."""
        return self._owner

    def belong_to(self, owner: str | None) -> None:
        """Show this owner's notes from now on."""
        if owner != self._owner:
            self._owner = owner
            self._load()

    def summaries(self) -> list[NoteSummary]:
        """What the list shows: the newest first, and at the most ``MOST_LISTED``, which fit into one line to the window."""
        alive = sorted((n for n in self._notes.values() if not n.deleted), key=lambda n: -n.changed_at)
        return [NoteSummary(note=n.id, title=_title(n.text), changed_at=n.changed_at) for n in alive[:MOST_LISTED]]

    def all(self) -> list[Note]:
        """Every note of the owner, deleted ones too."""
        return list(self._notes.values())

    def text(self, note: str) -> str:
        """The text of one note. Raises NoSuchNote."""
        found = self._notes.get(note)
        if found is None or found.deleted:
            raise NoSuchNote("This note is not here any more.")
        return found.text

    def save(self, note: str | None, text: str) -> str:
        """Keep ``text`` under ``note``, or as a new note; returns its id.

        Raises:
            NoSuchNote: it was deleted meanwhile, or there are too many.
            StorageError: the disk did not take it.
        """
        if note is not None:
            if self.text(note) == text:
                return note
        elif len(self.summaries()) >= MOST_NOTES:
            raise NoSuchNote(f"There is room for {MOST_NOTES} notes; delete one first.")
        number = note or secrets.token_hex(6)
        kept = Note(number, text, self._later(number))
        self._write(kept)
        self._recorder.note("parent", "disk", "write note")
        return kept.id

    def delete(self, note: str) -> None:
        """Remove one note. Raises NoSuchNote, StorageError."""
        self.text(note)
        self._write(Note(note, "", self._later(note), deleted=True))
        self._recorder.note("parent", "disk", "delete note")

    def take(self, note: Note) -> bool:
        """Take a note of the server's if it is newer than ours. The disk need not confirm it: the server has it.

        Raises:
            StorageError: the disk did not take it.
        """
        ours = self._notes.get(note.id)
        if ours is not None and (note.changed_at, note.text) <= (ours.changed_at, ours.text):
            return False
        self._write(note, durable=False)
        return True

    def _later(self, note: str) -> float:
        """Now, or just after the note's last change if that is later."""
        former = self._notes.get(note)
        now = self._clock() if former is None else max(self._clock(), former.changed_at + STEP_S)
        return min(now, math.nextafter(END_OF_TIME, 0.0))

    def _place(self) -> Path:
        name = "nobody" if self._owner is None else hashlib.sha256(self._owner.encode()).hexdigest()[:16]
        return self._folder / name

    def _files(self) -> list[Path]:
        """The notes that can be found; what can't be looked into keeps its notes."""
        try:
            return sorted(self._place().glob("*.json"))
        except OSError:
            return []

    def _load(self) -> None:
        self._notes = {}
        for path in self._files():
            try:
                found = atomic_file.read(path)
                note = msgspec.json.decode(found[0], type=Note) if found else None
            except (StorageError, *UNDECODABLE):
                continue  # one damaged note must not keep the others from being shown; its file stays
            if note is not None and note.id == path.stem:
                self._notes[note.id] = note

    def _write(self, note: Note, *, durable: bool = True) -> None:
        atomic_file.replace(self._place() / f"{note.id}.json", msgspec.json.encode(note), durable=durable)
        self._notes[note.id] = note


def _title(text: str) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first[:LONGEST_TITLE] or "New note"
