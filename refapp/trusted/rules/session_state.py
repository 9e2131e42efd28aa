"""What the session is at one moment, but for the tokens. Frozen: ``session.advance`` makes the next one."""

from __future__ import annotations

import msgspec

from refapp.snapshot import Notice, PendingSignIn, Phase, Way
from refapp.trusted.files.profile import Profile
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.storage.secret import SessionMode


class State(msgspec.Struct, frozen=True):
    """Everything that the session is, but for the tokens.

    ``expired`` outlives a failed sign-in (EX-1). ``return_to`` is the phase to return to when a sign-out fails, and UNAVAILABLE
    while signing in past tokens that could not be read. ``user_id`` is whose session it is, or was until its end is dealt with;
    empty while nobody is known. ``attempt`` counts the tries since the server last answered; ``asking`` says that one is under
    way. ``pending`` is there while signing in; ``offer`` is the way to try after one that came to nothing.
    """

    phase: Phase = Phase.RESTORING
    generation: int = 0
    started: bool = False
    user_id: str = ""
    profile: Profile | None = None
    expired: bool = False
    form_email: str = ""
    form_error: str = ""
    form_wrong: bool = False
    pending: PendingSignIn | None = None
    offer: Way | None = None
    sentence: str = ""
    trouble: StorageState | None = None
    mode: SessionMode = SessionMode.UNKNOWN
    attempt: int = 0
    asking: bool = False
    return_to: Phase | None = None
    said: Notice | None = None
    said_count: int = 0
