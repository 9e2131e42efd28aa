"""The rules of the session: ``advance(state, event) -> (state, effects)``.
Pure: no I/O, no clock, no randomness.

Rules of this file
- Everything that changes the session lives here, in ``signing_in`` how one begins and in
  ``signing_out`` how one is given up; nothing here performs anything. ``auth_store`` is the shell.
- Offline and refused are two events, so no status is mistaken for the other (OF-1, OF-2).
- A sign-in that begins or is cancelled and the end of a session bump the generation, another copy's
  too; an expiry does not. An event of an older generation changes nothing; a session that it
  brought is revoked (RF-10, SO-7). A sign-out bumps it, but only once the tokens are gone.
- Stored tokens are forgotten only if the person signed out, the server refused them, they can't be
  renewed (RF-7), or the sign-in that brought them failed or was overtaken.
- What is shown never runs ahead of the store, neither a session (SI-1) nor its end (SO-2).
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from refapp.snapshot import WITH_SESSION, Phase
from refapp.trusted.rules import effects as do, events as ev, pending
from refapp.trusted.rules.generation import OfGeneration
from refapp.trusted.rules.session_state import State, unread
from refapp.trusted.rules.signing_in import (
    OfSignIn,
    Step,
    on_pending,
    on_sign_in,
    say,
    signed_in,
    told,
)
from refapp.trusted.rules.signing_out import OfSignOut, on_sign_out, signed_out
from refapp.trusted.storage.secret import StoredSession
from refapp.trusted.wording import session_words


def advance(state: State, event: ev.Event) -> Step:
    """What follows from ``event``: the next state, and what to do about it, in order."""
    if isinstance(event, OfGeneration) and event.generation != state.generation:
        return state, _too_late(event)
    if isinstance(event, OfSignIn):
        return on_sign_in(state, event)
    if isinstance(event, OfSignOut):
        return on_sign_out(state, event)
    if isinstance(event, pending.PendingFound) and _has_session(state):
        return _nothing_stored(state, event.expired)  # a code waits where a session was
    if isinstance(event, pending.Happened):
        return on_pending(state, event)
    match event:
        case ev.InitialiseAsked():
            return _on_initialise(state)
        case ev.StorageMissing() | ev.StoreUnreadable() | ev.NothingStored() | ev.SessionFound():
            return _on_store(state, event)
        case ev.StoreChanged():
            look = do.ReadStore(state.generation, again=state.phase is not Phase.UNAVAILABLE)
            return state, (look,) if state.phase is not Phase.RESTORING and looks(state) else ()
        case ev.Superseded():
            return _on_superseded(state)
        case ev.SessionGood() | ev.SessionOver() | ev.ServerUnreachable() | ev.RenewedNotStored():
            return _on_verdict(state, event)
        case ev.RetryDue() | ev.TryAgainAsked():
            return _on_try_again(state, event)
        case ev.RestartAsked():
            if state.phase is not Phase.AWAITING_RESTART:
                return state, ()
            afresh = State(generation=state.generation, said_count=state.said_count)
            return afresh, (do.RestartApp(),)
        case ev.Dismissed():
            if state.said and state.said.number == event.number:
                state = replace(state, said=None)
            return state, ()
        case ev.Told():
            return told(state, event), ()
        case _:
            assert_never(event)


_LOOKS = WITH_SESSION | {Phase.SIGNED_OUT, Phase.EXPIRED, Phase.UNAVAILABLE}


def looks(state: State) -> bool:
    """Whether what is in the store counts now: elsewhere it is being changed."""
    return state.phase in _LOOKS or _waits(state)


def _has_session(state: State) -> bool:
    """Whether a session is shown, which is not so before the store was read for the first time."""
    unread = state.phase is Phase.RESTORING and (
        state.expired or state.profile is None or not state.asking
    )
    return state.phase in WITH_SESSION and not unread


def _waits(state: State) -> bool:
    """Whether it is the person's turn, to sign in at a page or to enter a code."""
    return state.pending is not None and (
        bool(state.pending.link) or state.pending.second_factor is not None
    )


def _too_late(event: ev.Event) -> tuple[do.Effect, ...]:
    match event:
        case ev.SignInUnsuccessful(pair=pair):
            return () if pair is None else (do.Revoke(pair),)
        case ev.Authenticated(session=session):
            return (do.Revoke(session.pair),)
        case (
            ev.PairStored(session=StoredSession(pair=pair), former=former)
            | ev.PairNotStored(pair=pair, former=former)
        ):
            return do.ForgetPair(pair), do.Revoke(pair), *([do.Revoke(former)] if former else [])
        case _:
            return ()


def _on_initialise(state: State) -> Step:
    if state.started:
        return state, ()
    return replace(state, started=True, phase=Phase.RESTORING), (do.ReadStore(state.generation),)


_OfStore = ev.StorageMissing | ev.StoreUnreadable | ev.NothingStored | ev.SessionFound


def _on_store(state: State, event: _OfStore) -> Step:
    match event:
        case ev.StorageMissing(trouble=trouble, profile=profile):
            if state.phase is Phase.SIGNING_IN and not _waits(state):
                failed = replace(
                    state,
                    phase=Phase.UNAVAILABLE,
                    trouble=trouble,
                    form_error=trouble.sentence,
                    pending=None,
                )
                return failed, ()
            if state.phase in {Phase.RESTORING, Phase.UNAVAILABLE}:
                last = profile or state.profile
                whose = last.id if last else state.user_id
                # Another name than before: what was begun for the former one comes too late (OW-1).
                known = replace(
                    state, generation=state.generation + (state.user_id not in {"", whose})
                )
                return replace(
                    known, phase=Phase.UNAVAILABLE, user_id=whose, profile=last, trouble=trouble
                ), ()
            return state, ()
        case ev.StoreUnreadable(trouble=trouble):
            if state.phase not in {Phase.RESTORING, Phase.SIGNED_OUT, Phase.UNAVAILABLE}:
                return state, ()  # a session that runs goes on from memory
            there = replace(_without_session(state), trouble=trouble)
            said = say(there, "error", f"{trouble.sentence} {trouble.cure}")
            return said, (do.Hold(None), do.KeepReason(trouble.sentence))
        case ev.NothingStored(expired=expired):
            return _nothing_stored(state, expired)
        case ev.SessionFound():
            return _session_found(state, event)
        case _:
            assert_never(event)


def _without_session(state: State) -> State:
    """Nothing on file to go on with: after an expiry no news, name and notes stay (EX-1)."""
    if state.phase is Phase.UNAVAILABLE:
        state = replace(state, form_error="", form_wrong=False)  # what kept the store from view
    if state.expired:
        return replace(state, phase=Phase.EXPIRED, trouble=None)
    return replace(state, phase=Phase.SIGNED_OUT, user_id="", profile=None, trouble=None)


def _nothing_stored(state: State, expired: str) -> Step:
    if state.phase in {Phase.RESTORING, Phase.UNAVAILABLE} and not _has_session(state):
        return _without_session(state), (do.Hold(None),)
    if state.phase in WITH_SESSION and expired:
        # Another copy of the app has heard the server's no, and cleared the tokens: it is this
        # copy's expiry too (LY-3).
        kept = do.KeepReason(expired, expired=True)
        return _expired(state, expired), (kept, do.Hold(None), do.CancelRetry())
    if state.phase in WITH_SESSION:
        why = session_words.SIGNED_OUT_ELSEWHERE
        said = say(replace(signed_out(state), sentence=why), "info", why)
        gone = (
            do.CancelRetry(),
            do.ForgetProfile(),
            do.ResetServices(said.generation),
            do.KeepReason(why),
            do.Hold(None),
        )
        return said, gone
    return replace(state, trouble=None), ()


def _session_found(state: State, event: ev.SessionFound) -> Step:
    whose = event.session.user_id
    same = whose == state.user_id != ""
    if not looks(state):
        return state, ()
    if state.phase is Phase.SIGNED_IN and same:
        return state, (do.Hold(event.session),)  # the newer pair of another copy
    if state.phase is Phase.OFFLINE and same:
        # Another copy of the app may have reached the server.
        # That is a reason to ask it, and no answer (NM-6).
        ask = () if state.asking else (do.CancelRetry(), do.CheckSession(state.generation))
        return replace(state, asking=True), ask
    # Another session or person than before: answers for the old one come too late (OW-1).
    same_round = state.phase in {Phase.RESTORING, Phase.UNAVAILABLE} and same
    generation = state.generation if same_round else state.generation + 1
    restoring = replace(
        state,
        phase=Phase.RESTORING,
        generation=generation,
        user_id=whose,
        profile=event.profile,
        mode=event.session.mode,
        expired=False,
        trouble=None,
        form_email="",
        form_error="",
        form_wrong=False,
        sentence="",
        pending=None,
        before=None,
        offer=None,
        unverified=False,
        return_to=None,
        asking=True,
    )
    stop = (do.StopWaiting(),) if _waits(state) else ()
    return restoring, (do.Hold(event.session), do.CancelRetry(), *stop, do.CheckSession(generation))


def _on_superseded(state: State) -> Step:
    if state.phase not in WITH_SESSION:
        return state, ()
    look = do.ReadStore(state.generation, again=True)
    if state.phase is not Phase.OFFLINE:
        return state, (look,)
    waiting, retry = _offline(state, state.sentence)  # for the look may come to nothing
    return waiting, (*retry, look)


_OfVerdict = ev.SessionGood | ev.SessionOver | ev.ServerUnreachable | ev.RenewedNotStored


def _on_verdict(state: State, event: _OfVerdict) -> Step:
    if state.phase not in WITH_SESSION:
        return state, ()
    match event:
        case ev.SessionGood(profile=None, mode=mode) if state.profile is None:
            return _offline(replace(state, mode=mode), session_words.NOT_SAID_WHOSE)
        case ev.SessionGood(profile=profile, mode=mode):
            if profile is not None and profile.id != state.user_id:
                # Whose session it is was not known yet, or not truly: what was begun before is
                # nobody's now (OW-1).
                state = replace(state, generation=state.generation + 1)
            return signed_in(replace(state, mode=mode), profile)
        case ev.SessionOver(pair=pair, sentence=sentence):
            # First the reason: another copy of the app that misses the tokens looks for it (LY-3).
            forget = () if pair is None else (do.ForgetPair(pair),)
            return _expired(state, sentence), (
                do.KeepReason(sentence, expired=True),
                do.CancelRetry(),
                *forget,
            )
        case ev.ServerUnreachable(sentence=sentence, after=after):
            if state.phase is Phase.OFFLINE and not state.asking:
                return state, ()
            return _offline(state, sentence, after)
        case ev.RenewedNotStored(sentence=sentence):
            return say(state, "warning", sentence), ()
        case _:
            assert_never(event)


def _expired(state: State, why: str) -> State:
    expired = replace(
        state, phase=Phase.EXPIRED, expired=True, sentence=why, asking=False, attempt=0
    )
    return say(expired, "warning", f"{session_words.EXPIRED} {unread(state)}".strip())


def _offline(state: State, sentence: str, after: float | None = None) -> Step:
    offline = replace(
        state, phase=Phase.OFFLINE, sentence=sentence, asking=False, attempt=state.attempt + 1
    )
    return offline, (do.ScheduleRetry(state.generation, offline.attempt, after),)


def _on_try_again(state: State, event: ev.RetryDue | ev.TryAgainAsked) -> Step:
    if state.phase is Phase.UNAVAILABLE and isinstance(event, ev.TryAgainAsked):
        again = replace(state, phase=Phase.RESTORING, form_error="", form_wrong=False, trouble=None)
        return again, (do.ReadStore(state.generation),)
    if state.phase is Phase.OFFLINE and not state.asking:
        return replace(state, asking=True), (do.CancelRetry(), do.CheckSession(state.generation))
    if state.phase is Phase.SIGNING_OUT and state.return_to is Phase.OFFLINE:
        return replace(state, asking=True), ()  # done if the sign-out fails
    return state, ()
