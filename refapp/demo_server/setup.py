"""A server's settings, and the tables that come of them:
the one place that builds a ``Backend``.
"""

from __future__ import annotations

import dataclasses
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from typing import Literal

from refapp.demo_server.routes.backend import Backend
from refapp.demo_server.state.accounts import Accounts
from refapp.demo_server.state.device import Devices
from refapp.demo_server.state.hand_over import HandOvers
from refapp.demo_server.state.jwts import Jwts
from refapp.demo_server.state.notes import Notes
from refapp.demo_server.state.rotation import Rotation
from refapp.demo_server.state.second_factors import SecondFactors
from refapp.demo_server.state.sessions import ONE_DAY_S, Sessions

Mode = Literal["sliding", "rotating"]
DEFAULT_EXPIRES_IN_S: Mapping[Mode, float] = {"sliding": 7 * ONE_DAY_S, "rotating": 15 * 60.0}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """``expires_in_s`` None: 7 days sliding, 15 minutes rotating.
    ``scrypt_n`` is the cost of a password check.

    ``jwt_expires_in_s`` 0: no JWTs are handed out, as on a BetterAuth server without the plugin.
    ``any_client``: whatever a program calls itself, it may sign in with a code. ``mails``: as if
    the server sent e-mail. ``require_signature``: raw tokens are not taken, and signing in with a
    code, where BetterAuth hands out no other, brings the signed one too. ``session_first``: the
    fault of a server whose plugins are in a wrong order; the answer that asks for a second factor
    holds a session that is good already.
    ``trusted_origins``:
    besides the server's own, such as ``com.example.app:/`` for an app that has a scheme.
    """

    mode: Mode = "sliding"
    expires_in_s: float | None = None
    update_age_s: float = ONE_DAY_S
    reuse_window_s: float = 0.0
    refresh_expires_in_s: float = 30 * ONE_DAY_S
    fresh_age_s: float = ONE_DAY_S
    require_signature: bool = False
    jwt_expires_in_s: float = 0.0
    any_client: bool = False
    device_interval_s: float = 5.0
    device_expires_in_s: float = 30 * 60.0
    scrypt_n: int = 2**14
    mails: bool = False
    session_first: bool = False
    trusted_origins: tuple[str, ...] = ()


def opened(
    settings: ServerSettings, database: str | bytes, clock: Callable[[], float], origin: str
) -> tuple[sqlite3.Connection, Backend]:
    """The database, opened or made, and the tables over it."""
    db = _connected(database)
    secret = _secret_of(db)
    sessions = Sessions(
        db,
        clock,
        secret,
        settings.expires_in_s or DEFAULT_EXPIRES_IN_S[settings.mode],
        settings.update_age_s,
        require_signature=settings.require_signature,
    )
    rotation = (
        Rotation(
            db, clock, secret, sessions, settings.refresh_expires_in_s, settings.reuse_window_s
        )
        if settings.mode == "rotating"
        else None
    )
    backend = Backend(
        clock=clock,
        accounts=Accounts(db, clock, settings.scrypt_n),
        sessions=sessions,
        rotation=rotation,
        jwts=Jwts(secret, clock, settings.jwt_expires_in_s) if settings.jwt_expires_in_s else None,
        notes=Notes(db),
        devices=Devices(db, clock, settings.device_interval_s, settings.device_expires_in_s),
        hand_overs=HandOvers(db, clock),
        second_factors=SecondFactors(db, clock, secret),
        mails=settings.mails,
        session_first=settings.session_first,
        fresh_age_s=settings.fresh_age_s,
        origin=origin,
        trusted_origins=settings.trusted_origins,
        any_client=settings.any_client,
    )
    return db, backend


def _connected(database: str | bytes) -> sqlite3.Connection:
    image = database if isinstance(database, bytes) else None
    db = sqlite3.connect(":memory:" if image else database, check_same_thread=False)
    db.row_factory = sqlite3.Row
    if image:
        db.deserialize(image)
        return db
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(
        "PRAGMA synchronous = NORMAL"
    )  # a demo's last seconds may be lost to a power cut, not to a crash
    return db


def _secret_of(db: sqlite3.Connection) -> bytes:
    """The key of the signatures: made once and kept in the database, so that tokens outlive a
    restart of the server.
    """
    with db:
        db.execute(
            "CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value BLOB NOT NULL)"
        )
        db.execute("INSERT OR IGNORE INTO setting VALUES ('secret', ?)", (secrets.token_bytes(32),))
    row = db.execute("SELECT value FROM setting WHERE name = 'secret'").fetchone()
    return bytes(row["value"])
