"""What the session's rules ask the shell to do. Plain data, in the imperative; ``auth_store`` performs them in order.

Each effect says which events it leads to. None of them decides anything.
"""

from __future__ import annotations

import dataclasses

from refapp.trusted.events import Credentials
from refapp.trusted.profile import Profile
from refapp.trusted.secret import StoredSession, TokenPair


@dataclasses.dataclass(frozen=True, slots=True)
class ReadStore:
    """Look for stored tokens. -> StorageMissing, StoreUnreadable, NothingStored, SessionFound."""

    generation: int


@dataclasses.dataclass(frozen=True, slots=True)
class CheckStorage:
    """Ask whether secure storage can take tokens. -> StorageReady, StorageMissing."""

    generation: int
    credentials: Credentials


@dataclasses.dataclass(frozen=True, slots=True)
class Authenticate:
    """Send the credentials to the server. -> Authenticated, SignInFailed."""

    generation: int
    credentials: Credentials


@dataclasses.dataclass(frozen=True, slots=True)
class StorePair:
    """Encrypt the pair and make it durable. -> PairStored, PairNotStored."""

    generation: int
    profile: Profile
    session: StoredSession


@dataclasses.dataclass(frozen=True, slots=True)
class Validate:
    """Refresh, or check the session where the server has no refresh. -> Confirmed, Refused, Unreachable, NothingStored."""

    generation: int


@dataclasses.dataclass(frozen=True, slots=True)
class ForgetTokens:
    """Remove the token file. -> TokensForgotten, TokensNotForgotten."""

    generation: int


@dataclasses.dataclass(frozen=True, slots=True)
class ForgetPair:
    """Remove the token file if it still holds exactly this pair; another copy's newer pair stays."""

    pair: TokenPair


@dataclasses.dataclass(frozen=True, slots=True)
class RevokeHeld:
    """Tell the server that the session in memory is over, and drop it from memory. -> ServerTold."""

    generation: int


@dataclasses.dataclass(frozen=True, slots=True)
class Revoke:
    """Tell the server that this pair, which will never be used, is over. Best effort, no event."""

    pair: TokenPair


@dataclasses.dataclass(frozen=True, slots=True)
class RememberProfile:
    """Cache the profile for the next start (SI-6)."""

    profile: Profile


@dataclasses.dataclass(frozen=True, slots=True)
class ForgetProfile:
    """Clear the cached profile (SO-3)."""


@dataclasses.dataclass(frozen=True, slots=True)
class ResetServices:
    """Sync and assistant drop what belongs to the session. -> ServicesReset."""

    generation: int


@dataclasses.dataclass(frozen=True, slots=True)
class ScheduleRetry:
    """Validate again later: back-off number ``attempt`` with jitter, not before ``after`` seconds. -> RetryDue."""

    generation: int
    attempt: int
    after: float | None


@dataclasses.dataclass(frozen=True, slots=True)
class CancelRetry:
    """Drop the scheduled retry, if there is one."""


@dataclasses.dataclass(frozen=True, slots=True)
class KeepReason:
    """Write one entry of "why was I signed out" (no secrets)."""

    sentence: str


@dataclasses.dataclass(frozen=True, slots=True)
class RestartApp:
    """End the window and the services, and start fresh ones (SO-6)."""


Effect = (
    ReadStore
    | CheckStorage
    | Authenticate
    | StorePair
    | Validate
    | ForgetTokens
    | ForgetPair
    | RevokeHeld
    | Revoke
    | RememberProfile
    | ForgetProfile
    | ResetServices
    | ScheduleRetry
    | CancelRetry
    | KeepReason
    | RestartApp
)
