"""The notes that the app syncs.
Owns the table ``note`` and its rule: a change counts if it was made from what is here.

Each change of a user's notes gets the next number, its revision. Who changes a note names the
revision that she changed; where that is not the newest one, two computers have changed the same
note, and the later sender is told instead of taken (NT-4). Deleting is a change like any other (the
row stays, marked and without its text), or a device that was away would bring it back.
"""

from __future__ import annotations

import sqlite3
from typing import Annotated

import msgspec

SCHEMA = """
CREATE TABLE IF NOT EXISTS note (
    user_id TEXT NOT NULL REFERENCES user(id), id TEXT NOT NULL, text TEXT NOT NULL,
    changed_at REAL NOT NULL, deleted INTEGER NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (user_id, id)
)
"""
MAX_NOTES = 1000
"""In one request."""
MOST_KEPT = 2000
PAGE_NOTES, PAGE_CHARACTERS = 500, 256 * 1024
"""In one answer, if it is not a single note that is longer."""


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """One note. ``changed_at`` is unix seconds on the clock of the device that changed it,
    ``revision`` that of the change; in an upload the one that was changed, 0 for a new note. What
    the app could not read is not taken from others either.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{12}\Z")] = msgspec.field()
    text: str = msgspec.field()
    changed_at: Annotated[float, msgspec.Meta(ge=0, lt=253_402_300_800)] = msgspec.field()
    deleted: bool = False
    revision: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0


class Page(msgspec.Struct, frozen=True, rename="camel"):
    """The changes after a revision, oldest first, as far as ``up_to``;
    ``more``: there are more of them. ``room``: for so many notes more.
    """

    notes: list[Note]
    up_to: int
    more: bool
    room: int


class Notes:
    """Every user's notes, apart; ``most`` of each, not counting deleted ones."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.most = MOST_KEPT
        db.execute(SCHEMA)
        if "revision" not in {row["name"] for row in db.execute("PRAGMA table_info(note)")}:
            with db:
                db.execute("ALTER TABLE note ADD COLUMN revision INTEGER NOT NULL DEFAULT 0")
                db.execute("UPDATE note SET revision = rowid")

    def of_user(self, user_id: str) -> list[Note]:
        """All notes of the user, deleted ones too, in the order of their changes."""
        return self._after(user_id, 0)

    def page(self, user_id: str, since: int) -> Page:
        """What has changed after revision ``since``.
        A revision that this server has never given counts as none.
        """
        newest = self._newest(user_id)
        found = self._after(user_id, since if since <= newest else 0)
        taken: list[Note] = []
        characters = 0
        for note in found[:PAGE_NOTES]:
            characters += len(note.text)
            if taken and characters > PAGE_CHARACTERS:
                break
            taken.append(note)
        more = len(taken) < len(found)
        return Page(
            taken, taken[-1].revision if more else newest, more, self.most - self._alive(user_id)
        )

    def merge(self, user_id: str, notes: list[Note]) -> dict[str, int]:
        """Take each note that was changed from what is here, as far as there is room;
        the revision of each that is as sent.
        """
        taken: dict[str, int] = {}
        with self._db:
            for note in notes:
                revision = self._taken(user_id, note)
                if revision is not None:
                    taken[note.id] = revision
        return taken

    def _taken(self, user_id: str, note: Note) -> int | None:
        row = self._db.execute(
            "SELECT text, deleted, revision FROM note WHERE user_id = ? AND id = ?",
            (user_id, note.id),
        ).fetchone()
        text = "" if note.deleted else note.text
        if row is not None and (row["text"], bool(row["deleted"])) == (text, note.deleted):
            return int(row["revision"])  # its answer was lost, or two computers agree
        if row is None and note.deleted:
            return 0  # written and deleted before it was ever here
        if row is not None and row["revision"] != note.revision:
            return None
        comes = not note.deleted and (row is None or row["deleted"])
        if comes and self._alive(user_id) >= self.most:
            return None
        revision = self._newest(user_id) + 1
        self._db.execute(
            "INSERT OR REPLACE INTO note (user_id, id, text, changed_at, deleted, revision) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (user_id, note.id, text, note.changed_at, note.deleted, revision),
        )
        return revision

    def _after(self, user_id: str, since: int) -> list[Note]:
        rows = self._db.execute(
            "SELECT * FROM note WHERE user_id = ? AND revision > ? ORDER BY revision",
            (user_id, since),
        )
        return [
            Note(row["id"], row["text"], row["changed_at"], bool(row["deleted"]), row["revision"])
            for row in rows
        ]

    def _newest(self, user_id: str) -> int:
        return self._count("SELECT coalesce(max(revision), 0) FROM note WHERE user_id = ?", user_id)

    def _alive(self, user_id: str) -> int:
        return self._count("SELECT count(*) FROM note WHERE user_id = ? AND NOT deleted", user_id)

    def _count(self, query: str, user_id: str) -> int:
        [[number]] = self._db.execute(query, (user_id,))
        return int(number)
