"""The rules of a sign-out: the tokens go first, then what belongs to the person, then the window
says so. Pure, as ``session``.

Owns from where one may sign out, and the way back where the tokens could not be forgotten (SO-2).
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from refapp.snapshot import WITH_SESSION, Phase
from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.session_state import State
from refapp.trusted.rules.signing_in import Step, say
from refapp.trusted.wording import sign_out_words

SIGN_OUT_FROM = WITH_SESSION | {Phase.EXPIRED, Phase.UNAVAILABLE}

OfSignOut = (
    ev.SignOutAsked | ev.TokensForgotten | ev.TokensNotForgotten | ev.ServicesReset | ev.ServerTold
)


def on_sign_out(state: State, event: OfSignOut) -> Step:
    """What follows: the tokens go first, and what is shown after them."""
    match event:
        case ev.SignOutAsked():
            if state.phase not in SIGN_OUT_FROM:
                return state, ()
            leaving = replace(state, phase=Phase.SIGNING_OUT, return_to=state.phase)
            return leaving, (do.ForgetTokens(state.generation),)
        case ev.TokensForgotten(session=session, unread=unread):
            if state.phase is not Phase.SIGNING_OUT:
                return state, ()
            gone = signed_out(state)
            revoke = (do.RevokeHeld(gone.generation, session, unread), do.Hold(None))
            return gone, (
                do.CancelRetry(),
                do.ForgetProfile(),
                do.ResetServices(gone.generation),
                *revoke,
            )
        case ev.TokensNotForgotten(sentence=sentence):
            if state.phase is not Phase.SIGNING_OUT:
                return state, ()
            back = replace(state, phase=state.return_to or Phase.SIGNED_IN, return_to=None)
            return say(back, "error", sign_out_words.not_signed_out(sentence)), _go_on(back)
        case ev.ServicesReset(restart=restart):
            if state.phase is not Phase.SIGNING_OUT:
                return state, ()
            out = Phase.AWAITING_RESTART if restart else Phase.SIGNED_OUT
            clean = State(
                phase=out,
                generation=state.generation,
                started=True,
                sentence=state.sentence,
                said=state.said,
                said_count=state.said_count,
            )
            return clean, ()
        case ev.ServerTold(told=told):
            return (state if told else say(state, "warning", sign_out_words.SERVER_NOT_TOLD)), ()
        case _:
            assert_never(event)


def signed_out(state: State) -> State:
    """The tokens are gone, and what is under way for them comes too late;
    the rest of the sign-out follows.
    """
    return replace(
        state,
        phase=Phase.SIGNING_OUT,
        generation=state.generation + 1,
        return_to=None,
        sentence="",
        asking=False,
    )


def _go_on(back: State) -> tuple[do.Effect, ...]:
    """What was waited for when a sign-out began, asked again: its answer may have come, and counted
    for nothing, meanwhile.
    """
    if back.phase in {Phase.RESTORING, Phase.UNAVAILABLE}:
        return (do.ReadStore(back.generation),)
    if back.phase is Phase.OFFLINE and back.asking:
        return (do.CheckSession(back.generation),)
    return ()
