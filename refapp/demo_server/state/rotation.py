"""One-time refresh tokens with families (RFC 9700 section 4.14.2).
Owns the table ``refresh_family``; no token is in it.

A sign-in opens a family: one row, which names the session that lives now and the number of the
token that is good now. Token number N is ``FAMILY.N.MAC``; it works once, for a new session (the
old one ends) and for number N+1. A used number that comes again is taken for theft: the family and
its session end. Only within ``reuse_window_s`` of its use, and while its successor is unused, the
same new pair is given again (the answer may be lost). Only what this server made is read as a
token: whatever else is sent, a session's token or a token with something behind it, is refused.

Invariant: the row decides, in one statement that only one process can win,
however many share the database.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import re
import secrets
import sqlite3
from collections.abc import Callable

from refapp.demo_server.state.answers import NO_STORE, Refusal, refusal
from refapp.demo_server.state.sessions import Session, Sessions

SCHEMA = """
CREATE TABLE IF NOT EXISTS refresh_family (
    family TEXT PRIMARY KEY, number INTEGER NOT NULL, user_id TEXT NOT NULL,
    session_token TEXT NOT NULL, renewed_at REAL NOT NULL, expires_at REAL NOT NULL
)
"""
_TOKEN = re.compile(r"([0-9a-f]{32})\.(0|[1-9][0-9]{0,14})\.[A-Za-z0-9_-]{43}")


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """What a refresh gives:
    the new session (its token is the access token) and the next refresh token.
    """

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
        """The refresh token that comes with a sign-in: the head of a new family.
        The user's families that ran out go.
        """
        family, now = secrets.token_hex(16), self._clock()
        self._changed(
            "DELETE FROM refresh_family WHERE user_id = ? AND expires_at < ?", session.user_id, now
        )
        self._changed(
            "INSERT INTO refresh_family VALUES (?, 0, ?, ?, ?, ?)",
            *(family, session.user_id, session.token, now, now + self._expires_in_s),
        )
        return self._token(family, 0)

    def rotate(self, given: str, user_agent: str) -> Pair:
        """The pair that ``given`` is exchanged for.

        Raises:
            Refusal: 401 INVALID_REFRESH_TOKEN:
            unknown, expired, or used before (then its family has ended).
        """
        family, number = self._read(given)
        row = self._row(family)
        if row["number"] != number:
            return self._again(family, number)
        if row["expires_at"] <= self._clock():
            raise _refused()
        # The new session first:
        # if the session store fails, the token that was sent must not be spent.
        session = self._sessions.open(row["user_id"], user_agent)
        if not self._claimed(family, number, session):
            self._sessions.end(session.token)
            return self._again(family, number)
        self._sessions.end(row["session_token"])
        return Pair(session, self._token(family, number + 1))

    def end_family_of(self, session_token: str) -> None:
        """The session ends by somebody's wish: its refresh token goes with it.
        To be called before the session is deleted.
        """
        self._changed("DELETE FROM refresh_family WHERE session_token = ?", session_token)

    def end_all(self, user_id: str, but: str = "") -> None:
        """End every family of the user, also of sessions that ran out;
        not that of the session token ``but``.
        """
        self._changed(
            "DELETE FROM refresh_family WHERE user_id = ? AND session_token != ?", user_id, but
        )

    def renewable(self) -> set[str]:
        """The tokens of the sessions that a refresh token can bring back."""
        query = "SELECT session_token FROM refresh_family WHERE expires_at > ?"
        return {row["session_token"] for row in self._db.execute(query, (self._clock(),))}

    def expire_all(self, user_id: str) -> None:
        """Let the user's refresh tokens run out now."""
        self._changed(
            "UPDATE refresh_family SET expires_at = ? WHERE user_id = ?", self._clock(), user_id
        )

    def _claimed(self, family: str, number: int, session: Session) -> bool:
        """Use the token up: of two processes that hold it, one finds the family at its number."""
        now = self._clock()
        return self._changed(
            "UPDATE refresh_family SET number = number + 1, session_token = ?, renewed_at = "
            "?, expires_at = ? WHERE family = ? AND number = ?",
            *(session.token, now, now + self._expires_in_s, family, number),
        )

    def _again(self, family: str, number: int) -> Pair:
        row = self._row(family)
        if row["number"] == number + 1 and self._clock() - row["renewed_at"] < self._reuse_window_s:
            session = self._sessions.look(row["session_token"])
            if session is not None:
                return Pair(session, self._token(family, number + 1))
        self._end(row)
        raise _refused()

    def _end(self, row: sqlite3.Row) -> None:
        # The number is part of the condition: a family that is renewed meanwhile is read again, or
        # its newest session lives on.
        while not self._changed(
            "DELETE FROM refresh_family WHERE family = ? AND number = ?",
            row["family"],
            row["number"],
        ):
            row = self._row(row["family"])
        self._sessions.end(row["session_token"])

    def _row(self, family: str) -> sqlite3.Row:
        found: sqlite3.Row | None = self._db.execute(
            "SELECT * FROM refresh_family WHERE family = ?", (family,)
        ).fetchone()
        if found is None:
            raise _refused()
        return found

    def _changed(self, statement: str, *values: str | float) -> bool:
        with self._db:
            return self._db.execute(statement, values).rowcount > 0

    def _read(self, given: str) -> tuple[str, int]:
        """Family and number of a token that this server made, to the last character;
        else raises ``Refusal``.
        """
        found = _TOKEN.fullmatch(given)
        if found is None or not hmac.compare_digest(given, self._token(found[1], int(found[2]))):
            raise _refused()
        return found[1], int(found[2])

    def _token(self, family: str, number: int) -> str:
        mac = hmac.digest(self._secret, f"refresh:{family}.{number}".encode(), hashlib.sha256)
        return f"{family}.{number}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _refused() -> Refusal:
    return refusal(401, "INVALID_REFRESH_TOKEN", "Invalid or expired refresh token", NO_STORE)
