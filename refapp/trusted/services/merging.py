"""How what the server has of a note and what is here become one,
without losing a text of either (NT-4).

Owns the decision, ``merged``, which is pure, and ``Merging``, which carries it out on the files.
Two computers have changed the same note if it was changed here since the server's revision that
this was made from, and the server has a newer one by now. Then both texts are kept: the server's
under the note's id, which the other computer has too, and ours as a note of its own. A text
outlives a deletion.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from refapp.trusted.services.note_files import Note, NoteFiles


class Merged(msgspec.Struct, frozen=True):
    """``kept``: what stands under the note's id from now on, None if nothing does;
    ``apart``: what becomes another note.
    """

    kept: Note | None
    apart: Note | None = None


def merged(ours: Note | None, theirs: Note, sent: Sequence[Note], new_id: str) -> Merged:
    """What follows from the server's ``theirs``. ``sent``: what was sent of this note and has no
    answer, which may have been lost; ``new_id``: for a note of its own.
    """
    taken = None if theirs.deleted else replace(theirs, unsynced=False)
    if ours is None:
        return Merged(taken)
    if not ours.unsynced:
        return Merged(taken if ours.revision < theirs.revision else ours)
    if ours.revision == theirs.revision:
        return Merged(ours)
    if ours.reads_as(theirs) or ours.deleted:
        return Merged(taken)
    if any(theirs.reads_as(one) for one in sent):
        return Merged(
            replace(ours, revision=theirs.revision)
        )  # our own, and changed here since it was sent
    return Merged(taken, replace(ours, id=new_id, revision=0))


def acknowledged(ours: Note | None, sent: Note, revision: int) -> Note | None:
    """What is left under the id once the server has taken ``sent``: nothing of a deleted note."""
    if ours is None:
        return None
    if ours.changed_at != sent.changed_at or not ours.reads_as(sent):
        return replace(ours, revision=revision)  # changed again meanwhile
    return None if ours.deleted else replace(ours, revision=revision, unsynced=False)


class Merging:
    """Carries it out on ``files``.
    The disk need not confirm what the server has: a start asks it for all of that again.

    ``moved``: note -> the note that a text of it went to, so that what is typed on goes there too.
    """

    def __init__(self, files: NoteFiles, moved: dict[str, str]) -> None:
        self._files = files
        self._moved = moved

    def take(self, theirs: Note, sent: Mapping[str, Sequence[Note]]) -> bool:
        """Take up a note of the server's; whether it changed any.
        ``sent``: what has no answer yet. Raises StorageError.
        """
        files, note = self._files, theirs.id
        if self._outcome(theirs, sent).kept == files.get(note):
            return False
        with files.alone():
            files.look_at(note)
            outcome = self._outcome(theirs, sent)
            if outcome.apart is not None:
                files.add(outcome.apart)  # before what is in its place now is gone
                self._moved[note] = outcome.apart.id
            self._keep(note, outcome.kept)
        return True

    def acknowledge(self, sent: Note, revision: int) -> None:
        """The server has taken ``sent``. Raises StorageError."""
        with self._files.alone():
            self._files.look_at(sent.id)
            self._keep(sent.id, acknowledged(self._files.get(sent.id), sent, revision))

    def _outcome(self, theirs: Note, sent: Mapping[str, Sequence[Note]]) -> Merged:
        return merged(
            self._files.get(theirs.id), theirs, sent.get(theirs.id, ()), secrets.token_hex(6)
        )

    def _keep(self, note: str, kept: Note | None) -> None:
        if kept == self._files.get(note):
            return
        if kept is None:
            self._files.purge(note)
        else:
            self._files.put(kept, durable=False)
