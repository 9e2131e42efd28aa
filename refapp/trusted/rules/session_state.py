"""What the session is at one moment, but for the tokens. Frozen: ``session.advance`` makes the next one."""

from __future__ import annotations

from typing import Literal

import msgspec

from refapp.snapshot import Phase, Way
from refapp.trusted.files.profile import Profile
from refapp.trusted.rules.events import Trouble
from refapp.trusted.rules.pending import Pending
from refapp.trusted.storage.secret import SessionMode

Kind = Literal["info", "warning", "error"]


class Said(msgspec.Struct, frozen=True):
    """A notice to be read once. ``number`` tells two equal sentences apart."""

    number: int
    kind: Kind
    text: str


class State(msgspec.Struct, frozen=True):
    """Everything that the session is, but for the tokens.

    ``expired`` outlives a failed sign-in (EX-1). ``before`` is the phase to return to when a sign-out fails, and UNAVAILABLE
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
    pending: Pending | None = None
    offer: Way | None = None
    sentence: str = ""
    trouble: Trouble | None = None
    mode: SessionMode = SessionMode.UNKNOWN
    attempt: int = 0
    asking: bool = False
    before: Phase | None = None
    said: Said | None = None
    said_count: int = 0
