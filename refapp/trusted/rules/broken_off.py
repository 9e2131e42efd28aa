"""What an effect comes to if its work is cancelled: an event all the same, so that nobody waits for
one that never comes (NM-2).

Pure. The app itself cancels work only when it is closed, and then nobody waits any more. But a
cancellation may come out of anything that is awaited, and it is not an error, so no other place
would notice.
"""

from __future__ import annotations

from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.pending import PendingSaid, SecondFactorSaid, VerificationSent
from refapp.trusted.wording import session_words


def broken_off(effect: do.Effect) -> ev.Event | None:
    """The event in place of the one that ``effect`` would have led to;
    None: it leads to none, or is done at once.
    """
    match effect:
        case do.ReadStore(generation=generation):
            return ev.StorageMissing(
                generation,
                StorageState("timeout", "", session_words.BROKEN_OFF, session_words.TRY_AGAIN),
            )
        case do.CheckStorage() | do.Authenticate() | do.StartElsewhere() | do.ResumeDevice():
            return ev.SignInUnsuccessful(effect.generation, session_words.BROKEN_OFF_TRY_AGAIN)
        case do.OpenLink(generation=generation):
            return PendingSaid(generation, session_words.BROKEN_OFF_TRY_AGAIN)
        case do.AnswerSecondFactor(generation=generation) | do.SendCode(generation=generation):
            return SecondFactorSaid(generation, session_words.BROKEN_OFF_TRY_AGAIN)
        case do.SendVerification(generation=generation):
            return VerificationSent(generation, session_words.BROKEN_OFF_TRY_AGAIN, sent=False)
        case do.StorePair(generation=generation, session=session):
            return ev.PairNotStored(generation, session_words.BROKEN_OFF, session.pair)
        case do.CheckSession(generation=generation):
            return ev.ServerUnreachable(generation, session_words.BROKEN_OFF_SIGNED_IN)
        case do.ForgetTokens(generation=generation):
            return ev.TokensNotForgotten(generation, session_words.BROKEN_OFF)
        case do.RevokeHeld(generation=generation):
            return ev.ServerTold(generation, told=False)
        case do.ResetServices(generation=generation):
            return ev.ServicesReset(generation, restart=True)
        case _:
            return None
