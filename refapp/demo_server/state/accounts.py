"""The users: their names, and passwords hashed with scrypt.
Owns the table ``user``; knows nothing of sessions.

A sign-in costs the same for an unknown user as for a wrong password, so that neither answer nor
time tells who is there.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import re
import secrets
import sqlite3
import string
from collections.abc import Callable

from refapp.demo_server.state.answers import invalid, iso, refusal
from refapp.demo_server.state.attempts import Attempts

SCHEMA = """
CREATE TABLE IF NOT EXISTS user (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, username TEXT UNIQUE,
    display_username TEXT,
    password TEXT NOT NULL, created_at REAL NOT NULL
)
"""
MIN_PASSWORD, MAX_PASSWORD = 8, 128
MIN_USERNAME, MAX_USERNAME = 3, 30
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_USERNAME = re.compile(r"[A-Za-z0-9_.]+")
_ALPHANUMERIC = string.ascii_letters + string.digits


def random_text(length: int = 32) -> str:
    """Letters and digits, as BetterAuth makes its ids and tokens."""
    number, signs = secrets.randbelow(len(_ALPHANUMERIC) ** length), []
    for _ in range(length):
        number, sign = divmod(number, len(_ALPHANUMERIC))
        signs.append(_ALPHANUMERIC[sign])
    return "".join(signs)


@dataclasses.dataclass(frozen=True, slots=True)
class User:
    """One account. ``created_at`` is unix seconds."""

    id: str
    name: str
    email: str
    username: str | None
    display_username: str | None
    created_at: float

    def wire(self) -> dict[str, object]:
        """The user as answers carry it; the two user names only if there are any."""
        names = (
            {}
            if self.username is None
            else {"username": self.username, "displayUsername": self.display_username}
        )
        made = iso(self.created_at)
        plain = {
            "name": self.name,
            "email": self.email,
            "emailVerified": False,
            "createdAt": made,
            "updatedAt": made,
        }
        return {**plain, **names, "id": self.id}


class Accounts:
    """``scrypt_n`` is scrypt's cost (RFC 7914); tests lower it to be quick."""

    def __init__(self, db: sqlite3.Connection, clock: Callable[[], float], scrypt_n: int) -> None:
        self._db = db
        self._clock = clock
        self._scrypt_n = scrypt_n
        self._nobody = self._hash(random_text())
        self._attempts = Attempts(db, clock)
        db.execute(SCHEMA)

    def sign_up(
        self,
        name: str,
        email: str,
        password: str,
        username: str | None = None,
        user_id: str | None = None,
    ) -> User:
        """A new account.

        Raises:
            Refusal: 400 or 422 as BetterAuth answers it.
        """
        if not _EMAIL.fullmatch(email):
            raise invalid("[body.email] Invalid email address")
        check_length(password, at_least=MIN_PASSWORD)
        if username is not None:
            check_username(username, status=400)
            if self.by_username(username) is not None:
                raise refusal(
                    400,
                    "USERNAME_IS_ALREADY_TAKEN",
                    "Username is already taken. Please try another.",
                )
        if self.by_email(email) is not None:
            raise refusal(
                422,
                "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
                "User already exists. Use another email.",
            )
        known_as = None if username is None else username.lower()
        user = User(
            user_id or random_text(), name, email.lower(), known_as, username, self._clock()
        )
        with self._db:
            self._db.execute(
                "INSERT INTO user VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    user.id,
                    name,
                    user.email,
                    known_as,
                    username,
                    self._hash(password),
                    user.created_at,
                ),
            )
        return user

    def replace(self, email: str) -> None:
        """The account of ``email`` is deleted, and made again: the same but for the id."""
        with self._db:
            self._db.execute("UPDATE user SET id = ? WHERE email = ?", (random_text(), email))

    def by_id(self, user_id: str) -> User | None:
        """The account with this id."""
        return self._one("id", user_id)

    def by_email(self, email: str) -> User | None:
        """The account with this address, in any case."""
        return self._one("email", email.lower())

    def by_username(self, username: str) -> User | None:
        """The account with this user name, in any case."""
        return self._one("username", username.lower())

    def with_password(self, who: str, password: str, *, by_username: bool = False) -> User | None:
        """The account that goes by ``who``, if that is its password.
        Takes as long for no user at all.

        Raises:
            Refusal: 429, too many wrong ones were tried for that account, by whichever of its
            names, or for a name of nobody's.
        """
        user = self.by_username(who) if by_username else self.by_email(who)
        counted = who if user is None else user.id
        self._attempts.check(counted)
        if self._has_password(user, password):
            return user
        self._attempts.count(counted)
        return None

    def set_password(self, user: User, password: str) -> None:
        """From now on it is this one."""
        with self._db:
            self._db.execute(
                "UPDATE user SET password = ? WHERE id = ?", (self._hash(password), user.id)
            )

    def _has_password(self, user: User | None, password: str) -> bool:
        row = (
            None
            if user is None
            else self._db.execute("SELECT password FROM user WHERE id = ?", (user.id,)).fetchone()
        )
        kept = self._nobody if row is None else str(row["password"])
        n, salt, _ = kept.split("$")
        matches = hmac.compare_digest(kept, self._hash(password, bytes.fromhex(salt), int(n)))
        return matches and row is not None

    def _hash(self, password: str, salt: bytes | None = None, n: int | None = None) -> str:
        salt, n = salt or secrets.token_bytes(16), n or self._scrypt_n
        key = hashlib.scrypt(password.encode(), salt=salt, n=n, r=8, p=1, maxmem=64 * 1024 * 1024)
        return f"{n}${salt.hex()}${key.hex()}"

    def _one(self, column: str, value: str) -> User | None:
        row = self._db.execute(f"SELECT * FROM user WHERE {column} = ?", (value,)).fetchone()  # noqa: S608
        if row is None:
            return None
        return User(
            row["id"],
            row["name"],
            row["email"],
            row["username"],
            row["display_username"],
            row["created_at"],
        )


def check_email(email: str) -> None:
    """Raises ``Refusal`` 400 INVALID_EMAIL, as sign-in answers it."""
    if not _EMAIL.fullmatch(email):
        raise refusal(400, "INVALID_EMAIL", "Invalid email")


def check_length(password: str, at_least: int = 0) -> None:
    """Raises ``Refusal`` 400 for a password that is too short or too long."""
    if len(password) > MAX_PASSWORD:
        raise refusal(400, "PASSWORD_TOO_LONG", "Password too long")
    if len(password) < at_least:
        raise refusal(400, "PASSWORD_TOO_SHORT", "Password too short")


def check_username(username: str, status: int) -> None:
    """Raises ``Refusal``: ``status`` is 400 at sign-up and 422 at sign-in."""
    if len(username) < MIN_USERNAME:
        raise refusal(status, "USERNAME_TOO_SHORT", "Username is too short")
    if len(username) > MAX_USERNAME:
        raise refusal(status, "USERNAME_TOO_LONG", "Username is too long")
    if not _USERNAME.fullmatch(username):
        raise refusal(status, "INVALID_USERNAME", "Username is invalid")
