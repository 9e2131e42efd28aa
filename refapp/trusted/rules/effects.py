"""What the session's rules ask the shell to do.
Plain data, in the imperative; ``auth_store`` performs them in order.

Each effect says which events it leads to. None of them decides anything.
"""

from __future__ import annotations

import msgspec

from refapp.snapshot import Way
from refapp.trusted.files.profile import Profile
from refapp.trusted.storage.secret import (
    Credentials,
    DeviceGrant,
    FactorCode,
    StoredSession,
    TokenPair,
    Trust,
)


class ReadStore(msgspec.Struct, frozen=True):
    """Look for stored tokens. -> StorageMissing,
    StoreUnreadable, NothingStored, SessionFound, PendingFound.

    ``again``: at another copy's change.
    Secure storage is not asked first (RS-1), for it is not needed to see that all is gone.
    """

    generation: int
    again: bool = False


class CheckStorage(msgspec.Struct, frozen=True):
    """Ask whether secure storage can take tokens. -> StorageReady, StorageMissing."""

    generation: int
    credentials: Credentials | None


class Authenticate(msgspec.Struct, frozen=True):
    """Send the credentials to the server.

    -> SecondFactorWanted, Authenticated, SignInUnsuccessful.
    """

    generation: int
    credentials: Credentials


class AnswerSecondFactor(msgspec.Struct, frozen=True):
    """Send the code of the second factor.

    -> SecondFactorSaid, Authenticated, SignInUnsuccessful.
    """

    generation: int
    code: FactorCode


class SendCode(msgspec.Struct, frozen=True):
    """Have such a code sent by e-mail. -> SecondFactorSaid, SignInUnsuccessful."""

    generation: int


class SendVerification(msgspec.Struct, frozen=True):
    """Have the message sent by which ``email`` is confirmed. -> VerificationSent."""

    generation: int
    email: str


class StartElsewhere(msgspec.Struct, frozen=True):
    """Get the link, and wait for the person. -> SignInPending,
    PendingSaid, Authenticated, SignInUnsuccessful.
    """

    generation: int
    way: Way


class ResumeDevice(msgspec.Struct, frozen=True):
    """Go on asking what became of a device sign-in.

    -> PendingSaid, Authenticated, SignInUnsuccessful.
    """

    generation: int
    grant: DeviceGrant


class OpenLink(msgspec.Struct, frozen=True):
    """Show the link in the person's browser. -> PendingSaid."""

    generation: int
    link: str


class TakeCode(msgspec.Struct, frozen=True):
    """Look at what was pasted. -> PendingSaid, or the browser sign-in goes on."""

    generation: int
    text: str

    def __repr__(self) -> str:
        """Never show the code."""
        return f"TakeCode(generation={self.generation}, text=…)"


class HoldBack(msgspec.Struct, frozen=True):
    """Keep what a sign-in brought in memory alone, until the person has said whether to go on
    (SI-18). No event.
    """

    generation: int
    profile: Profile
    session: StoredSession


class TakeUp(msgspec.Struct, frozen=True):
    """She goes on with what is held back. -> Authenticated."""


class StopWaiting(msgspec.Struct, frozen=True):
    """Close the way back from the browser, drop what stands for a password that was right, and give
    up what is held back.

    -> Authenticated, of a generation that is over.
    """


class ForgetPending(msgspec.Struct, frozen=True):
    """Remove the sealed device code. No event."""


class Hold(msgspec.Struct, frozen=True):
    """Use this session's pair from now on, and renew it before its end;
    None: use none any more. No event.
    """

    session: StoredSession | None


class StorePair(msgspec.Struct, frozen=True):
    """Encrypt the pair and make it durable, and ``trust`` with it,
    if there is one. -> PairStored, PairNotStored.
    """

    generation: int
    profile: Profile
    session: StoredSession
    trust: Trust | None = None


class CheckSession(msgspec.Struct, frozen=True):
    """Refresh, or check the session where the server has no refresh.

    -> SessionGood, SessionOver, ServerUnreachable, NothingStored, Superseded.
    """

    generation: int


class ForgetTokens(msgspec.Struct, frozen=True):
    """Remove the token file. -> TokensForgotten, TokensNotForgotten."""

    generation: int


class ForgetPair(msgspec.Struct, frozen=True):
    """Use this pair no more, and remove the token file if it still holds exactly it;
    another copy's newer pair stays.
    """

    pair: TokenPair


class RevokeHeld(msgspec.Struct, frozen=True):
    """Tell the server that the session in memory is over. -> ServerTold.

    ``found``: the session that was on file, in case that there is none in memory.
    ``unread``: there may have been one, and the server can't be told.
    """

    generation: int
    found: StoredSession | None = None
    unread: bool = False


class Revoke(msgspec.Struct, frozen=True):
    """Tell the server that this pair, which will never be used, is over. Best effort, no event."""

    pair: TokenPair


class RememberProfile(msgspec.Struct, frozen=True):
    """Cache the profile for the next start (SI-6)."""

    profile: Profile


class ForgetProfile(msgspec.Struct, frozen=True):
    """Clear the cached profile (SO-3)."""


class ResetServices(msgspec.Struct, frozen=True):
    """Sync and assistant drop what belongs to the session. -> ServicesReset."""

    generation: int


class ScheduleRetry(msgspec.Struct, frozen=True):
    """Check again later:
    back-off number ``attempt`` with jitter, not before ``after`` seconds. -> RetryDue.
    """

    generation: int
    attempt: int
    after: float | None


class CancelRetry(msgspec.Struct, frozen=True):
    """Drop the scheduled retry, if there is one."""


class KeepReason(msgspec.Struct, frozen=True):
    """Write one entry of "why was I signed out" (no secrets), about the session that is held.

    ``expired``: the server has ended it.
    """

    sentence: str
    expired: bool = False


class RestartApp(msgspec.Struct, frozen=True):
    """End the window and the services, and start fresh ones (SO-6)."""


OfPending = (
    Authenticate
    | AnswerSecondFactor
    | SendCode
    | SendVerification
    | StartElsewhere
    | ResumeDevice
    | OpenLink
    | TakeCode
    | HoldBack
    | TakeUp
    | StopWaiting
    | ForgetPending
)
"""What ``sign_in_work`` performs."""

OfSignOut = ForgetTokens | ForgetPair | RevokeHeld | Revoke | ResetServices
"""What ``sign_out_work`` performs."""

Effect = (
    ReadStore
    | CheckStorage
    | OfPending
    | Hold
    | StorePair
    | CheckSession
    | OfSignOut
    | RememberProfile
    | ForgetProfile
    | ScheduleRetry
    | CancelRetry
    | KeepReason
    | RestartApp
)
