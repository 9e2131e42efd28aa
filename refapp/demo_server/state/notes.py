"""The notes that the app syncs. Owns the table ``note`` and its one rule: per user and note id the latest change wins.

A tie goes to the greater text, so that every device and the server settle on the same one. Deleting is a change like any other
(the row stays, marked), or a device that was away would bring the note back.
"""

from __future__ import annotations

import sqlite3

import msgspec

SCHEMA = """
CREATE TABLE IF NOT EXISTS note (
    user_id TEXT NOT NULL REFERENCES user(id), id TEXT NOT NULL, text TEXT NOT NULL,
    changed_at REAL NOT NULL,
    deleted INTEGER NOT NULL, PRIMARY KEY (user_id, id)
)
"""
MAX_NOTES = 1000


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """One note. ``changed_at`` is unix seconds on the clock of the device that changed it."""

    id: str = msgspec.field()
    text: str = msgspec.field()
    changed_at: float = msgspec.field()
    deleted: bool = False


class Notes:
    """Every user's notes, apart."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute(SCHEMA)

    def of_user(self, user_id: str) -> list[Note]:
        """All notes of the user, deleted ones too, in the order of their ids."""
        rows = self._db.execute(
            "SELECT id, text, changed_at, deleted FROM note WHERE user_id = ? ORDER BY id", (user_id,)
        )
        return [Note(row["id"], row["text"], row["changed_at"], bool(row["deleted"])) for row in rows]

    def merge(self, user_id: str, notes: list[Note]) -> list[Note]:
        """Take each note that is later than ours; answers with all notes as they are then."""
        with self._db:
            self._db.executemany(
                """
                INSERT INTO note VALUES (?, ?, ?, ?, ?) ON CONFLICT (user_id, id) DO UPDATE
                SET text = excluded.text, changed_at = excluded.changed_at,
                    deleted = excluded.deleted
                WHERE (excluded.changed_at, excluded.text) > (note.changed_at, note.text)
                """,
                [(user_id, note.id, note.text, note.changed_at, note.deleted) for note in notes],
            )
        return self.of_user(user_id)
