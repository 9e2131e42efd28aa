"""What can happen to the session. Plain data, named for what happened; ``session.advance`` says what follows.

``generation`` is the number of the sign-in or sign-out that the work behind an event belongs to: an event of an older
generation is an answer that came too late. Secrets pass through here on their way to an effect, and are never shown. What can
happen while somebody signs in outside the window is in ``pending``.
"""

from __future__ import annotations

import msgspec

from refapp.trusted.pending import Happened
from refapp.trusted.profile import Profile
from refapp.trusted.secret import SessionMode, StoredSession, TokenPair


class Credentials(msgspec.Struct, frozen=True):
    """What a person typed into the sign-in form."""

    email: str
    password: str

    def __repr__(self) -> str:
        """Never show the password."""
        return f"Credentials(email={self.email!r}, password=…)"


class Trouble(msgspec.Struct, frozen=True):
    """Why secure storage can't be used: a closed word of ``errors`` and two sentences for people."""

    code: str
    sentence: str
    cure: str


class InitialiseAsked(msgspec.Struct, frozen=True):
    """The window is up (IN-3)."""


class StorageMissing(msgspec.Struct, frozen=True):
    """Secure storage can't be used now. What is stored is kept (RS-1, SS-13)."""

    generation: int
    trouble: Trouble


class StorageReady(msgspec.Struct, frozen=True):
    """Secure storage can take tokens, so the sign-in may begin (SI-10). ``credentials`` None: it is not by password."""

    generation: int
    credentials: Credentials | None


class StoreUnreadable(msgspec.Struct, frozen=True):
    """Tokens were on file and can't be read any more; the file was set aside (SS-14)."""

    generation: int
    trouble: Trouble


class NothingStored(msgspec.Struct, frozen=True):
    """No tokens on file (RS-2)."""

    generation: int


class SessionFound(msgspec.Struct, frozen=True):
    """Tokens on file, and the profile that was cached with them (RS-3)."""

    generation: int
    session: StoredSession
    profile: Profile | None


class StoreChanged(msgspec.Struct, frozen=True):
    """Another copy of the app changed the token file (SO-8)."""


class SignInAsked(msgspec.Struct, frozen=True):
    """A person submitted the form."""

    credentials: Credentials


class SignInFailed(msgspec.Struct, frozen=True):
    """No session came of it; ``sentence`` says why (SI-3, SI-8, SI-9). ``pair``: one was opened that can't be used;
    ``wrong``: the server did not accept the credentials."""

    generation: int
    sentence: str
    pair: TokenPair | None = None
    wrong: bool = False


class Authenticated(msgspec.Struct, frozen=True):
    """The server opened a session (SI-1)."""

    generation: int
    profile: Profile
    session: StoredSession


class PairStored(msgspec.Struct, frozen=True):
    """The pair is encrypted and durable on disk (SI-1)."""

    generation: int
    profile: Profile
    session: StoredSession


class PairNotStored(msgspec.Struct, frozen=True):
    """The pair could not be stored (SI-4)."""

    generation: int
    sentence: str
    pair: TokenPair


class Confirmed(msgspec.Struct, frozen=True):
    """The server said that the session is good, by a refresh or a session check (RS-5)."""

    generation: int
    profile: Profile | None
    mode: SessionMode


class Refused(msgspec.Struct, frozen=True):
    """The server said that the session is over, for the token that is still on file (RS-6, RF-4)."""

    generation: int
    pair: TokenPair | None
    sentence: str


class Unreachable(msgspec.Struct, frozen=True):
    """The server can't be reached, is in trouble, or what answered is not the server: can't tell (OF-2, OF-3).

    ``sentence`` ends with what was kept. ``after``: seconds that the server asked to wait, if it did (OF-7).
    """

    generation: int
    sentence: str
    after: float | None = None


class RenewedNotStored(msgspec.Struct, frozen=True):
    """A refreshed pair is held in memory, and the disk did not take it."""

    generation: int
    sentence: str


class RetryDue(msgspec.Struct, frozen=True):
    """The back-off ended (OF-5)."""

    generation: int


class TryAgainAsked(msgspec.Struct, frozen=True):
    """A person asked for another try (OF-5, SS-13)."""


class SignOutAsked(msgspec.Struct, frozen=True):
    """A person asked to sign out."""


class TokensForgotten(msgspec.Struct, frozen=True):
    """The store holds no token any more (SO-2). ``session``: what it held, as far as that is known.

    ``unread``: it may have held one that could not be read, because the keychain is locked for instance.
    """

    generation: int
    session: StoredSession | None = None
    unread: bool = False


class TokensNotForgotten(msgspec.Struct, frozen=True):
    """The token file could not be removed."""

    generation: int
    sentence: str


class ServerTold(msgspec.Struct, frozen=True):
    """The outcome of the best-effort revocation (SO-1)."""

    generation: int
    told: bool


class ServicesReset(msgspec.Struct, frozen=True):
    """Sync and assistant dropped what they held; ``restart`` if one could not while running (SO-4, SO-5)."""

    generation: int
    restart: bool


class RestartAsked(msgspec.Struct, frozen=True):
    """A person asked for the restart that a sign-out needs (SO-6)."""


class Dismissed(msgspec.Struct, frozen=True):
    """A notice was read."""

    number: int


class WindowRenewed(msgspec.Struct, frozen=True):
    """The window ended by itself and a fresh one is up (SB-7)."""

    sentence: str


class ClockOff(msgspec.Struct, frozen=True):
    """This computer's clock and the server's are far apart (RF-13)."""

    sentence: str


Event = (
    InitialiseAsked
    | StorageMissing
    | StorageReady
    | StoreUnreadable
    | NothingStored
    | SessionFound
    | StoreChanged
    | SignInAsked
    | SignInFailed
    | Authenticated
    | PairStored
    | PairNotStored
    | Confirmed
    | Refused
    | Unreachable
    | RenewedNotStored
    | RetryDue
    | TryAgainAsked
    | SignOutAsked
    | TokensForgotten
    | TokensNotForgotten
    | ServerTold
    | ServicesReset
    | RestartAsked
    | Dismissed
    | WindowRenewed
    | ClockOff
    | Happened
)
