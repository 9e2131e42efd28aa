"""One-time codes that hand a sign-in in the browser over to the app (PKCE S256, RFC 7636).
Owns the table ``hand_over``.

Rules, as @better-auth/electron's server plugin has them: a code lives 300 seconds and has one try;
a wrong state or verifier uses it up as well.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import sqlite3
from collections.abc import Callable

from refapp.demo_server.state.accounts import random_text
from refapp.demo_server.state.answers import refusal

SCHEMA = """
CREATE TABLE IF NOT EXISTS hand_over (
    code TEXT PRIMARY KEY, user_id TEXT NOT NULL, challenge TEXT NOT NULL, state TEXT NOT NULL,
    expires_at REAL NOT NULL
)
"""
EXPIRES_IN_S = 300.0


class HandOvers:
    """The codes that were given out."""

    def __init__(self, db: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = db
        self._clock = clock
        db.execute(SCHEMA)

    def give(self, user_id: str, challenge: str, state: str) -> str:
        """A code for the app that knows the verifier of ``challenge``."""
        code = random_text()
        row = (code, user_id, challenge, state, self._clock() + EXPIRES_IN_S)
        with self._db:
            self._db.execute("INSERT INTO hand_over VALUES (?, ?, ?, ?, ?)", row)
        return code

    def take(self, code: str, state: str, verifier: str) -> str:
        """The id of the user who is handed over. Uses the code up, whatever comes of it.

        Raises:
            Refusal: 404 INVALID_TOKEN, 400 STATE_MISMATCH or INVALID_CODE_VERIFIER.
        """
        with self._db:
            row = self._db.execute(
                "DELETE FROM hand_over WHERE code = ? RETURNING *", (code,)
            ).fetchone()
        if row is None or row["expires_at"] <= self._clock():
            raise refusal(404, "INVALID_TOKEN", "Invalid or expired token.")
        if not hmac.compare_digest(row["state"].encode(), state.encode()):
            raise refusal(400, "STATE_MISMATCH", "state mismatch")
        if not hmac.compare_digest(row["challenge"].encode(), challenge_of(verifier).encode()):
            raise refusal(400, "INVALID_CODE_VERIFIER", "Invalid code verifier")
        return str(row["user_id"])


def challenge_of(verifier: str) -> str:
    """PKCE's S256: the SHA-256 of the verifier in base64url without padding."""
    return (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    )
