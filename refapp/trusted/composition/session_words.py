"""What a program is told of its session: how it is, and why no session came of a sign-in. Values and sentences, no work."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from refapp.snapshot import PendingSignIn, Phase
from refapp.trusted.errors import RefappError
from refapp.trusted.files.profile import Profile
from refapp.trusted.rules.session_state import State

ALREADY = "Somebody is signed in already."
NOT_NOW: Mapping[Phase, str] = {
    Phase.RESTORING: "The stored session has not been restored yet.",
    Phase.SIGNING_OUT: "A sign-out is under way.",
}
NEEDS_CODE = "The account wants a second factor, and the program asks for none. Nothing was stored."
GIVEN_UP = "The sign-in was given up."


class SignInFailed(RefappError):
    """No session came of a sign-in; the sentence says why."""

    code = "sign_in"


class Change(msgspec.Struct, frozen=True):
    """How the session is after a change. ``sentence`` says why, ``cure`` what to do about it; each may be empty."""

    phase: Phase
    profile: Profile | None
    sentence: str
    cure: str
    pending: PendingSignIn | None

    @classmethod
    def of(cls, state: State) -> Change:
        """What ``state`` is to a program."""
        trouble = state.trouble
        sentence = state.form_error or state.sentence or (trouble.sentence if trouble else "")
        return cls(state.phase, state.profile, sentence, trouble.cure if trouble else "", state.pending)


def no_second_factor(_: PendingSignIn) -> None:
    """What a program that asks for no codes says to the question for one. Raises SignInFailed."""
    raise SignInFailed(NEEDS_CODE)
