"""Pending device sign-ins (RFC 8628). Owns the table ``device``; knows no wire and no session.

Rules, as BetterAuth has them: a code is claimed by the first signed-in user who looks at it, and
only that user may decide; asking more often than ``interval_s`` is refused before anything else and
changes nothing; success, denial and expiry each use the code up.
"""

from __future__ import annotations

import dataclasses
import secrets
import sqlite3
from collections.abc import Callable
from typing import Literal

from refapp.demo_server.state.accounts import random_text
from refapp.demo_server.state.answers import Refusal, too_many

SCHEMA = """
CREATE TABLE IF NOT EXISTS device (
    code TEXT PRIMARY KEY, user_code TEXT NOT NULL UNIQUE, client_id TEXT NOT NULL,
    scope TEXT NOT NULL, status TEXT NOT NULL, user_id TEXT, asked_at REAL NOT NULL,
    expires_at REAL NOT NULL, polled_at REAL
)
"""
MOST_PENDING = 1000
# No letters or digits that are read for one another.
_USER_CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

Problem = Literal[
    "invalid_grant", "slow_down", "expired_token", "authorization_pending", "access_denied"
]
Obstacle = Literal["unknown", "expired", "processed", "not_claimed", "not_yours"]


@dataclasses.dataclass(frozen=True, slots=True)
class Pending:
    """One sign-in that waits for somebody's decision. Times are unix seconds."""

    code: str = dataclasses.field(repr=False)
    user_code: str
    client_id: str
    scope: str
    status: str
    user_id: str | None
    asked_at: float
    expires_at: float
    polled_at: float | None


class Devices:
    """The codes that were given out."""

    def __init__(
        self,
        db: sqlite3.Connection,
        clock: Callable[[], float],
        interval_s: float,
        expires_in_s: float,
    ) -> None:
        self._db = db
        self._clock = clock
        self.interval_s = interval_s
        self.expires_in_s = expires_in_s
        db.execute(SCHEMA)

    def ask(self, client_id: str, scope: str) -> Pending:
        """A new pair of codes. Those that ran out long ago go.

        Raises:
            Refusal: 429, too many wait.
        """
        now = self._clock()
        self._write("DELETE FROM device WHERE expires_at <= ?", now - self.expires_in_s)
        if self._db.execute("SELECT count(*) FROM device").fetchone()[0] >= MOST_PENDING:
            raise Refusal(too_many(int(self.interval_s) or 1))
        user_code = "".join(secrets.choice(_USER_CODE_SIGNS) for _ in range(8))
        pending = Pending(
            random_text(40),
            user_code,
            client_id,
            scope,
            "pending",
            None,
            now,
            now + self.expires_in_s,
            None,
        )
        self._write(
            "INSERT INTO device VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", *dataclasses.astuple(pending)
        )
        return pending

    def poll(self, code: str, client_id: str) -> Pending | Problem:
        """The approved sign-in, used up by this; or why there is none."""
        found = self._one("code = ?", code)
        if found is None or found.client_id != client_id:
            return "invalid_grant"
        now = self._clock()
        if found.polled_at is not None and now - found.polled_at < self.interval_s:
            return "slow_down"
        self._write("UPDATE device SET polled_at = ? WHERE code = ?", now, code)
        if found.expires_at > now and found.status == "pending":
            return "authorization_pending"
        self._write("DELETE FROM device WHERE code = ?", code)
        if found.expires_at <= now:
            return "expired_token"
        return found if found.status == "approved" else "access_denied"

    def look(self, user_code: str, user_id: str | None) -> Pending | Obstacle:
        """The sign-in that a person looks at; the first signed-in one who looks claims it."""
        found = self._one("user_code = ?", _plain(user_code))
        if found is None:
            return "unknown"
        if found.expires_at <= self._clock():
            return "expired"
        if user_id is not None and found.user_id is None and found.status == "pending":
            self._write("UPDATE device SET user_id = ? WHERE code = ?", user_id, found.code)
            return dataclasses.replace(found, user_id=user_id)
        return found

    def decide(self, user_code: str, user_id: str, *, allow: bool) -> Obstacle | None:
        """Allow or deny it; None when that is done."""
        found = self.look(user_code, None)
        if not isinstance(found, Pending):
            return found
        if found.status != "pending":
            return "processed"
        if found.user_id != user_id:
            return "not_claimed" if found.user_id is None else "not_yours"
        self._write(
            "UPDATE device SET status = ? WHERE code = ?",
            "approved" if allow else "denied",
            found.code,
        )
        return None

    def newest(self) -> Pending | None:
        """The last one that waits for a decision."""
        return self._one("status = ? ORDER BY asked_at DESC, rowid DESC", "pending")

    def expire_all(self) -> None:
        """Let all codes run out now."""
        self._write("UPDATE device SET expires_at = ?", self._clock())

    def _one(self, where: str, value: str) -> Pending | None:
        row = self._db.execute(f"SELECT * FROM device WHERE {where}", (value,)).fetchone()  # noqa: S608
        return None if row is None else Pending(**dict(row))

    def _write(self, statement: str, *values: str | float | None) -> None:
        with self._db:
            self._db.execute(statement, values)


def _plain(user_code: str) -> str:
    return user_code.replace("-", "").replace(" ", "").upper()
