"""What has changed, in pieces that the server takes. Pure.

A server says with 413 that a piece is too large; then pieces are half as large from that on, down
to single notes. One that is too large by itself is put aside and named: it is kept on this
computer, and holds up nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from refapp.params import NoteBody
from refapp.snapshot import NoteId
from refapp.trusted.files.moments import Moment
from refapp.trusted.services.note_files import Note, Revision, title_of

LARGEST = 512 * 1024
"""Bytes of JSON: half of what servers usually take."""
MOST = 500
"""Notes."""


class Sent(msgspec.Struct, frozen=True, rename="camel"):
    """A note as it goes to the server and comes from there (``demo_server.state.notes``).
    Its bounds are those of ``Note``.
    """

    id: NoteId
    text: NoteBody
    changed_at: Moment
    deleted: bool
    revision: Revision

    @classmethod
    def of(cls, note: Note) -> Sent:
        return cls(note.id, note.text, note.changed_at, note.deleted, note.revision)


class Pieces:
    """``largest`` bytes and ``MOST`` notes a piece, for as long as the server says nothing else."""

    def __init__(self) -> None:
        self.largest = LARGEST
        self.most = MOST

    def next(self, waiting: Sequence[Note]) -> list[Note]:
        """The first of ``waiting`` that go together: one at least, if there is any."""
        piece: list[Note] = []
        left = self.largest
        for note in waiting[: self.most]:
            left -= size_of(note)
            if piece and left < 0:
                break
            piece.append(note)
        return piece

    def halve(self, piece: Sequence[Note]) -> None:
        """The server did not take ``piece``, of two notes at least, since it is too large."""
        self.largest = min(self.largest, sum(map(size_of, piece))) // 2
        self.most = max(1, len(piece) // 2)


def size_of(note: Note) -> int:
    """Bytes of the note on its way, with the comma after it."""
    return len(msgspec.json.encode(Sent.of(note))) + 1


def named(notes: Sequence[Note]) -> str:
    """``notes`` for a sentence: the first by its title, the others by their number."""
    first = f"“{title_of(notes[0].text)[:30].rstrip()}”"
    more = len(notes) - 1
    return f"{first} and {more:,} more" if more else first
