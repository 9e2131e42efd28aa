"""The second factor: one-time passwords (RFC 6238), codes by e-mail, backup codes.
Owns its tables and the limits of guessing.

Rules, as BetterAuth 1.7's twoFactor plugin has them: a challenge lives 10 minutes and takes five
wrong codes; a code by e-mail lives 3 minutes and takes five of its own, which use up that code
alone; ten wrong ones of any kind in a row lock the account for 15 minutes; a backup code is good
once; a trusted computer is known by a cookie of 30 days, which is a new one after each sign-in.
Secrets lie in the clear: this server is for demos and tests.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from refapp.demo_server.state.accounts import random_text

SCHEMA = """
CREATE TABLE IF NOT EXISTS second_factor (
    user_id TEXT PRIMARY KEY, secret TEXT NOT NULL, backup TEXT NOT NULL, verified INTEGER NOT NULL,
    wrong INTEGER NOT NULL, locked_until REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS challenge (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, wrong INTEGER NOT NULL, expires_at REAL NOT NULL,
    mailed TEXT NOT NULL, mailed_until REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS trusted (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, expires_at REAL NOT NULL
);
"""
LIFE_S, MAIL_LIFE_S, TRUST_S = 600, 180.0, 30 * 86400
MOST_WRONG, LOCKS_AFTER, LOCKED_S = 5, 10, 900.0
PERIOD_S = 30
_DELETE = "DELETE FROM challenge WHERE id = ?"

Kind = Literal["totp", "otp", "backup"]
Problem = Literal[
    "INVALID_TWO_FACTOR_COOKIE", "INVALID_CODE", "INVALID_BACKUP_CODE", "OTP_HAS_EXPIRED",
    "TOTP_NOT_ENABLED", "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE", "ACCOUNT_TEMPORARILY_LOCKED",
]  # fmt: skip


class Passed(NamedTuple):
    """Whose code was right."""

    user_id: str


class SecondFactors:
    """``key`` signs the cookies.
    ``mailed``: the newest code that was sent to a user, by id; there is no mailbox here.
    """

    def __init__(self, db: sqlite3.Connection, clock: Callable[[], float], key: bytes) -> None:
        self._db = db
        self._clock = clock
        self._key = key
        self.mailed: dict[str, str] = {}
        db.executescript(SCHEMA)

    def enable(self, user_id: str) -> tuple[str, Sequence[str]]:
        """A new secret (base32) and backup codes;
        nothing is asked for before a first code has shown that the app has it.
        """
        secret = base64.b32encode(secrets.token_bytes(20)).decode()
        backup = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(10)]
        row = (user_id, secret, json.dumps(backup), 0, 0, 0.0)
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO second_factor VALUES (?, ?, ?, ?, ?, ?)", row)
        return secret, backup

    def confirm(self, user_id: str, code: str) -> bool:
        """Whether the first code is right; from then on each sign-in wants one."""
        row = self._row(user_id)
        right = row is not None and self._is_of_app(row["secret"], code)
        if right:
            self._set("UPDATE second_factor SET verified = 1 WHERE user_id = ?", user_id)
        return right

    def wanted(self, user_id: str) -> bool:
        """Whether a password is not enough for this user."""
        row = self._row(user_id)
        return row is not None and bool(row["verified"])

    def begin(self, user_id: str) -> str:
        """The cookie that stands for this user's right password."""
        number = random_text(24)
        with self._db:
            self._db.execute(
                "INSERT INTO challenge VALUES (?, ?, 0, ?, '', 0)",
                (number, user_id, self._clock() + LIFE_S),
            )
        return self._signed(number)

    def send(self, cookie: str) -> Problem | None:
        """Send a code by e-mail, in place of an earlier one."""
        challenge = self._challenge(cookie)
        if challenge is None:
            return "INVALID_TWO_FACTOR_COOKIE"
        code = f"{secrets.randbelow(10**6):06}"
        self.mailed[challenge["user_id"]] = code
        until = self._clock() + MAIL_LIFE_S
        mailed = f"{code}:0"
        self._set(
            "UPDATE challenge SET mailed = ?, mailed_until = ? WHERE id = ?",
            mailed,
            until,
            challenge["id"],
        )
        return None

    def answer(self, cookie: str, kind: Kind, code: str) -> Passed | Problem:
        """A code for the challenge of ``cookie``, which a right one uses up."""
        challenge = self._challenge(cookie)
        row = None if challenge is None else self._row(challenge["user_id"])
        if challenge is None or row is None:
            return "INVALID_TWO_FACTOR_COOKIE"
        if row["locked_until"] > self._clock():
            return "ACCOUNT_TEMPORARILY_LOCKED"
        if kind == "otp" and not (
            challenge["mailed"] and challenge["mailed_until"] > self._clock()
        ):
            return "OTP_HAS_EXPIRED"
        if _wrong_before(kind, challenge) >= MOST_WRONG:
            use_up = "UPDATE challenge SET mailed = '' WHERE id = ?" if kind == "otp" else _DELETE
            self._set(use_up, challenge["id"])
            return "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE"
        if not self._is_right(kind, challenge, row, code):
            self._count(kind, challenge, row)
            return "INVALID_BACKUP_CODE" if kind == "backup" else "INVALID_CODE"
        self._set(_DELETE, challenge["id"])
        self._set("UPDATE second_factor SET wrong = 0 WHERE user_id = ?", row["user_id"])
        return Passed(row["user_id"])

    def _is_right(self, kind: Kind, challenge: sqlite3.Row, row: sqlite3.Row, code: str) -> bool:
        if kind == "totp":
            return self._is_of_app(row["secret"], code)
        if kind == "otp":
            return hmac.compare_digest(
                str(challenge["mailed"]).partition(":")[0].encode(), code.encode()
            )
        left = json.loads(row["backup"])
        if code not in left:
            return False
        left.remove(code)
        self._set(
            "UPDATE second_factor SET backup = ? WHERE user_id = ?",
            json.dumps(left),
            row["user_id"],
        )
        return True

    def _is_of_app(self, secret: str, code: str) -> bool:
        step = int(self._clock() // PERIOD_S)
        return any(
            hmac.compare_digest(one_time(secret, step + near).encode(), code.encode())
            for near in (-1, 0, 1)
        )

    def _count(self, kind: Kind, challenge: sqlite3.Row, row: sqlite3.Row) -> None:
        if kind == "otp":
            mailed = f"{challenge['mailed'].partition(':')[0]}:{_wrong_before(kind, challenge) + 1}"
            self._set("UPDATE challenge SET mailed = ? WHERE id = ?", mailed, challenge["id"])
        else:
            self._set("UPDATE challenge SET wrong = wrong + 1 WHERE id = ?", challenge["id"])
        wrong = row["wrong"] + 1
        until = self._clock() + LOCKED_S if wrong >= LOCKS_AFTER else 0.0
        left = 0 if until else wrong
        self._set(
            "UPDATE second_factor SET wrong = ?, locked_until = ? WHERE user_id = ?",
            left,
            until,
            row["user_id"],
        )

    def trust(self, user_id: str) -> str:
        """The cookie that a computer of this user is known by from now on."""
        number = random_text()
        with self._db:
            self._db.execute(
                "INSERT INTO trusted VALUES (?, ?, ?)", (number, user_id, self._clock() + TRUST_S)
            )
        return self._signed(number)

    def trusted_again(self, user_id: str, cookie: str) -> str | None:
        """The cookie in place of ``cookie``,
        None if that is not of a computer that this user trusts.
        """
        number = self._number(cookie)
        with self._db:
            row = self._db.execute(
                "DELETE FROM trusted WHERE id = ? AND user_id = ? RETURNING expires_at",
                (number, user_id),
            ).fetchone()
        return (
            self.trust(user_id) if row is not None and row["expires_at"] > self._clock() else None
        )

    def _challenge(self, cookie: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(
            "SELECT * FROM challenge WHERE id = ? AND expires_at > ?",
            (self._number(cookie), self._clock()),
        ).fetchone()
        return row

    def _row(self, user_id: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(
            "SELECT * FROM second_factor WHERE user_id = ?", (user_id,)
        ).fetchone()
        return row

    def _set(self, statement: str, *values: str | float) -> None:
        with self._db:
            self._db.execute(statement, values)

    def _signed(self, number: str) -> str:
        return f"{number}.{hmac.digest(self._key, number.encode(), hashlib.sha256).hex()}"

    def _number(self, cookie: str) -> str:
        number = cookie.partition(".")[0]
        return number if hmac.compare_digest(cookie.encode(), self._signed(number).encode()) else ""


def _wrong_before(kind: Kind, challenge: sqlite3.Row) -> int:
    """How many were wrong: of the code that was mailed, which stands before their number, or of all
    others together.
    """
    return int(challenge["mailed"].partition(":")[2]) if kind == "otp" else int(challenge["wrong"])


def one_time(secret: str, step: int) -> str:
    """The code of one half minute (RFC 4226, section 5.3, with six digits).
    ``secret`` is base32.
    """
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1)
    start = mac[-1] & 15
    return f"{int.from_bytes(mac[start : start + 4], 'big') & 0x7FFFFFFF:010}"[-6:]
