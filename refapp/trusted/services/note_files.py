"""The notes of one owner on the disk: ``<folder>/<note>.json``, one whole file a note (0600).

Owns the files, what was last read of each, and the lock that keeps other copies of the app out
while one is changed. What is written in them is ``workspace``'s and ``merging``'s. A file that
can't be read is left alone, hides no other, and is said.
"""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec.structs import replace

from refapp.params import NoteBody
from refapp.snapshot import NoteId, NoteSummary
from refapp.trusted.errors import UNDECODABLE, StorageError, WriteNotDurable
from refapp.trusted.files import atomic_file
from refapp.trusted.files.atomic_file import Signature
from refapp.trusted.files.lease import briefly
from refapp.trusted.files.moments import END_OF_TIME, Moment
from refapp.trusted.files.places import MARKED
from refapp.trusted.recorder import Recorder
from refapp.trusted.wording import note_words

LONGEST_TITLE = 60
ENDING = ".json"
STEP_S = 0.001
Revision = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Room = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""Less than none where a server has lowered its limit."""


class Note(msgspec.Struct, frozen=True, rename="camel"):
    """One note as it is on the disk.
    ``changed_at`` is unix seconds on the clock of the computer that changed it.

    ``revision`` is the server's number of what this was made from, 0 if it has none; ``unsynced``:
    changed here since then. The bounds count where one is decoded: an id becomes a file's name, and
    all of it goes to the window.
    """

    id: NoteId
    text: NoteBody
    changed_at: Moment
    deleted: bool = False
    revision: Revision = 0
    unsynced: bool = True

    def reads_as(self, other: Note | None) -> bool:
        """Whether a person would see no difference: what the server knows of it is none."""
        return other is not None and (self.text, self.deleted) == (other.text, other.deleted)


class NoteFiles:
    """The notes under ``place``, as they were when they were looked at last;
    ``recorder`` hears of each that is written.

    Beside ``place`` an empty file may lie, whose ending ``apart_notes`` finds it by.
    """

    def __init__(self, place: Path, recorder: Recorder) -> None:
        self.place = place
        self._recorder = recorder
        self._mark = ""
        self._notes: dict[str, Note] = {}
        self._signatures: dict[str, Signature | None] = {}
        self._summaries: dict[str, NoteSummary] = {}
        self._unread: set[str] = set()
        self._closed = False
        self._unconfirmed = ""

    def get(self, note: str) -> Note | None:
        """The note with this id, deleted or not, None if there is none."""
        return self._notes.get(note)

    def every(self) -> list[Note]:
        """All notes, deleted ones too."""
        return list(self._notes.values())

    def alive(self) -> list[Note]:
        """Those that are not deleted."""
        return [note for note in self._notes.values() if not note.deleted]

    def summaries(self) -> list[NoteSummary]:
        """What a list shows of those that are not deleted, the newest first."""
        return sorted(self._summaries.values(), key=lambda one: -one.changed_at)

    @property
    def trouble(self) -> str:
        """What is here and can't be shown, or may not stay, as a sentence; empty: nothing."""
        if self._closed:
            return note_words.folder_unread(self.place.name)
        if not self._unread:
            return self._unconfirmed
        files = "1 file" if len(self._unread) == 1 else f"{len(self._unread):,} files"
        return note_words.unread(files, self.place.name)

    def look(self) -> bool:
        """Take up what another copy of the app has written; whether there was anything."""
        self._closed = False
        try:
            # pathlib's costs five times as much, and this is done every few seconds.
            names = {name for name in os.listdir(self.place) if name.endswith(ENDING)}  # noqa: PTH208
        except FileNotFoundError:
            names = set()
        except OSError:
            self._closed = True
            return False  # what can't be looked into keeps its notes
        gone = [note for note in self._notes if f"{note}{ENDING}" not in names]
        self._unread &= {name.removesuffix(ENDING) for name in names}
        for note in gone:
            self._forget(note)
        return bool(
            [name for name in sorted(names) if self.look_at(name.removesuffix(ENDING))]
        ) or bool(gone)

    def look_at(self, note: str) -> bool:
        """Take up one note as it is on the disk; whether that is news.
        One that is not there any more is forgotten.
        """
        file = self._file(note)
        signature = atomic_file.signature(file)
        if signature == self._signatures.get(note):
            return False
        try:
            read = atomic_file.read(file)
            found = msgspec.json.decode(read[0], type=Note) if read else None
        except (StorageError, *UNDECODABLE):
            found = None
        else:
            if read is None:
                return self._forget(note)
        if found is None or found.id != note:
            # One damaged note must not keep the others from being shown; its file stays.
            # What was read before is shown still.
            self._unread |= {note} - self._notes.keys()
            return False
        self._remember(found, signature)
        return True

    def found_by(self, mark: str) -> None:
        """By this ``mark``, if it is known, and by no former one from now on: an e-mail may be
        somebody else's later (EX-6). What the disk does not take now is done at the next start.
        """
        if mark and mark != self._mark:
            with contextlib.suppress(StorageError, OSError):
                for name in os.listdir(self.place.parent):  # noqa: PTH208 - as in ``look``
                    if name.startswith(f"{self.place.name}{MARKED}") and not name.endswith(mark):
                        self._write(mark)
                        atomic_file.remove(self.place.with_name(name), durable=False)
                        self._recorder.note("parent", "disk", "delete whose notes")
        self._mark = mark

    def _write(self, mark: str) -> None:
        path = self.place.with_suffix(mark)
        if not path.exists():
            atomic_file.replace(path, b"", durable=False)
            self._recorder.note("parent", "disk", "write whose notes")

    def put(self, note: Note, *, durable: bool = True) -> None:
        """Write one note; what is in its place and can't be read is put aside.
        Call it inside ``alone``. Raises StorageError; WriteNotDurable: it is there all the same.
        """
        self._keep_unread(note.id)
        file = self._file(note.id)
        try:
            written = atomic_file.replace(file, msgspec.json.encode(note), durable=durable)
        except WriteNotDurable as error:
            self._unconfirmed = error.sentence
            self._written(note, atomic_file.signature(file))
            raise
        if durable:
            self._unconfirmed = ""
        self._written(note, written)

    def add(self, note: Note) -> None:
        """``put`` a note whose text leaves another place for this one. What the disk does not
        confirm is taken back: it stays where it was, and the next try makes no second one.

        Raises:
            StorageError: it is not here.
        """
        try:
            self.put(note)
        except WriteNotDurable:
            self.purge(note.id)
            raise

    def _written(self, note: Note, signature: Signature | None) -> None:
        self._remember(note, signature)
        self._recorder.note("parent", "disk", "delete note" if note.deleted else "write note")
        if self._mark:
            self._write(self._mark)

    def adopt(self, note: Note) -> Note:
        """Write a note of another folder's here too, under its id if that is free;
        what it is here, where no server has it.

        Raises:
            StorageError: the disk did not take it.
        """
        with self.alone():
            self.look_at(note.id)
            free = note.id if self.get(note.id) is None else secrets.token_hex(6)
            adopted = replace(note, id=free, revision=0, unsynced=True)
            self.add(adopted)
        return adopted

    @contextlib.contextmanager
    def coming(self, note: Note) -> Iterator[None]:
        """Within, ``note``, which was adopted, leaves its other place. If that fails with a
        StorageError, it is not here either: the next try makes no second one.
        """
        try:
            yield
        except StorageError:
            with self.alone():
                self.purge(note.id)
            raise

    def give_up(self, note: Note) -> None:
        """Delete ``note``, which has been written elsewhere, unless another copy of the app has
        changed it meanwhile.

        Raises:
            StorageError: the disk did not take it.
        """
        with self.alone():
            self.look_at(note.id)
            if self.get(note.id) == note:
                self.purge(note.id)

    def purge(self, note: str) -> None:
        """Delete a note's file: whoever has to know of it does.
        Call it inside ``alone``. Raises StorageError.
        """
        if atomic_file.remove(self._file(note), durable=False):
            self._recorder.note("parent", "disk", "delete note")
        self._forget(note)

    def alone(self) -> AbstractContextManager[None]:
        """No other copy of the app writes a note of this owner inside the block.
        Raises LockTimeout, WriteFailed.
        """
        return briefly(self.place.with_suffix(".lock"))

    def _keep_unread(self, note: str) -> None:
        file = self._file(note)
        if atomic_file.signature(file) not in {None, self._signatures.get(note)}:
            atomic_file.set_aside(file, "unread", time.time())
            self._recorder.note("parent", "disk", "set aside note")

    def _file(self, note: str) -> Path:
        return self.place / f"{note}{ENDING}"

    def _remember(self, note: Note, signature: Signature | None) -> None:
        self._notes[note.id], self._signatures[note.id] = note, signature
        self._unread.discard(note.id)
        if note.deleted:
            self._summaries.pop(note.id, None)
        else:
            self._summaries[note.id] = NoteSummary(note.id, title_of(note.text), note.changed_at)

    def _forget(self, note: str) -> bool:
        self._unread.discard(note)
        self._signatures.pop(note, None)
        self._summaries.pop(note, None)
        return self._notes.pop(note, None) is not None


def just_after(changed_at: float) -> float:
    """The moment of the next change, as long as there is time."""
    return min(changed_at + STEP_S, math.nextafter(END_OF_TIME, 0.0))


def title_of(text: str) -> str:
    """The first line with anything in it, as far as a list shows it: at most four bytes a character
    on its way there.
    """
    at = len(text) - len(text.lstrip())
    first = text[at : at + LONGEST_TITLE].splitlines()
    return (
        "".join(one if one.isprintable() else " " for one in first[0]).rstrip()
        if first
        else "New note"
    )
