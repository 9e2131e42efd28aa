"""One-time refresh tokens with families (RFC 9700 section 4.14.2). Owns the table ``refresh``; only hashes are kept in it.

Rules: a refresh token works once; its successor and a new session come of it, the old session ends. Every token that descends
from one sign-in is a family. A used token that comes again is taken for theft: the family and its session end. Only within
``reuse_window_s`` of its use, and while its successor is unused, the same new pair is given again (the answer may be lost).

A successor is derived from its predecessor with the server's secret, so that it can be given again without being kept.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Callable

from refapp.demo_server.state.answers import NO_STORE, Refusal, refusal
from refapp.demo_server.state.sessions import Session, Sessions

SCHEMA = """
CREATE TABLE IF NOT EXISTS refresh (
    hash TEXT PRIMARY KEY, family TEXT NOT NULL, user_id TEXT NOT NULL, session_token TEXT NOT NULL,
    expires_at REAL NOT NULL, used_at REAL
)
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """What a refresh gives: the new session (its token is the access token) and the next refresh token."""

    session: Session
    refresh: str = dataclasses.field(repr=False)


class Rotation:
    """Refresh tokens over ``sessions``."""

    def __init__(
        self,
        db: sqlite3.Connection,
        clock: Callable[[], float],
        secret: bytes,
        sessions: Sessions,
        expires_in_s: float,
        reuse_window_s: float,
    ) -> None:
        self._db = db
        self._clock = clock
        self._secret = secret
        self._sessions = sessions
        self._expires_in_s = expires_in_s
        self._reuse_window_s = reuse_window_s
        db.execute(SCHEMA)

    def first(self, session: Session) -> str:
        """The refresh token that comes with a sign-in: the head of a new family."""
        token = secrets.token_urlsafe(32)
        self._add(token, secrets.token_hex(12), session)
        return token

    def rotate(self, given: str, user_agent: str) -> Pair:
        """The pair that ``given`` is exchanged for; ``given`` may be a session token as well (the single-token pattern).

        Raises:
            Refusal: 401 INVALID_REFRESH_TOKEN: unknown, expired, or used before (then its family has ended).
        """
        row = self._row(given)
        if row is None:
            return self._from_session_token(given, user_agent)
        if row["used_at"] is not None:
            return self._again(given, row)
        if row["expires_at"] <= self._clock():
            raise _refused()
        return self._exchange(given, row["family"], row["user_id"], row["session_token"], user_agent)

    def end_family_of(self, session_token: str) -> None:
        """The session ends by somebody's wish: its refresh token goes with it."""
        for row in self._db.execute("SELECT family FROM refresh WHERE session_token = ?", (session_token,)).fetchall():
            self._end(row["family"])

    def end_all(self, user_id: str) -> None:
        """End every family of the user."""
        with self._db:
            self._db.execute("DELETE FROM refresh WHERE user_id = ?", (user_id,))

    def expire_all(self, user_id: str) -> None:
        """Let the user's refresh tokens run out now."""
        with self._db:
            self._db.execute("UPDATE refresh SET expires_at = ? WHERE user_id = ?", (self._clock(), user_id))

    def _from_session_token(self, given: str, user_agent: str) -> Pair:
        token = self._sessions.token_in(given)
        if token is None:
            raise _refused()
        if token != given and self._row(token) is not None:
            return self.rotate(token, user_agent)
        session = self._sessions.look(token)
        if session is None:
            raise _refused()
        self.end_family_of(session.token)
        family = secrets.token_hex(12)
        self._add(token, family, session)
        return self._exchange(token, family, session.user_id, session.token, user_agent)

    def _exchange(self, given: str, family: str, user_id: str, old_session: str, user_agent: str) -> Pair:
        session = self._sessions.open(user_id, user_agent)
        with self._db:
            self._db.execute("UPDATE refresh SET used_at = ? WHERE hash = ?", (self._clock(), _hash(given)))
        self._sessions.end(old_session)
        successor = self._successor(given, family)
        self._add(successor, family, session)
        return Pair(session, successor)

    def _again(self, given: str, row: sqlite3.Row) -> Pair:
        successor = self._successor(given, row["family"])
        kept = self._row(successor)
        if kept is not None and self._clock() - row["used_at"] < self._reuse_window_s:
            # Using the successor ended the session that came with it: while that lives, the successor is unused.
            session = self._sessions.look(kept["session_token"])
            if session is not None:
                return Pair(session, successor)
        self._end(row["family"])
        raise _refused()

    def _end(self, family: str) -> None:
        for row in self._db.execute("SELECT session_token FROM refresh WHERE family = ?", (family,)).fetchall():
            self._sessions.end(row["session_token"])
        with self._db:
            self._db.execute("DELETE FROM refresh WHERE family = ?", (family,))

    def _add(self, token: str, family: str, session: Session) -> None:
        ends = self._clock() + self._expires_in_s
        with self._db:
            self._db.execute(
                "INSERT INTO refresh VALUES (?, ?, ?, ?, ?, NULL)",
                (_hash(token), family, session.user_id, session.token, ends),
            )

    def _row(self, token: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._db.execute("SELECT * FROM refresh WHERE hash = ?", (_hash(token),)).fetchone()
        return found

    def _successor(self, token: str, family: str) -> str:
        mac = hmac.digest(self._secret, f"refresh:{family}:{token}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _refused() -> Refusal:
    return refusal(401, "INVALID_REFRESH_TOKEN", "Invalid or expired refresh token", NO_STORE)
