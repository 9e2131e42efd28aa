"""The session's state diagram, drawn from the rules themselves:
``refapp states`` prints it as Mermaid.

Owns one example of every event; asks ``advance`` what each does in each phase, and writes down the
changes of phase. Nothing is listed by hand, so the picture can't differ from the code. Answers that
come too late change nothing and are not drawn.
"""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from refapp.snapshot import Factor, PendingSignIn, Phase, SecondFactor, Way
from refapp.trusted.files.profile import Profile
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.rules import events as ev, pending as pn
from refapp.trusted.rules.session import advance
from refapp.trusted.rules.session_state import State
from refapp.trusted.rules.signing_out import SIGN_OUT_FROM
from refapp.trusted.storage.secret import (
    Credentials,
    DeviceGrant,
    FactorCode,
    SessionMode,
    StoredSession,
    TokenPair,
)

PROFILE = Profile("1", "Ada", "ada@example.com")
PAIR = TokenPair("", "")
TYPED = Credentials("ada@example.com", "")
PENDING = PendingSignIn(Way.DEVICE, "https://auth.example.com/device", "WDJB-MJHT")
WANTED = SecondFactor([Factor.AUTHENTICATOR, Factor.MAIL])
TROUBLE = StorageState("locked")


def examples() -> tuple[ev.Event, ...]:
    """One of every event, of generation 0."""
    session = StoredSession(PAIR, PROFILE.id)
    return (
        ev.InitialiseAsked(),
        ev.StorageMissing(0, TROUBLE),
        ev.StorageReady(0, TYPED),
        ev.StoreUnreadable(0, TROUBLE),
        ev.NothingStored(0),
        ev.NothingStored(0, "Expired."),
        ev.SessionFound(0, session, PROFILE),
        ev.StoreChanged(),
        ev.SignInAsked(TYPED),
        ev.SignInUnsuccessful(0, ""),
        ev.Authenticated(0, PROFILE, session),
        ev.PairStored(0, PROFILE, session),
        ev.PairNotStored(0, "", PAIR),
        ev.SessionGood(0, PROFILE, SessionMode.SLIDING),
        ev.SessionOver(0, PAIR, ""),
        ev.ServerUnreachable(0, ""),
        ev.RenewedNotStored(0, ""),
        ev.RetryDue(0),
        ev.TryAgainAsked(),
        ev.SignOutAsked(),
        ev.TokensForgotten(0),
        ev.TokensNotForgotten(0, ""),
        ev.ServerTold(0, told=True),
        ev.ServicesReset(0, restart=False),
        ev.ServicesReset(0, restart=True),
        ev.RestartAsked(),
        ev.Dismissed(0),
        ev.SavedAfterAll(""),
        ev.WindowRenewed(""),
        ev.NotClosed(""),
        ev.NotesHidden(""),
        ev.ClockOff(""),
        ev.FilesLeft(""),
        pn.SignInElsewhereAsked(Way.DEVICE),
        pn.SignInPending(0, PENDING),
        pn.PendingFound(0, DeviceGrant("", "", "", 0.0, 0.0)),
        pn.PendingSaid(0, ""),
        pn.CodePasted(""),
        pn.SecondFactorWanted(0, WANTED, 900.0),
        pn.CodeEntered(FactorCode(Factor.AUTHENTICATOR, "secret-code", trust=False)),
        pn.CodeWanted(),
        pn.SecondFactorSaid(0, "Wrong."),
        pn.VerificationWanted(),
        pn.VerificationSent(0, "Sent.", sent=True),
        pn.LinkAsked(),
        pn.SignInAccepted(),
        pn.SignInCancelled(),
    )


def mermaid() -> str:
    """The diagram as Mermaid's ``stateDiagram-v2``."""
    lines = ["stateDiagram-v2", f"    [*] --> {State().phase.value}"]
    for (here, there), names in sorted(arrows().items()):
        lines.append(f"    {here} --> {there}: {', '.join(sorted(names))}")
    return "\n".join(lines) + "\n"


def arrows() -> dict[tuple[str, str], set[str]]:
    """(phase, the phase after it) -> the names of the events that lead there."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for phase in Phase:
        for state in _states(phase):
            for event in examples():
                after, _ = advance(state, event)
                if after.phase is not phase:
                    found[phase.value, after.phase.value].add(type(event).__name__)
    return found


def _states(phase: Phase) -> list[State]:
    """A phase can be reached with and without a person, and in the middle of an expiry."""
    with_person = State(
        phase=phase,
        started=True,
        user_id=PROFILE.id,
        profile=PROFILE,
        asking=True,
        return_to=Phase.SIGNED_IN,
    )
    expired = State(
        phase=phase,
        started=True,
        user_id=PROFILE.id,
        profile=PROFILE,
        expired=True,
        return_to=Phase.EXPIRED,
    )
    nobody = State(phase=phase, started=True, return_to=Phase.UNAVAILABLE)
    by_password = replace(with_person, pending=PendingSignIn(Way.PASSWORD))
    return {
        Phase.RESTORING: [with_person, expired, nobody],
        Phase.SIGNING_IN: [replace(one, pending=PENDING) for one in (with_person, expired, nobody)]
        + [by_password],
        Phase.SIGNING_OUT: [replace(with_person, return_to=before) for before in SIGN_OUT_FROM],
        Phase.EXPIRED: [expired],
        Phase.SIGNED_OUT: [nobody],
        Phase.AWAITING_RESTART: [nobody],
    }.get(phase, [with_person])
