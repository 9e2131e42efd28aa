"""Notes on this computer:
they can be read, written and are saved in every phase of the session (EX-3).

Owns what a person does with her notes, and whose are shown. The owner is whose session it is, and
stays so while that is offline or expired; nobody signed in has a place of its own. Two owners'
notes are in two folders and never mix (EX-6, OW-6). A deleted note keeps its file, marked and
without its text, until the server knows: it would come back from there otherwise.

Another copy of the app may write in the same folder. What was changed there since a text was shown
here is not overwritten: the text that was written here becomes a note of its own, and both are
there (OW-8). Each write looks at the disk first, under a lock.

Invariant: a change is later than what it changes, whatever the clock says now or said then (IN-6).
The list is in that order.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path

from refapp.snapshot import NoteSummary
from refapp.trusted.errors import RefappError, WriteNotDurable
from refapp.trusted.files import places
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.services.merging import Merging
from refapp.trusted.services.note_files import Note, NoteFiles, just_after
from refapp.trusted.services.note_owners import NoteOwners
from refapp.trusted.wording import note_words

MOST_NOTES = 2000
BEGUN = 100
"""So many more are taken:
they were begun before the list was full, and are not given up for that.
"""
MOST_LISTED = 2000
"""They fit into one line to the window, whatever their titles are."""


class NoSuchNote(RefappError):
    """The note is not there (any more)."""

    code = "no_such_note"


class Workspace:
    """The notes of ``owner`` under ``folder``.

    ``_shown``: each note as the window has it, for all it can know, by its file.
    Those of who was here before too: what she wrote may be saved after that.
    """

    def __init__(
        self,
        folder: Path,
        recorder: Recorder,
        clock: Callable[[], float],
        owners: NoteOwners | None = None,
    ) -> None:
        self._folder = folder
        self._owners = owners or NoteOwners()
        self._recorder = recorder
        self._clock = clock
        self._shown: dict[Path, Note] = {}
        self._open(NOBODY)

    def _open(self, owner: Owner) -> None:
        self.owner = owner
        self._files = NoteFiles(places.notes(self._folder, owner), self._recorder)
        self._moved: dict[str, str] = {}
        self.merging = Merging(self._files, self._moved)
        self.look()

    @property
    def number(self) -> int:
        """The owner's, for the window."""
        return self._owners.number(self.owner)

    def of(self, number: int) -> Workspace:
        """The notes of the owner with that number: what was begun as somebody's stays so.

        Raises:
            NoSuchNote: there is no such owner.
        """
        if number == self.number:
            return self
        found = self._owners.owner(number)
        if found is None:
            raise NoSuchNote(note_words.NOT_OPEN)
        other = Workspace(self._folder, self._recorder, self._clock, self._owners)
        other._shown = self._shown
        other.belong_to(found)
        return other

    def belong_to(self, owner: Owner, email: str = "") -> None:
        """Show this owner's notes from now on.
        ``email``: an account with it may find them again, if she gets another id.
        """
        if places.notes(self._folder, owner) != self._files.place:
            self._open(owner)
        self.owner = owner
        known = email and owner.user_id
        self._files.found_by(places.mail_mark(owner.base, email) if known else "")

    @property
    def full(self) -> bool:
        """There is no room for another note."""
        return len(self._files.summaries()) >= MOST_NOTES

    @property
    def new(self) -> int:
        """How many of the notes no server has."""
        return sum(not note.revision and not note.deleted for note in self._files.every())

    @property
    def trouble(self) -> str:
        """What of the notes can't be shown, and where it is; empty if there is nothing."""
        return self._files.trouble

    def summaries(self) -> list[NoteSummary]:
        """What the list shows: the newest first, and at the most ``MOST_LISTED``.

        One that the window was shown is rather in it than another: who writes in it would be told
        that it is gone.
        """
        found = self._files.summaries()
        if len(found) <= MOST_LISTED:
            return found
        shown = sorted(found, key=lambda one: self._file(one.note) not in self._shown)
        return sorted(shown[:MOST_LISTED], key=lambda one: -one.changed_at)

    def look(self) -> bool:
        """Take up what another copy of the app has written; whether there was anything."""
        return self._files.look()

    def all(self) -> list[Note]:
        """Every note of the owner, deleted ones too, as it is on the disk now."""
        self.look()
        return self._files.every()

    def text(self, note: str) -> str:
        """The text of one note, to be shown. Raises NoSuchNote."""
        self._files.look_at(note)
        found = self._files.get(note)
        if found is None or found.deleted:
            raise NoSuchNote(note_words.NO_SUCH_NOTE)
        self._shown[self._file(note)] = found
        return found.text

    def save(self, note: str | None, text: str) -> str:
        """Keep ``text`` under ``note``, or as a new note;
        returns its id, a new one where that was changed elsewhere.

        Raises:
            NoSuchNote: it was deleted meanwhile, or there are too many.
            StorageError: the disk did not take it.
        """
        if note is None:
            if len(self._files.summaries()) >= MOST_NOTES + BEGUN:
                raise NoSuchNote(note_words.full(MOST_NOTES))
            with self._files.alone():
                return self._put(secrets.token_hex(6), text)
        before = self._shown.get(self._file(note)) or self._files.get(note)
        if before is None or before.deleted:
            raise NoSuchNote(note_words.NO_SUCH_NOTE)
        if before.text == text:
            return note
        with self._files.alone():
            self._files.look_at(note)
            now = self._files.get(note)
            if now is not None and not now.deleted and now.text == text:
                self._shown[self._file(note)] = now
                return note
            return self._put(note if before.reads_as(now) else self._apart(note, before), text)

    def _apart(self, note: str, before: Note) -> str:
        """The id for a text whose note was changed elsewhere: that of the note that it has become,
        if it is as it was shown.
        """
        moved = self._moved.pop(note, "")
        return moved if moved and before.reads_as(self._files.get(moved)) else secrets.token_hex(6)

    def delete(self, note: str) -> None:
        """Remove one note.

        Raises:
            NoSuchNote: it is not there any more, or not as it was shown.
            StorageError: the disk did not take it.
        """
        before = self._shown.get(self._file(note)) or self._files.get(note)
        with self._files.alone():
            self._files.look_at(note)
            now = self._files.get(note)
            if now is None or now.deleted:
                raise NoSuchNote(note_words.NO_SUCH_NOTE)
            if not now.reads_as(before):
                raise NoSuchNote(note_words.CHANGED_ELSEWHERE)
            if self.owner.user_id:
                self._put_in_place(
                    Note(note, "", self._later(note), deleted=True, revision=now.revision)
                )
            else:
                self._files.purge(note)  # no server has heard of it

    def _file(self, note: str) -> Path:
        return self._files.place / note

    def _later(self, note: str) -> float:
        """Now, or just after the note's last change if that is later."""
        former = self._files.get(note)
        return (
            self._clock() if former is None else max(self._clock(), just_after(former.changed_at))
        )

    def _put(self, note: str, text: str) -> str:
        former = self._files.get(note)
        kept = Note(
            note, text, self._later(note), revision=former.revision if former is not None else 0
        )
        self._put_in_place(kept)
        self._shown[self._file(note)] = kept
        return note

    def _put_in_place(self, note: Note) -> None:
        # What the disk did not confirm is there, and ``trouble`` says so.
        # To call it unsaved would have a new note written a second time.
        with contextlib.suppress(WriteNotDurable):
            self._files.put(note)
