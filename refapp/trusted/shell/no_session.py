"""Why a call has no session to go with, as its error: decided by the session's state alone."""

from __future__ import annotations

from refapp.trusted.errors import CallError, NoAccessToken, SessionExpired
from refapp.trusted.rules.session_state import State


def no_session(state: State) -> CallError:
    """The server ended it (RF-4), secure storage can't be used (SS-4,
    SS-13), or nobody is signed in (RF-5).
    """
    if state.expired:
        return SessionExpired()
    if state.trouble is not None:
        return NoAccessToken(state.trouble.sentence, state.trouble.cure)
    return NoAccessToken()
