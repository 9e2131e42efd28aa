"""What an effect comes to if its work is cancelled: an event all the same, so that nobody waits for one that never comes (NM-2).

Pure. The app itself cancels work only when it is closed, and then nobody waits any more. But a cancellation may come out of
anything that is awaited, and it is not an error, so no other place would notice.
"""

from __future__ import annotations

from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.pending import PendingSaid, SecondFactorSaid, VerificationSent

SENTENCE = "The app broke this off."
KEPT = f"{SENTENCE} You stay signed in."
CURE = "Try again."


def broken_off(effect: do.Effect) -> ev.Event | None:
    """The event in place of the one that ``effect`` would have led to; None: it leads to none, or is done at once."""
    match effect:
        case do.ReadStore(generation=generation):
            return ev.StorageMissing(generation, StorageState("timeout", "", SENTENCE, CURE))
        case do.CheckStorage() | do.Authenticate() | do.SignInElsewhere() | do.ResumeDevice():
            return ev.SignInFailed(effect.generation, f"{SENTENCE} {CURE}")
        case do.OpenLink(generation=generation):
            return PendingSaid(generation, f"{SENTENCE} {CURE}")
        case do.AnswerSecondFactor(generation=generation) | do.SendCode(generation=generation):
            return SecondFactorSaid(generation, f"{SENTENCE} {CURE}")
        case do.SendVerification(generation=generation):
            return VerificationSent(generation, f"{SENTENCE} {CURE}", sent=False)
        case do.StorePair(generation=generation, session=session):
            return ev.PairNotStored(generation, SENTENCE, session.pair)
        case do.Validate(generation=generation):
            return ev.Unreachable(generation, KEPT)
        case do.ForgetTokens(generation=generation):
            return ev.TokensNotForgotten(generation, SENTENCE)
        case do.RevokeHeld(generation=generation):
            return ev.ServerTold(generation, told=False)
        case do.ResetServices(generation=generation):
            return ev.ServicesReset(generation, restart=True)
        case _:
            return None
