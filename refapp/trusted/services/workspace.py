"""Notes on this computer: they can be read, written and are saved in every phase of the session (EX-3).

Owns ``notes/<owner>/<note>.json``, one whole file a note (0600). The owner is whose session it is, and stays so while that is
offline or expired; nobody signed in has a place of its own. Two owners' notes are in two folders and never mix (EX-6, OW-6).
A deleted note keeps its file, marked, until the server knows: a sync would bring it back otherwise.

Another copy of the app may write in the same folder. What was changed there since a text was shown here is not overwritten: the
text that was written here becomes a note of its own, and both are there (OW-8). Each write looks at the disk first, under a lock.

Invariant: a change is later than what it changes, whatever the clock says now or said then (IN-6). Server and devices keep the
latest change of a note, and clocks are wrong, and are set right.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import msgspec

from refapp.params import NoteBody
from refapp.snapshot import NoteId, NoteSummary
from refapp.trusted.errors import UNDECODABLE, RefappError, StorageError
from refapp.trusted.files import atomic_file, places
from refapp.trusted.files.atomic_file import Signature
from refapp.trusted.files.lease import briefly
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.services.note_owners import NoteOwners

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
    """The notes of ``owner`` under ``folder``. ``_shown``: each note as the window has it, for all it can know."""

    def __init__(
        self, folder: Path, recorder: Recorder, clock: Callable[[], float], owners: NoteOwners | None = None
    ) -> None:
        self._folder = folder
        self._owners = owners or NoteOwners()
        self._recorder = recorder
        self._clock = clock
        self._notes: dict[str, Note] = {}
        self._signatures: dict[str, Signature | None] = {}
        self._shown: dict[str, Note] = {}
        self.owner = NOBODY
        self.look()

    @property
    def number(self) -> int:
        """The owner's, for the window."""
        return self._owners.number(self.owner)

    def of(self, number: int | None) -> Workspace:
        """The notes of the owner with that number, None for the current one: what was begun as somebody's stays so.

        Raises:
            NoSuchNote: there is no such owner.
        """
        if number is None or number == self.number:
            return self
        found = self._owners.owner(number)
        if found is None:
            raise NoSuchNote("These notes are not open any more.")
        other = Workspace(self._folder, self._recorder, self._clock, self._owners)
        other.belong_to(found)
        return other

    def belong_to(self, owner: Owner) -> None:
        """Show this owner's notes from now on."""
        there, here = self._place(), places.notes(self._folder, owner)
        self.owner = owner
        if here != there:
            self._notes, self._signatures, self._shown = {}, {}, {}
            self.look()

    def summaries(self) -> list[NoteSummary]:
        """What the list shows: the newest first, and at the most ``MOST_LISTED``, which fit into one line to the window."""
        alive = sorted((n for n in self._notes.values() if not n.deleted), key=lambda n: -n.changed_at)
        return [NoteSummary(note=n.id, title=_title(n.text), changed_at=n.changed_at) for n in alive[:MOST_LISTED]]

    def look(self) -> bool:
        """Take up what another copy of the app has written; whether there was anything."""
        return bool([path for path in self._files() if self._look_at(path.stem)])

    def all(self) -> list[Note]:
        """Every note of the owner, deleted ones too, as it is on the disk now."""
        self.look()
        return list(self._notes.values())

    def text(self, note: str) -> str:
        """The text of one note, to be shown. Raises NoSuchNote."""
        self._look_at(note)
        found = self._notes.get(note)
        if found is None or found.deleted:
            raise NoSuchNote("This note is not here any more.")
        self._shown[note] = found
        return found.text

    def save(self, note: str | None, text: str) -> str:
        """Keep ``text`` under ``note``, or as a new note; returns its id, which is a new one where another copy changed the note.

        Raises:
            NoSuchNote: it was deleted meanwhile, or there are too many.
            StorageError: the disk did not take it.
        """
        if note is None:
            if len(self.summaries()) >= MOST_NOTES:
                raise NoSuchNote(f"There is room for {MOST_NOTES} notes; delete one first.")
            return self._write(secrets.token_hex(6), text)
        before = self._shown.get(note) or self._notes.get(note)
        if before is None or before.deleted:
            raise NoSuchNote("This note is not here any more.")
        if before.text == text:
            return note
        with self._alone():
            self._look_at(note)
            now = self._notes.get(note)
            if now is not None and not now.deleted and now.text == text:
                self._shown[note] = now
                return note
            return self._put(note if now == before else secrets.token_hex(6), text)

    def delete(self, note: str) -> None:
        """Remove one note.

        Raises:
            NoSuchNote: it is not there any more, or not as it was shown.
            StorageError: the disk did not take it.
        """
        before = self._shown.get(note) or self._notes.get(note)
        with self._alone():
            self._look_at(note)
            now = self._notes.get(note)
            if now is None or now.deleted:
                raise NoSuchNote("This note is not here any more.")
            if now != before:
                raise NoSuchNote("This note was changed elsewhere meanwhile. Look at it before you delete it.")
            self._replace(Note(note, "", self._later(note), deleted=True))
        self._recorder.note("parent", "disk", "delete note")

    def take(self, note: Note) -> bool:
        """Take a note of the server's if it is newer than ours. The disk need not confirm it: the server has it.

        Raises:
            StorageError: the disk did not take it.
        """
        if not self._is_news(note):
            return False
        with self._alone():
            self._look_at(note.id)
            if not self._is_news(note):
                return False
            self._replace(note, durable=False)
        self._recorder.note("parent", "disk", "write note")
        return True

    def _is_news(self, note: Note) -> bool:
        ours = self._notes.get(note.id)
        return ours is None or (note.changed_at, note.text) > (ours.changed_at, ours.text)

    def _later(self, note: str) -> float:
        """Now, or just after the note's last change if that is later."""
        former = self._notes.get(note)
        now = self._clock() if former is None else max(self._clock(), former.changed_at + STEP_S)
        return min(now, math.nextafter(END_OF_TIME, 0.0))

    def _place(self) -> Path:
        return places.notes(self._folder, self.owner)

    def _file(self, note: str) -> Path:
        return self._place() / f"{note}.json"

    def _alone(self) -> AbstractContextManager[None]:
        """No other copy of the app writes a note of this owner inside the block."""
        return briefly(self._place().with_suffix(".lock"))

    def _files(self) -> list[Path]:
        """The notes that can be found; what can't be looked into keeps its notes."""
        try:
            return sorted(self._place().glob("*.json"))
        except OSError:
            return []

    def _look_at(self, note: str) -> bool:
        """Take up the note as it is on the disk; whether that is news."""
        signature = atomic_file.signature(self._file(note))
        if signature == self._signatures.get(note):
            return False
        try:
            read = atomic_file.read(self._file(note))
            found = msgspec.json.decode(read[0], type=Note) if read else None
        except (StorageError, *UNDECODABLE):
            return False  # one damaged note must not keep the others from being shown; its file stays
        if found is None or found.id != note:
            return False
        self._signatures[note], self._notes[note] = signature, found
        return True

    def _write(self, note: str, text: str) -> str:
        with self._alone():
            return self._put(note, text)

    def _put(self, note: str, text: str) -> str:
        kept = Note(note, text, self._later(note))
        self._replace(kept)
        self._shown[note] = kept
        self._recorder.note("parent", "disk", "write note")
        return note

    def _replace(self, note: Note, *, durable: bool = True) -> None:
        self._signatures[note.id] = atomic_file.replace(self._file(note.id), msgspec.json.encode(note), durable=durable)
        self._notes[note.id] = note


def _title(text: str) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first[:LONGEST_TITLE] or "New note"
