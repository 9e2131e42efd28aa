"""What the session is at one moment, but for the tokens.
Frozen: ``session.advance`` makes the next one.
"""

from __future__ import annotations

import msgspec

from refapp.snapshot import Notice, PendingSignIn, Phase, Way
from refapp.trusted.files.profile import Profile
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.storage.secret import SessionMode


class State(msgspec.Struct, frozen=True):
    """Everything that the session is, but for the tokens.

    ``expired`` outlives a failed sign-in (EX-1). ``return_to`` is the phase to return to when a
    sign-out fails, and UNAVAILABLE while signing in past tokens that could not be read. ``user_id``
    is whose session it is, or was until its end is dealt with; empty while nobody is known.
    ``attempt`` counts the tries since the server last answered; ``asking`` says that one is under
    way. ``pending`` is there while signing in; ``offer`` is the way to try after one that came to
    nothing, ``unverified`` that the address of ``form_email`` is to be confirmed first. ``before``
    is who was here before the sign-in that is under way, as far as her profile is kept (SI-18).
    ``hidden`` is what was said of notes that can't be shown.
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
    before: Profile | None = None
    offer: Way | None = None
    unverified: bool = False
    sentence: str = ""
    trouble: StorageState | None = None
    mode: SessionMode = SessionMode.UNKNOWN
    attempt: int = 0
    asking: bool = False
    return_to: Phase | None = None
    said: Notice | None = None
    said_count: int = 0
    hidden: str = ""


_UNDECIDED = frozenset({Phase.SIGNING_IN, Phase.SIGNING_OUT, Phase.AWAITING_RESTART})


def person(state: State) -> str | None:
    """Whose a window may be from now on: her user id, "" for nobody's;
    None while that is not settled (SB-8).

    While signing in or out it is not, nor before the store was read.
    After a sign-out that needs a restart, the person starts the fresh window (SO-6).
    """
    unread = state.phase is Phase.RESTORING and not state.user_id
    return None if unread or state.phase in _UNDECIDED else state.user_id


def unread(state: State) -> str:
    """What is said of notes that can't be shown, as long as nobody has dismissed it: that a session
    has expired does not take its place (NT-3).
    """
    said = state.said is not None and state.hidden in state.said.text
    return state.hidden if said else ""
