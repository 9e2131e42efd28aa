"""What can happen to the session. Plain data, named for what happened; ``session.advance`` says what follows.

``generation`` is the number of the sign-in or sign-out that the work behind an event belongs to: an event of an older
generation is an answer that came too late. Secrets pass through here on their way to an effect, and are never shown.
"""

from __future__ import annotations

import dataclasses

from refapp.trusted.profile import Profile
from refapp.trusted.secret import SessionMode, StoredSession, TokenPair


@dataclasses.dataclass(frozen=True, slots=True)
class Credentials:
    """What a person typed into the sign-in form."""

    email: str
    password: str = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Trouble:
    """Why secure storage can't be used: a closed word of ``errors`` and two sentences for people."""

    code: str
    sentence: str
    cure: str


@dataclasses.dataclass(frozen=True, slots=True)
class InitialiseAsked:
    """The window is up (IN-3)."""


@dataclasses.dataclass(frozen=True, slots=True)
class StorageMissing:
    """Secure storage can't be used now. What is stored is kept (RS-1, SS-13)."""

    generation: int
    trouble: Trouble


@dataclasses.dataclass(frozen=True, slots=True)
class StorageReady:
    """Secure storage can take tokens, so the password may be sent (SI-10)."""

    generation: int
    credentials: Credentials


@dataclasses.dataclass(frozen=True, slots=True)
class StoreUnreadable:
    """Tokens were on file and can't be read any more; the file was set aside (SS-14)."""

    generation: int
    trouble: Trouble


@dataclasses.dataclass(frozen=True, slots=True)
class NothingStored:
    """No tokens on file (RS-2)."""

    generation: int


@dataclasses.dataclass(frozen=True, slots=True)
class SessionFound:
    """Tokens on file, and the profile that was cached with them (RS-3)."""

    generation: int
    session: StoredSession
    profile: Profile | None


@dataclasses.dataclass(frozen=True, slots=True)
class StoreChanged:
    """Another copy of the app changed the token file (SO-8)."""


@dataclasses.dataclass(frozen=True, slots=True)
class SignInAsked:
    """A person submitted the form."""

    credentials: Credentials


@dataclasses.dataclass(frozen=True, slots=True)
class SignInFailed:
    """No session came of it; ``sentence`` says why (SI-3, SI-8, SI-9)."""

    generation: int
    sentence: str


@dataclasses.dataclass(frozen=True, slots=True)
class Authenticated:
    """The server opened a session (SI-1)."""

    generation: int
    profile: Profile
    session: StoredSession


@dataclasses.dataclass(frozen=True, slots=True)
class PairStored:
    """The pair is encrypted and durable on disk (SI-1)."""

    generation: int
    profile: Profile
    session: StoredSession


@dataclasses.dataclass(frozen=True, slots=True)
class PairNotStored:
    """The pair could not be stored (SI-4)."""

    generation: int
    sentence: str
    pair: TokenPair


@dataclasses.dataclass(frozen=True, slots=True)
class Confirmed:
    """The server said that the session is good, by a refresh or a session check (RS-5)."""

    generation: int
    profile: Profile | None
    mode: SessionMode


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """The server said that the session is over, for the token that is still on file (RS-6, RF-4)."""

    generation: int
    pair: TokenPair | None
    sentence: str


@dataclasses.dataclass(frozen=True, slots=True)
class Unreachable:
    """The server can't be reached, is in trouble, or what answered is not the server: can't tell (OF-2, OF-3).

    ``after``: seconds that the server asked to wait, if it did (OF-7).
    """

    generation: int
    sentence: str
    after: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class RenewedNotStored:
    """A refreshed pair is held in memory, and the disk did not take it."""

    generation: int
    sentence: str


@dataclasses.dataclass(frozen=True, slots=True)
class RetryDue:
    """The back-off ended (OF-5)."""

    generation: int


@dataclasses.dataclass(frozen=True, slots=True)
class TryAgainAsked:
    """A person asked for another try (OF-5, SS-13)."""


@dataclasses.dataclass(frozen=True, slots=True)
class SignOutAsked:
    """A person asked to sign out."""


@dataclasses.dataclass(frozen=True, slots=True)
class TokensForgotten:
    """The store holds no token any more (SO-2)."""

    generation: int


@dataclasses.dataclass(frozen=True, slots=True)
class TokensNotForgotten:
    """The token file could not be removed."""

    generation: int
    sentence: str


@dataclasses.dataclass(frozen=True, slots=True)
class ServerTold:
    """The outcome of the best-effort revocation (SO-1)."""

    generation: int
    told: bool


@dataclasses.dataclass(frozen=True, slots=True)
class ServicesReset:
    """Sync and assistant dropped what they held; ``restart`` if one could not while running (SO-4, SO-5)."""

    generation: int
    restart: bool


@dataclasses.dataclass(frozen=True, slots=True)
class RestartAsked:
    """A person asked for the restart that a sign-out needs (SO-6)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Dismissed:
    """A notice was read."""

    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class WindowRenewed:
    """The window ended by itself and a fresh one is up (SB-7)."""

    sentence: str


@dataclasses.dataclass(frozen=True, slots=True)
class ClockOff:
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
)
