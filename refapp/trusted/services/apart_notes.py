"""Notes on this computer beside the signed-in person's that may be hers: written while nobody was
signed in, or under another id of an account with her e-mail at this server (NT-3).

Owns what she said of them (``notes/<person>.apart.json``) and the way between the folders. She is
asked once; what she answers can be undone for as long as the notes are there. A note is written in
its new place before it leaves the old one.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

import msgspec
from msgspec.structs import replace

from refapp.snapshot import NotesApart
from refapp.trusted.errors import UNDECODABLE, CallError, StorageError, WriteNotDurable
from refapp.trusted.files import atomic_file, places
from refapp.trusted.files.atomic_file import Signature
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.services.note_files import Note, NoteFiles, just_after
from refapp.trusted.wording import note_words

NONE = NotesApart("none")


class _Said(msgspec.Struct, frozen=True):
    """``kept``: the notes that stay apart;
    ``joined``: note of hers -> the folder that it was in.
    """

    kept: frozenset[str] = frozenset()
    joined: dict[str, str] = {}


class ApartNotes:
    """Those under ``folder`` for whoever is signed in.
    ``shown`` is what the window may know of them.
    """

    def __init__(self, folder: Path, recorder: Recorder) -> None:
        self._folder, self._recorder = folder, recorder
        self._owner, self._mail, self._mark = NOBODY, "", ""
        self._all_notes, self._said_in = folder / "notes", places.answers(folder, NOBODY)
        self._place = self._nobodys = places.notes(folder, NOBODY)
        self._looked_at: dict[Path, NoteFiles] = {}
        # Asked for every few seconds: a file that has not changed is not read again.
        self._read: tuple[Path, Signature | None] | None = None
        self._answers = _Said()
        self.shown = NONE

    def follow(self, owner: Owner, email: str) -> None:
        """``owner`` is signed in from now on, under that e-mail; nobody is NOBODY."""
        if not self._owner.same_person(owner) or email != self._mail:
            self._owner, self._mail = owner, email
            # Kept, for they are asked for every few seconds.
            self._place = places.notes(self._folder, owner)
            self._said_in = places.answers(self._folder, owner)
            self._mark = places.mail_mark(owner.base, email)
            self._looked_at.clear()
            self.look()

    def look(self) -> bool:
        """Look what there is; whether that is news."""
        before, self.shown = self.shown, self._found() if self._owner.user_id else NONE
        return before != self.shown

    @property
    def trouble(self) -> str:
        """What of them can't be read, as a sentence; empty: nothing."""
        beside = [files for place, files in self._looked_at.items() if place != self._place]
        return next((files.trouble for files in beside if files.trouble), "")

    def join(self) -> None:
        """Those that she is asked about are hers from now on.
        Raises StorageError: those that are not yet stay where they are.
        """
        said, hers = self._said(), self._files(self._place)
        joined = dict(said.joined)
        for source in self._sources():
            for note in [one for one in source.alive() if one.id not in said.kept]:
                adopted = hers.adopt(note)
                with hers.coming(adopted):
                    joined[adopted.id] = source.place.name
                    self._say(replace(said, joined=joined))
                    source.give_up(note)
        self.look()

    def keep(self) -> None:
        """They stay where they are, and she is not asked about them again. Raises StorageError."""
        there = frozenset(note.id for source in self._sources() for note in source.alive())
        self._say(replace(self._said(), kept=there))
        self.look()

    def undo(self) -> None:
        """Take back the last answer: what joined goes back, as it is now;
        what was kept apart is asked about again.

        Raises:
            StorageError: the disk did not take it; what is not back yet is hers still.
            CallError: there is nothing to undo.
        """
        said, hers = self._said(), self._files(self._place)
        if self.shown.state == "joined":
            for note in [one for one in hers.alive() if one.id in said.joined]:
                self._take_back(note, hers)
            self._say(_Said(self._said().kept, {}))
        elif self.shown.state == "apart":
            self._say(replace(said, kept=frozenset()))
        else:
            raise CallError(note_words.NOTHING_TO_UNDO)
        self.look()

    def _take_back(self, note: Note, hers: NoteFiles) -> None:
        said = self._said()
        back = self._files(self._all_notes / said.joined[note.id])
        returned = replace(note, id=secrets.token_hex(6), revision=0, unsynced=True)
        with back.alone():
            back.add(returned)
        joined = {one: place for one, place in said.joined.items() if one != note.id}
        try:
            with back.coming(returned):
                self._say(_Said(said.kept | {returned.id}, joined))
                with hers.alone():
                    hers.look_at(note.id)
                    # What another copy has written there since stays hers.
                    if hers.get(note.id) == note:
                        later = just_after(note.changed_at)
                        gone = replace(note, text="", changed_at=later, deleted=True, unsynced=True)
                        with contextlib.suppress(WriteNotDurable):  # at worst it is there twice
                            hers.put(gone)
        except StorageError:
            with contextlib.suppress(StorageError):
                self._say(said)
            raise

    def _found(self) -> NotesApart:
        said = self._said()
        there = [note.id for source in self._sources() for note in source.alive()]
        if new := [note for note in there if note not in said.kept]:
            return NotesApart("asked", len(new))
        if said.joined and (
            joined := [note for note in self._files(self._place).alive() if note.id in said.joined]
        ):
            return NotesApart("joined", len(joined))
        return NotesApart("apart", len(there)) if there else NONE

    def _files(self, place: Path) -> NoteFiles:
        if (found := self._looked_at.get(place)) is None:
            found = self._looked_at[place] = NoteFiles(place, self._recorder)
        found.look()
        return found

    def _sources(self) -> list[NoteFiles]:
        """The folders that may hold something of hers."""
        try:
            # pathlib's costs five times as much.
            names = os.listdir(self._all_notes)  # noqa: PTH208
        except OSError:
            return []
        found = [self._nobodys] if self._nobodys.name in names else []
        if self._mail:
            marked = [name for name in names if name.endswith(self._mark)]
            found += sorted((self._all_notes / name).with_suffix("") for name in marked)
        return [self._files(place) for place in found if place != self._place]

    def _said(self) -> _Said:
        signature = atomic_file.signature(self._said_in)
        if (self._said_in, signature) != self._read:
            try:
                found = atomic_file.read(self._said_in)
                self._answers = msgspec.json.decode(found[0], type=_Said) if found else _Said()
            except (StorageError, *UNDECODABLE):
                self._answers = _Said()
            self._read = self._said_in, signature
        return self._answers

    def _say(self, said: _Said) -> None:
        # One that the disk did not confirm is there: at worst she is asked again after a power cut.
        with contextlib.suppress(WriteNotDurable):
            atomic_file.replace(self._said_in, msgspec.json.encode(said))
        self._recorder.note("parent", "disk", "write what stays apart")
