"""The session's rules, without any I/O: every event in every phase, and the orders that matter."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest
from msgspec.structs import replace

from refapp.snapshot import Factor, PendingSignIn, Phase, SecondFactor, User, Way
from refapp.trusted.files.profile import Profile
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.rules import effects as do, events as ev, pending as pn
from refapp.trusted.rules.session import advance
from refapp.trusted.rules.session_state import State
from refapp.trusted.storage.secret import (
    Credentials,
    DeviceGrant,
    FactorCode,
    SessionMode,
    StoredSession,
    TokenPair,
)
from refapp.trusted.wording import session_words

ADA = Profile("u1", "Ada Lovelace", "ada@example.com")
BOB = Profile("u2", "Bob", "bob@example.com")
PAIR = TokenPair("secret-access", "secret-refresh")
SESSION = StoredSession(PAIR, ADA.id)
TYPED = Credentials("ada@example.com", "secret-password")
GRANT = DeviceGrant(
    "secret-device", "WDJB-MJHT", "https://auth.example.com/device", 5.0, 2_000_000_000.0
)
TROUBLE = StorageState("locked", "", "Locked.", "Unlock it.")
G = 7
WANTED = SecondFactor([Factor.AUTHENTICATOR, Factor.MAIL])


def every_event(g: int) -> list[ev.Event]:
    return [
        ev.InitialiseAsked(),
        ev.StorageMissing(g, TROUBLE),
        ev.StorageReady(g, TYPED),
        ev.StoreUnreadable(g, TROUBLE),
        ev.NothingStored(g),
        ev.SessionFound(g, SESSION, ADA),
        ev.StoreChanged(),
        ev.Superseded(g),
        ev.SignInAsked(TYPED),
        ev.SignInUnsuccessful(g, "No."),
        ev.Authenticated(g, ADA, SESSION),
        ev.PairStored(g, ADA, SESSION),
        ev.PairNotStored(g, "Full.", PAIR),
        ev.SessionGood(g, ADA, SessionMode.SLIDING),
        ev.SessionOver(g, PAIR, "Over."),
        ev.ServerUnreachable(g, "Gone."),
        ev.RenewedNotStored(g, "Full."),
        ev.RetryDue(g),
        ev.TryAgainAsked(),
        ev.SignOutAsked(),
        ev.TokensForgotten(g),
        ev.TokensNotForgotten(g, "Full."),
        ev.ServerTold(g, told=False),
        ev.ServicesReset(g, restart=True),
        ev.RestartAsked(),
        ev.Dismissed(1),
        ev.SavedAfterAll("Now."),
        ev.WindowRenewed("Again."),
        ev.NotClosed("It was killed."),
        ev.NotesHidden("One can't be read."),
        ev.ClockOff("Off."),
        ev.FilesLeft("They are kept."),
        pn.SignInElsewhereAsked(Way.BROWSER),
        pn.SignInElsewhereAsked(Way.DEVICE),
        pn.SignInPending(
            g, PendingSignIn(Way.DEVICE, "https://auth.example.com/device", "WDJB-MJHT")
        ),
        pn.PendingFound(g, GRANT),
        pn.PendingSaid(g, "Offline."),
        pn.CodePasted("secret-code"),
        pn.SecondFactorWanted(g, WANTED, 900.0),
        pn.CodeEntered(FactorCode(Factor.AUTHENTICATOR, "secret-code", trust=False)),
        pn.CodeWanted(),
        pn.SecondFactorSaid(g, "Wrong."),
        pn.VerificationWanted(),
        pn.VerificationSent(g, "Sent.", sent=True),
        pn.LinkAsked(),
        pn.SignInAccepted(),
        pn.SignInCancelled(),
    ]


def name(value: Phase | ev.Event) -> str:
    """What a test is called by.
    No sentences: pytest escapes their dots, once more in each run, and mutmut runs it often.
    """
    return value.name if isinstance(value, Phase) else type(value).__name__


def in_phase(phase: Phase) -> State:
    with_user = phase not in {Phase.SIGNED_OUT, Phase.AWAITING_RESTART}
    return State(
        phase=phase,
        generation=G,
        started=True,
        profile=ADA if with_user else None,
        expired=phase is Phase.EXPIRED,
        return_to=Phase.SIGNED_IN if phase is Phase.SIGNING_OUT else None,
        pending=PendingSignIn(Way.BROWSER, "https://auth.example.com/sign-in")
        if phase is Phase.SIGNING_IN
        else None,
    )


def run(state: State, *events: ev.Event) -> tuple[State, list[do.Effect]]:
    done: list[do.Effect] = []
    for event in events:
        state, effects = advance(state, event)
        done += effects
    return state, done


def kinds(effects: list[do.Effect]) -> list[type]:
    return [type(effect) for effect in effects]


def test_the_list_of_events_is_whole() -> None:
    assert {type(e) for e in every_event(G)} == set(get_args(ev.Event))


@pytest.mark.parametrize(
    ("phase", "event"), list(itertools.product(Phase, every_event(G))), ids=name
)
def test_every_event_in_every_phase_has_an_answer_that_keeps_the_invariants(
    phase: Phase, event: ev.Event
) -> None:
    before = in_phase(phase)
    after, effects = advance(before, event)
    forgets = any(isinstance(e, do.ForgetTokens | do.ForgetPair) for e in effects)
    if forgets:
        assert isinstance(event, ev.SignOutAsked | ev.SessionOver | ev.PairNotStored)
    if after.phase is Phase.SIGNED_IN and phase is not Phase.SIGNED_IN:
        assert isinstance(event, ev.PairStored | ev.SessionGood | ev.TokensNotForgotten)
    if after.phase is Phase.SIGNED_OUT and phase is not Phase.SIGNED_OUT:
        ends = (
            ev.NothingStored
            | ev.StoreUnreadable
            | ev.SignInUnsuccessful
            | ev.ServicesReset
            | ev.PairNotStored
        )
        assert isinstance(event, ends | pn.SignInCancelled)
    assert (after.pending is not None) == (after.phase is Phase.SIGNING_IN)
    assert after.generation >= before.generation
    assert "secret-" not in repr((after, effects, event))


BOBS = StoredSession(PAIR, BOB.id)
ABOUT_BOB: list[ev.Event] = [
    ev.StorageMissing(G, TROUBLE, BOB),
    ev.SessionFound(G, BOBS, BOB),
    ev.SessionFound(G, BOBS, None),
    ev.SessionFound(G, StoredSession(PAIR, ""), None),
    ev.SessionGood(G, BOB, SessionMode.SLIDING),
    ev.PairStored(G, BOB, BOBS),
]


@pytest.mark.parametrize(
    ("phase", "event"),
    list(
        itertools.product(
            [phase for phase in Phase if phase is not Phase.SIGNING_IN],
            [*every_event(G), *ABOUT_BOB],
        )
    ),
    ids=name,
)
def test_another_person_is_another_generation(phase: Phase, event: ev.Event) -> None:
    """Or a late word about Ada's session would count for Bob (OW-1).
    A sign-in has a generation of its own from its beginning.
    """
    before = replace(in_phase(phase), user_id=ADA.id)
    after, _ = advance(before, event)
    assert after.user_id in {ADA.id, ""} or after.generation > G


LATE = [event for event in every_event(G - 1) if hasattr(event, "generation")]


@pytest.mark.parametrize(("phase", "event"), list(itertools.product(Phase, LATE)), ids=name)
def test_an_answer_of_an_older_generation_changes_nothing(phase: Phase, event: ev.Event) -> None:
    before = in_phase(phase)
    after, effects = advance(before, event)
    assert after == before
    assert all(isinstance(effect, do.Revoke | do.ForgetPair) for effect in effects)


def test_a_session_that_comes_too_late_is_revoked() -> None:
    for late in (ev.Authenticated(G - 1, ADA, SESSION), ev.SignInUnsuccessful(G - 1, "No.", PAIR)):
        _, effects = advance(in_phase(Phase.SIGNED_OUT), late)
        assert effects == (do.Revoke(PAIR),)


def test_a_session_that_was_stored_too_late_is_taken_back_too() -> None:
    for late in (ev.PairStored(G - 1, ADA, SESSION), ev.PairNotStored(G - 1, "Not durable.", PAIR)):
        _, effects = advance(in_phase(Phase.SIGNED_OUT), late)
        assert effects == (do.ForgetPair(PAIR), do.Revoke(PAIR))


def test_signed_in_is_shown_only_after_the_pair_is_stored() -> None:
    state, effects = run(in_phase(Phase.SIGNED_OUT), ev.SignInAsked(TYPED))
    g = state.generation
    assert state.phase is Phase.SIGNING_IN
    assert kinds(effects) == [do.Hold, do.CheckStorage]
    state, effects = run(state, ev.StorageReady(g, TYPED), ev.Authenticated(g, ADA, SESSION))
    assert state.phase is Phase.SIGNING_IN
    assert kinds(effects) == [do.Authenticate, do.StorePair]
    state, effects = run(state, ev.PairStored(g, ADA, SESSION))
    assert (state.phase, state.profile, state.expired) == (Phase.SIGNED_IN, ADA, False)
    assert do.RememberProfile(ADA) in effects


def test_tokens_that_can_not_be_stored_end_the_sign_in_and_are_revoked() -> None:
    state, _ = run(in_phase(Phase.SIGNED_OUT), ev.SignInAsked(TYPED))
    state, effects = run(state, ev.PairNotStored(state.generation, "The disk is full.", PAIR))
    assert state.phase is Phase.SIGNED_OUT
    assert state.form_error == "Failed to store tokens: The disk is full."
    assert do.Revoke(PAIR) in effects


def test_a_refusal_expires_once_and_says_so_once() -> None:
    state, effects = run(
        in_phase(Phase.SIGNED_IN),
        ev.SessionOver(G, PAIR, "Over."),
        ev.SessionOver(G, PAIR, "Over."),
    )
    assert (state.phase, state.expired, state.said_count) == (Phase.EXPIRED, True, 1)
    assert state.said is not None
    assert state.said.text == session_words.EXPIRED
    assert state.profile == ADA
    assert kinds(effects) == [do.KeepReason, do.CancelRetry, do.ForgetPair]


def test_many_calls_that_fail_at_once_plan_one_try() -> None:
    _, effects = run(in_phase(Phase.SIGNED_IN), *[ev.ServerUnreachable(G, "Gone.")] * 5)
    assert kinds(effects) == [do.ScheduleRetry]


def test_a_failed_sign_in_while_expired_stays_expired() -> None:
    state, _ = run(in_phase(Phase.EXPIRED), ev.SignInAsked(TYPED))
    state, _ = run(state, ev.SignInUnsuccessful(state.generation, "No."))
    assert (state.phase, state.expired, state.form_error, state.form_email) == (
        Phase.EXPIRED,
        True,
        "No.",
        TYPED.email,
    )


def test_nothing_under_way_outlives_a_sign_out() -> None:
    state, _ = run(in_phase(Phase.RESTORING), ev.SignOutAsked())
    after, effects = run(
        state,
        ev.SessionGood(G, ADA, SessionMode.SLIDING),
        ev.SessionOver(G, PAIR, "x"),
        ev.ServerUnreachable(G, "x"),
    )
    assert after == state
    assert effects == []


@pytest.mark.parametrize("found", [ev.NothingStored(G), ev.StoreUnreadable(G, TROUBLE)], ids=name)
def test_an_expired_session_is_still_expired_after_a_locked_keychain(found: ev.Event) -> None:
    state, _ = run(in_phase(Phase.EXPIRED), ev.SignInAsked(TYPED))
    state, _ = run(state, ev.StorageMissing(state.generation, TROUBLE))
    assert (state.phase, state.profile) == (Phase.UNAVAILABLE, ADA)
    state, _ = run(state, ev.TryAgainAsked())
    assert state.phase is Phase.RESTORING
    state, effects = run(state, replace(found, generation=state.generation))
    trouble = TROUBLE if isinstance(found, ev.StoreUnreadable) else None
    assert (state.phase, state.profile, state.expired) == (Phase.EXPIRED, ADA, True)
    assert state.trouble == trouble
    assert not {do.ForgetProfile, do.ResetServices} & set(kinds(effects))


def test_a_code_that_waits_is_taken_up_after_an_expiry_too() -> None:
    state = replace(in_phase(Phase.EXPIRED), phase=Phase.RESTORING)
    state, effects = run(state, pn.PendingFound(G, GRANT))
    assert (state.phase, state.profile) == (Phase.SIGNING_IN, ADA)
    assert effects == [do.ResumeDevice(state.generation, GRANT)]
    assert run(state, pn.SignInCancelled())[0].phase is Phase.EXPIRED


def test_initialisation_runs_once() -> None:
    state, effects = run(State(), ev.InitialiseAsked(), ev.InitialiseAsked())
    assert kinds(effects) == [do.ReadStore]
    assert state.started


def test_states_and_effects_are_frozen() -> None:
    for thing in (State(), do.CheckSession(1), ev.SessionOver(1, PAIR, "x")):
        with pytest.raises(AttributeError, match="immutable"):
            thing.generation = 9  # type: ignore[misc,union-attr]


def waiting(way: Way) -> State:
    return replace(
        in_phase(Phase.SIGNED_OUT),
        phase=Phase.SIGNING_IN,
        pending=PendingSignIn(way, "https://x.test/"),
    )


@pytest.mark.parametrize(
    ("way", "offered"),
    [(Way.BROWSER, Way.DEVICE), (Way.DEVICE, Way.PASSWORD), (Way.PASSWORD, None)],
)
def test_a_way_that_came_to_nothing_offers_the_next(way: Way, offered: Way | None) -> None:
    for event in (
        ev.SignInUnsuccessful(G, "No."),
        pn.SignInCancelled(),
        ev.PairNotStored(G, "Full.", PAIR),
    ):
        after, _ = advance(waiting(way), event)
        assert (after.phase, after.pending, after.offer) == (Phase.SIGNED_OUT, None, offered)
        again, _ = advance(after, ev.SignInAsked(TYPED))
        assert again.offer is None


ASKED = PendingSignIn(
    Way.BROWSER,
    "https://x.test/",
    other=User(BOB.name, BOB.email),
    before=User(ADA.name, ADA.email),
)


def ended(way: Way) -> State:
    """Ada's session has expired, and a sign-in is under way."""
    return replace(waiting(way), user_id=ADA.id, profile=ADA, expired=True)


@pytest.mark.parametrize("way", [Way.BROWSER, Way.DEVICE])
def test_somebody_else_than_before_is_asked_about_before_anything_is_stored(way: Way) -> None:
    after, effects = advance(ended(way), ev.Authenticated(G, BOB, BOBS))
    assert after.pending is not None
    assert (after.phase, after.pending.other, after.pending.before) == (
        Phase.SIGNING_IN,
        ASKED.other,
        ASKED.before,
    )
    forgets = (do.ForgetPending(),) if way is Way.DEVICE else ()
    assert effects == (*forgets, do.HoldBack(G, BOB, BOBS)), (
        "a code that was used is on file no more"
    )
    going_on, taken = advance(after, pn.SignInAccepted())
    assert taken == (do.TakeUp(),)
    assert advance(going_on, pn.SignInAccepted()) == (going_on, ()), "once"
    accepted = ev.Authenticated(G, BOB, BOBS, accepted=True)
    assert advance(going_on, accepted)[1] == (do.StorePair(G, BOB, BOBS),)
    given_up, _ = advance(after, pn.SignInCancelled())
    assert given_up.phase is Phase.EXPIRED
    assert BOB.email in given_up.form_error
    assert advance(given_up, accepted)[1] == (do.Revoke(PAIR),)


def test_nobody_is_asked_about_herself_or_who_typed_her_name_or_where_nobody_was_before() -> None:
    for state, who in (
        (ended(Way.BROWSER), ADA),
        (ended(Way.PASSWORD), BOB),
        (waiting(Way.BROWSER), BOB),
        (replace(waiting(Way.BROWSER), before=BOB), BOB),
    ):
        if state.user_id == "":
            state = replace(state, profile=None)
        [effect] = advance(state, ev.Authenticated(G, who, SESSION))[1]
        assert isinstance(effect, do.StorePair)


def test_who_was_here_before_is_known_by_her_cached_profile_after_a_restart() -> None:
    begun, _ = advance(in_phase(Phase.SIGNED_OUT), pn.SignInElsewhereAsked(Way.BROWSER))
    begun, _ = advance(begun, ev.StorageReady(G + 1, None, ADA))
    asked, [effect] = advance(begun, ev.Authenticated(G + 1, BOB, BOBS))
    assert isinstance(effect, do.HoldBack)
    assert asked.pending is not None
    assert asked.pending.before == ASKED.before
    found, _ = advance(in_phase(Phase.RESTORING), pn.PendingFound(G, GRANT, before=ADA))
    assert found.before == ADA
    assert advance(asked, pn.SignInCancelled())[0].before is None


def test_where_nothing_was_asked_nothing_is_accepted() -> None:
    assert advance(ended(Way.BROWSER), pn.SignInAccepted()) == (ended(Way.BROWSER), ())


def test_cancelling_closes_the_port_and_deletes_the_sealed_code() -> None:
    assert advance(waiting(Way.BROWSER), pn.SignInCancelled())[1] == (do.StopWaiting(),)
    assert advance(waiting(Way.DEVICE), pn.SignInCancelled())[1] == (
        do.StopWaiting(),
        do.ForgetPending(),
    )
    assert advance(waiting(Way.PASSWORD), pn.SignInCancelled())[1] == (do.StopWaiting(),)


def test_a_device_sign_in_that_ends_leaves_no_sealed_code() -> None:
    for event in (ev.SignInUnsuccessful(G, "No."), ev.PairNotStored(G, "Full.", PAIR)):
        assert do.ForgetPending() in advance(waiting(Way.DEVICE), event)[1]


def test_the_storage_is_asked_before_any_way_begins() -> None:
    for way in (Way.BROWSER, Way.DEVICE):
        begun, effects = advance(in_phase(Phase.SIGNED_OUT), pn.SignInElsewhereAsked(way))
        assert effects == (do.Hold(None), do.CheckStorage(G + 1, None))
        assert advance(begun, ev.StorageReady(G + 1, None))[1] == (do.StartElsewhere(G + 1, way),)


def test_only_the_browser_is_opened_unasked() -> None:
    for way, opens in ((Way.BROWSER, True), (Way.DEVICE, False)):
        begun, _ = advance(in_phase(Phase.SIGNED_OUT), pn.SignInElsewhereAsked(way))
        shown, effects = advance(
            begun, pn.SignInPending(G + 1, PendingSignIn(way, "https://x.test/"))
        )
        assert (effects == (do.OpenLink(G + 1, "https://x.test/"),)) == opens
        assert advance(shown, pn.LinkAsked())[1] == (do.OpenLink(G + 1, "https://x.test/"),)


def test_a_keychain_that_is_locked_meanwhile_ends_nothing() -> None:
    assert advance(waiting(Way.DEVICE), ev.StorageMissing(G, TROUBLE)) == (waiting(Way.DEVICE), ())
