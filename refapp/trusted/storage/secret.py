"""Secrets as values that never show themselves: the pair of tokens and what is kept with it, what a
person typed, and the codes of a device sign-in.
"""

from __future__ import annotations

import enum
import secrets

import msgspec

from refapp.snapshot import Factor
from refapp.trusted.files.owner import Owner


class SessionMode(enum.Enum):
    """How the server keeps a session alive; found out at run time.

    ``SLIDING``: one token whose expiry moves (stock BetterAuth, get-session). ``ROTATING``: a
    one-time refresh token (the recipe's ``/api/auth/refresh``). ``UNKNOWN``: not asked yet.
    """

    UNKNOWN = "unknown"
    SLIDING = "sliding"
    ROTATING = "rotating"


class TokenPair(msgspec.Struct, frozen=True):
    """Access and refresh token, byte for byte as the server sent them.
    They may be the same (SI-2).
    """

    access: str
    refresh: str

    def __repr__(self) -> str:
        """Never show a token."""
        return "TokenPair(…)"


class Bearer(msgspec.Struct, frozen=True):
    """What a request carries to say who asks,
    a session's access token or a JWT, and whose it is.
    """

    owner: Owner
    token: str

    def __repr__(self) -> str:
        """Never show the token."""
        return f"Bearer(owner={self.owner!r}, token=…)"


class StoredSession(msgspec.Struct, frozen=True):
    """What the token file seals: the pair, whose it is, and what is known of its life.
    Times are unix seconds on the server's clock.

    ``expires_at``: when the access token ends;
      in sliding mode that may move later; None if the server never said.
    ``obtained_at``: when ``expires_at`` was last set or moved. ``family`` is the same for all pairs
    that come of one sign-in, and for no other; empty where an earlier version of the app has stored
    it.
    """

    pair: TokenPair
    user_id: str
    mode: SessionMode = SessionMode.UNKNOWN
    obtained_at: float = 0.0
    expires_at: float | None = None
    family: str = ""


def opened(
    user_id: str, access: str, refresh: str | None, now: float, expires_at: float | None
) -> StoredSession:
    """A session that the server has just opened.
    ``now`` and ``expires_at``: unix seconds on the server's clock.
    """
    # One token stands for both, unless the server hands out a refresh token too (SI-2).
    pair = TokenPair(access, refresh or access)
    mode = SessionMode.ROTATING if refresh else SessionMode.UNKNOWN
    return StoredSession(pair, user_id, mode, now, expires_at, new_family())


def new_family() -> str:
    """A name that no other session has."""
    return secrets.token_hex(8)


def readable(*texts: str) -> bool:
    """Whether ``texts`` can be sent.
    Where a terminal's bytes are none of its locale's letters, ``input`` gives halves of letters.
    """
    return not any("\ud800" <= letter <= "\udfff" for text in texts for letter in text)


class Credentials(msgspec.Struct, frozen=True):
    """What a person typed into the sign-in form."""

    email: str
    password: str

    def __repr__(self) -> str:
        """Never show the password."""
        return f"Credentials(email={self.email!r}, password=…)"


class Challenge(msgspec.Struct, frozen=True):
    """The server has taken the password and wants a second factor.
    ``cookie``, as ``name=value``, is what it knows that by.

    Who holds it needs the second factor alone: it is in the parent's memory, for this step.
    ``expires_at``: unix seconds on this computer's clock.
    """

    factors: tuple[Factor, ...]
    cookie: str
    expires_at: float

    def __repr__(self) -> str:
        """Never show the cookie."""
        return f"Challenge(factors={self.factors!r}, cookie=…)"


class Trust(msgspec.Struct, frozen=True):
    """This computer is trusted at a sign-in of ``who`` (as she typed herself): ``cookie`` stands
    for her second factor (TF-5).

    ``expires_at``: unix seconds on this computer's clock.
    """

    who: str
    cookie: str
    expires_at: float

    def __repr__(self) -> str:
        """Never show the cookie."""
        return f"Trust(who={self.who!r}, cookie=…)"


class FactorCode(msgspec.Struct, frozen=True):
    """What a person answered: a code, and where it comes from.
    ``trust``: she wants to be asked no more here (TF-5).
    """

    factor: Factor
    code: str
    trust: bool

    @classmethod
    def typed(cls, factor: Factor, text: str, *, trust: bool) -> FactorCode:
        """As it was typed or pasted, in plain digits: blanks and what can't be seen are no part of
        a code, and neither are dashes where it has digits alone. Empty: there was no code in it.
        """
        import unicodedata  # large, and a start needs none of it

        plain = unicodedata.normalize("NFKC", text) if readable(text) else ""
        if factor is not Factor.BACKUP:
            return cls(factor, "".join(filter(str.isalnum, plain)), trust)
        kinds = [(letter, unicodedata.category(letter)) for letter in "".join(plain.split())]
        code = "".join("-" if kind == "Pd" else letter for letter, kind in kinds if kind != "Cf")
        return cls(factor, code, trust)

    def __repr__(self) -> str:
        """Never show the code."""
        return f"FactorCode(factor={self.factor!r}, code=…)"


class DeviceGrant(msgspec.Struct, frozen=True):
    """The codes of one device sign-in (RFC 8628, section 3.2).

    Who holds ``device_code`` gets the session: it is sealed, and never shown.
    ``expires_at``: unix seconds on this computer's clock.
    """

    device_code: str
    user_code: str
    link: str
    interval_s: float
    expires_at: float

    def __repr__(self) -> str:
        """Never show the device code."""
        return f"DeviceGrant(user_code={self.user_code!r}, device_code=…)"
