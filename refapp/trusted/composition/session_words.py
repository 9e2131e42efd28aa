"""What a program is told of its session: how it is, and why no session came of a sign-in.
Values and sentences, no work.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from refapp.snapshot import PendingSignIn, Phase
from refapp.trusted.errors import RefappError
from refapp.trusted.files.profile import Profile
from refapp.trusted.rules.session_state import State
from refapp.trusted.wording import sign_in_words

NOT_NOW: Mapping[Phase, str] = {
    Phase.RESTORING: sign_in_words.NOT_RESTORED_YET,
    Phase.SIGNING_OUT: sign_in_words.SIGN_OUT_UNDER_WAY,
}


class SignInFailed(RefappError):
    """No session came of a sign-in; the sentence says why."""

    code = "sign_in"


def can_not_ask(_: PendingSignIn) -> None:
    """For a program that asks nobody for a second factor. Raises SignInFailed."""
    raise SignInFailed(sign_in_words.NO_SECOND_FACTOR, sign_in_words.USE_THE_BROWSER)


class Change(msgspec.Struct, frozen=True):
    """How the session is after a change.
    ``sentence`` says why, ``cure`` what to do about it; each may be empty.
    """

    phase: Phase
    profile: Profile | None
    sentence: str
    cure: str
    pending: PendingSignIn | None

    @classmethod
    def of(cls, state: State) -> Change:
        """What ``state`` is to a program."""
        trouble = state.trouble
        why = "" if state.pending else trouble.sentence if trouble else state.sentence
        sentence = state.form_error or why
        return cls(
            state.phase, state.profile, sentence, trouble.cure if trouble else "", state.pending
        )
