"""The sessions: one token each, whose expiry slides.
Owns the table ``session`` and the signature on tokens.

Rules, as BetterAuth has them: the token never changes while its session lives; looking at a session
later than ``update_age_s`` after its last move moves its expiry; an expired session that is looked
at is deleted by that look; ending is at once.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import sqlite3
import urllib.parse
from collections.abc import Callable

from refapp.demo_server.state.accounts import random_text
from refapp.demo_server.state.answers import Headers, iso

SCHEMA = """
CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL REFERENCES user(id),
    created_at REAL NOT NULL, updated_at REAL NOT NULL, expires_at REAL NOT NULL,
    user_agent TEXT NOT NULL
)
"""
ONE_DAY_S = 24 * 60 * 60.0


class StoreBroken(Exception):
    """The session store can't be read (a test broke it)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Session:
    """One signed-in client. Times are unix seconds."""

    id: str
    token: str = dataclasses.field(repr=False)
    user_id: str
    created_at: float
    updated_at: float
    expires_at: float
    user_agent: str

    def wire(self) -> dict[str, object]:
        """The session as get-session and list-sessions carry it, the raw token included."""
        return {
            "expiresAt": iso(self.expires_at),
            "token": self.token,
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.updated_at),
            "ipAddress": "",
            "userAgent": self.user_agent,
            "userId": self.user_id,
            "id": self.id,
        }


class Sessions:
    """Every read and write of a session passes here.
    While ``broken`` is True each of them raises ``StoreBroken``.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        clock: Callable[[], float],
        secret: bytes,
        expires_in_s: float,
        update_age_s: float,
        *,
        require_signature: bool = False,
    ) -> None:
        self._db = db
        self._clock = clock
        self._secret = secret
        self.expires_in_s = expires_in_s
        self.update_age_s = update_age_s
        self._require_signature = require_signature
        self.broken = False
        db.execute(SCHEMA)

    def open(self, user_id: str, user_agent: str, *, remembered: bool = True) -> Session:
        """A new session. Not ``remembered``: it lasts a day at the most."""
        now = self._clock()
        ends = now + (self.expires_in_s if remembered else min(self.expires_in_s, ONE_DAY_S))
        session = Session(random_text(), random_text(), user_id, now, now, ends, user_agent)
        self._write(
            "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)", *dataclasses.astuple(session)
        )
        return session

    def token_in(self, bearer: str | None) -> str | None:
        """The session token that a bearer carries: raw, or signed with our signature.
        None for anything else.
        """
        if bearer is None:
            return None
        token, dot, _ = bearer.partition(".")
        if not dot:
            return None if self._require_signature else token
        return (
            token
            if hmac.compare_digest(
                urllib.parse.unquote(bearer).encode(), self.signed(token).encode()
            )
            else None
        )

    def signed(self, token: str) -> str:
        """``<token>.<base64 of its HMAC-SHA-256>``, the form in the header ``set-auth-token``."""
        mac = hmac.digest(self._secret, token.encode(), hashlib.sha256)
        return f"{token}.{base64.b64encode(mac).decode()}"

    def signed_too(self, session: Session) -> Headers:
        """The header with the signed token, where no other is taken."""
        signed = (("set-auth-token", self.signed(session.token)),)
        return signed if self._require_signature else ()

    def look(self, token: str | None) -> Session | None:
        """The live session of ``token``. An expired one is deleted by this look."""
        found = next(iter(self._read("token = ?", token)), None)
        if found is None or found.expires_at > self._clock():
            return found
        self.end(found.token)
        return None

    def slide(self, session: Session) -> Session | None:
        """``session`` with its expiry moved, or None if it is not due yet."""
        now = self._clock()
        if session.expires_at - self.expires_in_s + self.update_age_s > now:
            return None
        moved = dataclasses.replace(session, updated_at=now, expires_at=now + self.expires_in_s)
        self._write(
            "UPDATE session SET updated_at = ?, expires_at = ? WHERE id = ?",
            now,
            moved.expires_at,
            session.id,
        )
        return moved

    def of_user(self, user_id: str) -> list[Session]:
        """The user's live sessions, oldest first."""
        return [
            found
            for found in self._read("user_id = ?", user_id)
            if found.expires_at > self._clock()
        ]

    def opened_by(self, programs: tuple[str, ...]) -> list[Session]:
        """The sessions of programs whose names begin so, also those that ran out."""
        return [one for one in self._read("TRUE") if one.user_agent.startswith(programs)]

    def end(self, token: str) -> None:
        """End the session of ``token``, if there is one."""
        self._write("DELETE FROM session WHERE token = ?", token)

    def expire_all(self, user_id: str) -> None:
        """Let the user's sessions run out now; their rows stay until somebody looks."""
        self._write("UPDATE session SET expires_at = ? WHERE user_id = ?", self._clock(), user_id)

    def _read(self, where: str, *values: str | None) -> list[Session]:
        if self.broken:
            raise StoreBroken
        query = f"SELECT * FROM session WHERE {where} ORDER BY created_at, rowid"  # noqa: S608
        rows = self._db.execute(query, values)
        return [Session(**dict(row)) for row in rows]

    def _write(self, statement: str, *values: str | float) -> None:
        if self.broken:
            raise StoreBroken
        with self._db:
            self._db.execute(statement, values)
