"""How often wrong passwords may be tried.
Owns the table ``wrong_password``; knows no account and no password.

Every endpoint and page that checks a password counts here, so no way is unlimited. It counts wrong
ones alone, per account, and per name where that is nobody's: a server on loopback sees one address,
and whoever is at the keyboard may sign in as often as she likes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from refapp.demo_server.state.answers import Refusal, too_many

SCHEMA = "CREATE TABLE IF NOT EXISTS wrong_password (who TEXT NOT NULL, at REAL NOT NULL)"
MOST_WRONG, WITHIN_S = 10, 60.0


class Attempts:
    """The wrong passwords of the last minute."""

    def __init__(self, db: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = db
        self._clock = clock
        db.execute(SCHEMA)

    def check(self, who: str) -> None:
        """Raises ``Refusal`` 429 if ``who``, an account's id or a name of nobody's, has had too
        many, whatever is tried now.
        """
        now = self._clock()
        with self._db:
            self._db.execute("DELETE FROM wrong_password WHERE at <= ?", (now - WITHIN_S,))
        [[count, first]] = self._db.execute(
            "SELECT count(*), min(at) FROM wrong_password WHERE who = ?", (who.lower(),)
        )
        if count >= MOST_WRONG:
            raise Refusal(too_many(max(1, round(first + WITHIN_S - now))))

    def count(self, who: str) -> None:
        """One more wrong one."""
        with self._db:
            self._db.execute(
                "INSERT INTO wrong_password VALUES (?, ?)", (who.lower(), self._clock())
            )
