"""What can happen to the session.
Plain data, named for what happened; ``session.advance`` says what follows.

An event that some work came to belongs to the generation of the session in which that was begun
(``OfGeneration``): of an older one it is an answer that came too late. What people and the world do
happens at any time (``AtAnyTime``). Secrets pass through here on their way to an effect, and are
never shown. What can happen while somebody signs in outside the window is in ``pending``.
"""

from __future__ import annotations

from refapp.trusted.files.profile import Profile
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.rules.generation import AtAnyTime, OfGeneration
from refapp.trusted.rules.pending import Happened
from refapp.trusted.server.refusals import Refusal
from refapp.trusted.storage.secret import Credentials, SessionMode, StoredSession, TokenPair, Trust


class InitialiseAsked(AtAnyTime, frozen=True):
    """The window is up (IN-3)."""


class StorageMissing(OfGeneration, frozen=True):
    """Secure storage can't be used now. What is stored is kept (RS-1, SS-13).

    ``profile``: who was signed in last, if something is stored (OW-5).
    """

    trouble: StorageState
    profile: Profile | None = None


class StorageReady(OfGeneration, frozen=True):
    """Secure storage can take tokens, so the sign-in may begin (SI-10).
    ``credentials`` None: it is not by password.

    ``before``: whose profile is kept.
    """

    credentials: Credentials | None
    before: Profile | None = None


class StoreUnreadable(OfGeneration, frozen=True):
    """Tokens were on file and can't be read any more; the file was set aside (SS-14)."""

    trouble: StorageState


class NothingStored(OfGeneration, frozen=True):
    """No tokens on file (RS-2).
    ``expired``: why the session that was held is over, if another copy has learned that (LY-3).
    """

    expired: str = ""


class SessionFound(OfGeneration, frozen=True):
    """Tokens on file, and the profile that was cached with them (RS-3)."""

    session: StoredSession
    profile: Profile | None


class StoreChanged(AtAnyTime, frozen=True):
    """Another copy of the app changed the token file (SO-8)."""


class Superseded(OfGeneration, frozen=True):
    """A sign-in, a sign-out or another copy of the app came in between: what a renewal heard counts
    for nothing (NM-2).
    """


class SignInAsked(AtAnyTime, frozen=True):
    """A person submitted the form."""

    credentials: Credentials


class SignInUnsuccessful(OfGeneration, frozen=True):
    """No session came of it; ``sentence`` says why (SI-3, SI-8, SI-9).
    ``pair``: one was opened that can't be used;
    ``refusal``: what the server has against these credentials, or this account (TF-4).
    """

    sentence: str
    pair: TokenPair | None = None
    refusal: Refusal | None = None


class Authenticated(OfGeneration, frozen=True):
    """The server opened a session (SI-1). ``accepted``: the person was asked whether to go on as
    ``profile`` (SI-18); ``trust``: the server will ask for no second factor here (TF-5).
    """

    profile: Profile
    session: StoredSession
    accepted: bool = False
    trust: Trust | None = None


class PairStored(OfGeneration, frozen=True):
    """The pair is encrypted and durable on disk (SI-1), in place of ``former`` if another copy of
    the app had stored that.
    """

    profile: Profile
    session: StoredSession
    former: TokenPair | None = None


class PairNotStored(OfGeneration, frozen=True):
    """The pair could not be stored (SI-4). ``former``: as in ``PairStored``, where the disk took
    the pair and did not confirm it.
    """

    sentence: str
    pair: TokenPair
    former: TokenPair | None = None


class SessionGood(OfGeneration, frozen=True):
    """The server said that the session is good, by a refresh or a session check (RS-5)."""

    profile: Profile | None
    mode: SessionMode


class SessionOver(OfGeneration, frozen=True):
    """The server said that the session is over,
    for the token that is still on file (RS-6, RF-4).
    """

    pair: TokenPair | None
    sentence: str


class ServerUnreachable(OfGeneration, frozen=True):
    """The server can't be reached, is in trouble, or what answered is not the server:
    can't tell (OF-2, OF-3).

    ``sentence`` ends with what was kept.
    ``after``: seconds that the server asked to wait, if it did (OF-7).
    """

    sentence: str
    after: float | None = None


class RenewedNotStored(OfGeneration, frozen=True):
    """A refreshed pair is held in memory, and the disk did not take it."""

    sentence: str


class RetryDue(OfGeneration, frozen=True):
    """The back-off ended (OF-5)."""


class TryAgainAsked(AtAnyTime, frozen=True):
    """A person asked for another try (OF-5, SS-13)."""


class SignOutAsked(AtAnyTime, frozen=True):
    """A person asked to sign out."""


class TokensForgotten(OfGeneration, frozen=True):
    """The store holds no token any more (SO-2). ``session``: what it held, as far as that is known.

    ``unread``: it may have held one that could not be read,
    because the keychain is locked for instance.
    """

    session: StoredSession | None = None
    unread: bool = False


class TokensNotForgotten(OfGeneration, frozen=True):
    """The token file could not be removed."""

    sentence: str


class ServerTold(OfGeneration, frozen=True):
    """The outcome of the best-effort revocation (SO-1)."""

    told: bool


class ServicesReset(OfGeneration, frozen=True):
    """Sync and assistant dropped what they held;
    ``restart`` if one could not while running (SO-4, SO-5).
    """

    restart: bool


class RestartAsked(AtAnyTime, frozen=True):
    """A person asked for the restart that a sign-out needs (SO-6)."""


class Dismissed(AtAnyTime, frozen=True):
    """A notice was read."""

    number: int


class Told(AtAnyTime, frozen=True):
    """Something beside the session that the person is to read. It changes nothing."""

    sentence: str


class SavedAfterAll(Told, frozen=True):
    """A renewed session that the disk had not taken is on file now (RF-3)."""


class WindowRenewed(Told, frozen=True):
    """A fresh window comes up in the place of one that ended: what there is to say of that (SB-7,
    NT-2).
    """


class NotClosed(Told, frozen=True):
    """The app was killed last time (NT-2)."""


class NotesHidden(Told, frozen=True):
    """Something that was written on this computer can't be shown (NT-3).
    It is said beside what is to be read already.
    """


class ClockOff(Told, frozen=True):
    """This computer's clock and the server's are far apart (RF-13)."""


class FilesLeft(Told, frozen=True):
    """An earlier version of the app kept something that nobody can be given (OW-7)."""


Event = (
    InitialiseAsked
    | StorageMissing
    | StorageReady
    | StoreUnreadable
    | NothingStored
    | SessionFound
    | StoreChanged
    | Superseded
    | SignInAsked
    | SignInUnsuccessful
    | Authenticated
    | PairStored
    | PairNotStored
    | SessionGood
    | SessionOver
    | ServerUnreachable
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
    | SavedAfterAll
    | WindowRenewed
    | NotClosed
    | NotesHidden
    | ClockOff
    | FilesLeft
    | Happened
)
