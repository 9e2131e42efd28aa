"""What each event leaves of a session in which everything is set: the whole state that follows, and
all effects in order.

``test_session`` has the orders that matter; here nothing that a rule does not name may change.
"""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from refapp.snapshot import Notice, NoticeKind, PendingSignIn, Phase, Way
from refapp.trusted.files.profile import Profile
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.rules import effects as do, events as ev, pending as pn
from refapp.trusted.rules.broken_off import broken_off
from refapp.trusted.rules.session import advance
from refapp.trusted.rules.session_state import State
from refapp.trusted.storage.secret import DeviceGrant, SessionMode, StoredSession, TokenPair

ADA = Profile("u1", "Ada Lovelace", "ada@example.com")
BOB = Profile("u2", "Bob", "bob@example.com")
PAIR = TokenPair("secret-access", "secret-refresh")
SESSION = StoredSession(PAIR, ADA.id)
TROUBLE = StorageState("locked", "", "Locked.", "Unlock it.")
G = 7


def busy(phase: Phase, *, asking: bool = True) -> State:
    """A session after an eventful day. What a rule does not name must stay as it is."""
    return State(
        phase=phase,
        generation=G,
        started=True,
        user_id=ADA.id,
        profile=ADA,
        expired=phase is Phase.EXPIRED,
        form_email="ada@example.com",
        form_error="Earlier.",
        pending=PendingSignIn(Way.BROWSER, "https://auth.example.com/sign-in")
        if phase is Phase.SIGNING_IN
        else None,
        sentence="The server can't be found.",
        trouble=TROUBLE,
        mode=SessionMode.SLIDING,
        attempt=3,
        asking=asking,
        return_to=Phase.SIGNED_IN if phase is Phase.SIGNING_OUT else None,
        said=Notice(4, "info", "Earlier."),
        said_count=4,
    )


def told(state: State, kind: NoticeKind, text: str) -> State:
    return replace(state, said=Notice(5, kind, text), said_count=5)


def test_the_start_reads_the_store() -> None:
    assert advance(State(generation=G), ev.InitialiseAsked()) == (
        State(phase=Phase.RESTORING, generation=G, started=True),
        (do.ReadStore(G),),
    )


@pytest.mark.parametrize("phase", Phase)
def test_another_copys_change_is_looked_at_where_it_counts(phase: Phase) -> None:
    before = busy(phase)
    looks = phase not in {Phase.RESTORING, Phase.SIGNING_OUT, Phase.AWAITING_RESTART}
    again = phase is not Phase.UNAVAILABLE
    assert advance(before, ev.StoreChanged()) == (
        before,
        (do.ReadStore(G, again=again),) if looks else (),
    )


def test_no_storage_at_the_start_says_why() -> None:
    after, effects = advance(
        replace(busy(Phase.RESTORING), trouble=None), ev.StorageMissing(G, TROUBLE)
    )
    assert (after, effects) == (replace(busy(Phase.RESTORING), phase=Phase.UNAVAILABLE), ())


def test_no_storage_for_a_sign_in_says_why_in_the_form_too() -> None:
    before = replace(busy(Phase.SIGNING_IN), pending=PendingSignIn(Way.PASSWORD), trouble=None)
    after, effects = advance(before, ev.StorageMissing(G, TROUBLE))
    assert after == replace(
        before, phase=Phase.UNAVAILABLE, trouble=TROUBLE, form_error="Locked.", pending=None
    )
    assert effects == ()


@pytest.mark.parametrize("phase", [Phase.RESTORING, Phase.SIGNED_OUT])
def test_tokens_that_can_not_be_read_are_told_of_and_leave_a_reason(phase: Phase) -> None:
    before = replace(busy(phase), profile=ADA, trouble=None)
    after, effects = advance(before, ev.StoreUnreadable(G, TROUBLE))
    out = replace(before, phase=Phase.SIGNED_OUT, user_id="", profile=None, trouble=TROUBLE)
    assert after == told(out, "error", "Locked. Unlock it.")
    assert effects == (do.Hold(None), do.KeepReason("Locked."))


@pytest.mark.parametrize(
    ("phase", "left"), [(Phase.RESTORING, "Earlier."), (Phase.UNAVAILABLE, "")]
)
def test_a_start_with_nothing_stored_shows_the_form_and_why_a_sign_in_failed(
    phase: Phase, left: str
) -> None:
    before = replace(busy(phase), user_id="", profile=None)
    after = replace(before, phase=Phase.SIGNED_OUT, user_id="", trouble=None, form_error=left)
    assert advance(before, ev.NothingStored(G)) == (after, (do.Hold(None),))


@pytest.mark.parametrize("phase", [Phase.SIGNED_IN, Phase.OFFLINE, Phase.RESTORING])
def test_a_session_that_another_copy_ended_is_told_of_and_cleaned_up(phase: Phase) -> None:
    before = busy(phase)
    after, effects = advance(before, ev.NothingStored(G))
    why = "You were signed out in another window of the app."
    leaving = replace(
        before,
        phase=Phase.SIGNING_OUT,
        generation=G + 1,
        return_to=None,
        sentence=why,
        asking=False,
    )
    assert after == told(leaving, "info", why)
    assert effects == (
        do.CancelRetry(),
        do.ForgetProfile(),
        do.ResetServices(G + 1),
        do.KeepReason(why),
        do.Hold(None),
    )


@pytest.mark.parametrize("phase", [Phase.SIGNED_IN, Phase.OFFLINE, Phase.RESTORING])
def test_a_session_whose_end_another_copy_was_told_of_has_expired_here_too(phase: Phase) -> None:
    after, effects = advance(busy(phase), ev.NothingStored(G, "The server ended it."))
    ended = replace(
        busy(phase),
        phase=Phase.EXPIRED,
        expired=True,
        sentence="The server ended it.",
        asking=False,
        attempt=0,
    )
    assert after == told(
        ended, "warning", "Session expired. Sign in again to restore cloud features."
    )
    assert effects == (
        do.KeepReason("The server ended it.", expired=True),
        do.Hold(None),
        do.CancelRetry(),
    )


def test_a_session_without_a_profile_is_ended_by_another_copy_too() -> None:
    after, effects = advance(replace(busy(Phase.SIGNED_IN), profile=None), ev.NothingStored(G))
    assert after.phase is Phase.SIGNING_OUT
    assert do.ResetServices(G + 1) in effects


def test_nothing_stored_where_there_is_no_session_takes_away_what_could_not_be_read() -> None:
    for phase in (Phase.SIGNED_OUT, Phase.EXPIRED, Phase.AWAITING_RESTART, Phase.SIGNING_IN):
        before = busy(phase)
        assert advance(before, ev.NothingStored(G)) == (replace(before, trouble=None), ())


@pytest.mark.parametrize(
    ("phase", "generation"),
    [
        (Phase.RESTORING, G),
        (Phase.UNAVAILABLE, G),
        (Phase.SIGNED_OUT, G + 1),
        (Phase.EXPIRED, G + 1),
    ],
)
def test_a_session_that_is_found_is_checked(phase: Phase, generation: int) -> None:
    before = replace(busy(phase, asking=False), expired=True)
    found = StoredSession(PAIR, ADA.id, SessionMode.ROTATING)
    after, effects = advance(before, ev.SessionFound(G, found, ADA))
    assert after == replace(
        before,
        phase=Phase.RESTORING,
        generation=generation,
        profile=ADA,
        mode=SessionMode.ROTATING,
        expired=False,
        trouble=None,
        form_email="",
        form_error="",
        sentence="",
        asking=True,
    )
    assert effects == (do.Hold(found), do.CancelRetry(), do.CheckSession(generation))


def test_a_session_of_another_person_takes_the_place_of_the_one_that_is_shown() -> None:
    for phase in (Phase.SIGNED_IN, Phase.OFFLINE):
        theirs = StoredSession(PAIR, BOB.id)
        after, effects = advance(busy(phase), ev.SessionFound(G, theirs, BOB))
        assert (after.phase, after.profile, after.generation) == (Phase.RESTORING, BOB, G + 1)
        assert effects == (do.Hold(theirs), do.CancelRetry(), do.CheckSession(G + 1))


def test_the_same_persons_session_is_no_news() -> None:
    before = busy(Phase.SIGNED_IN)
    assert advance(before, ev.SessionFound(G, SESSION, ADA)) == (before, (do.Hold(SESSION),))


def test_the_same_persons_session_is_asked_for_while_offline() -> None:
    before = busy(Phase.OFFLINE, asking=False)
    asking = busy(Phase.OFFLINE)
    assert advance(before, ev.SessionFound(G, SESSION, ADA)) == (
        asking,
        (do.CancelRetry(), do.CheckSession(G)),
    )
    assert advance(asking, ev.SessionFound(G, SESSION, ADA)) == (asking, ())


@pytest.mark.parametrize("phase", Phase)
def test_what_is_on_file_is_read_again_when_it_changed_under_a_validation(phase: Phase) -> None:
    after, effects = advance(busy(phase), ev.Superseded(G))
    look = do.ReadStore(G, again=True)
    if phase is Phase.OFFLINE:
        assert after == replace(busy(phase), asking=False, attempt=4)
        assert effects == (do.ScheduleRetry(G, 4, None), look)
    else:
        assert (after, effects) == (
            busy(phase),
            (look,) if phase in {Phase.RESTORING, Phase.SIGNED_IN} else (),
        )


@pytest.mark.parametrize("phase", [Phase.RESTORING, Phase.SIGNED_IN, Phase.OFFLINE])
def test_a_session_of_which_nobody_knows_whose_it_is_is_asked_for_again(phase: Phase) -> None:
    after, effects = advance(
        replace(busy(phase), profile=None), ev.SessionGood(G, None, SessionMode.ROTATING)
    )
    assert (after.phase, after.asking, after.mode) == (Phase.OFFLINE, False, SessionMode.ROTATING)
    assert after.sentence == "The server did not say who is signed in. You stay signed in."
    assert effects == (do.ScheduleRetry(G, 4, None),)


def test_secure_storage_that_works_again_leads_to_the_form() -> None:
    before = replace(busy(Phase.UNAVAILABLE), user_id="", profile=None)
    after = replace(before, phase=Phase.SIGNED_OUT, trouble=None, form_error="")
    assert advance(before, ev.NothingStored(G)) == (after, (do.Hold(None),))


@pytest.mark.parametrize("phase", [Phase.RESTORING, Phase.SIGNED_IN, Phase.OFFLINE])
def test_a_code_that_waits_where_a_session_was_is_a_session_that_is_gone(phase: Phase) -> None:
    grant = DeviceGrant(
        "secret-device", "WDJB-MJHT", "https://auth.example.com/device", 5.0, 2_000_000_000.0
    )
    assert advance(busy(phase), pn.PendingFound(G, grant)) == advance(
        busy(phase), ev.NothingStored(G)
    )


@pytest.mark.parametrize("phase", [Phase.SIGNING_OUT, Phase.AWAITING_RESTART])
def test_a_session_that_is_found_where_nobody_looks_is_left_alone(phase: Phase) -> None:
    assert advance(busy(phase), ev.SessionFound(G, SESSION, ADA)) == (busy(phase), ())


def test_a_session_that_is_found_while_waiting_stops_the_waiting_first() -> None:
    _, effects = advance(busy(Phase.SIGNING_IN), ev.SessionFound(G, SESSION, ADA))
    assert effects == (do.Hold(SESSION), do.CancelRetry(), do.StopWaiting(), do.CheckSession(G + 1))


@pytest.mark.parametrize("phase", [Phase.RESTORING, Phase.SIGNED_IN, Phase.OFFLINE])
def test_what_the_server_says_of_the_session_is_taken_over(phase: Phase) -> None:
    renamed = Profile("u1", "Ada King", "ada@example.com")
    after, effects = advance(busy(phase), ev.SessionGood(G, renamed, SessionMode.ROTATING))
    assert after == replace(
        busy(phase),
        phase=Phase.SIGNED_IN,
        profile=renamed,
        mode=SessionMode.ROTATING,
        form_error="",
        sentence="",
        trouble=None,
        attempt=0,
        asking=False,
    )
    assert effects == (do.CancelRetry(), do.RememberProfile(renamed))


def test_a_refusal_ends_the_session_and_nothing_else() -> None:
    after, effects = advance(busy(Phase.OFFLINE), ev.SessionOver(G, PAIR, "The server ended it."))
    ended = replace(
        busy(Phase.OFFLINE),
        phase=Phase.EXPIRED,
        expired=True,
        sentence="The server ended it.",
        asking=False,
        attempt=0,
    )
    assert after == told(
        ended, "warning", "Session expired. Sign in again to restore cloud features."
    )
    reason = do.KeepReason("The server ended it.", expired=True)
    assert effects == (reason, do.CancelRetry(), do.ForgetPair(PAIR))


def test_a_refusal_of_tokens_that_are_no_more_forgets_none() -> None:
    _, effects = advance(busy(Phase.SIGNED_IN), ev.SessionOver(G, None, "The server ended it."))
    assert effects == (do.KeepReason("The server ended it.", expired=True), do.CancelRetry())


def test_an_outage_is_shown_and_counted() -> None:
    after, effects = advance(
        busy(Phase.OFFLINE), ev.ServerUnreachable(G, "The server took too long.", 9.0)
    )
    assert after == replace(
        busy(Phase.OFFLINE), sentence="The server took too long.", asking=False, attempt=4
    )
    assert effects == (do.ScheduleRetry(G, 4, 9.0),)


def test_tokens_that_are_held_in_memory_only_are_told_of() -> None:
    after, effects = advance(busy(Phase.SIGNED_IN), ev.RenewedNotStored(G, "The disk is full."))
    assert (after, effects) == (told(busy(Phase.SIGNED_IN), "warning", "The disk is full."), ())


@pytest.mark.parametrize(
    "event",
    [
        ev.WindowRenewed("The window ended."),
        ev.ClockOff("The clock is off."),
        ev.NotClosed("It was killed."),
    ],
)
def test_what_happened_around_the_session_is_told_and_changes_nothing(event: ev.Told) -> None:
    for phase in Phase:
        assert advance(busy(phase), event) == (told(busy(phase), "warning", event.sentence), ())


def test_a_notice_goes_when_it_was_read() -> None:
    before = busy(Phase.SIGNED_IN)
    assert advance(before, ev.Dismissed(4)) == (replace(before, said=None), ())


def test_a_notice_that_is_gone_takes_no_newer_one_with_it() -> None:
    before = busy(Phase.SIGNED_IN)
    assert advance(before, ev.Dismissed(3)) == (before, ())
    quiet = replace(before, said=None)
    assert advance(quiet, ev.Dismissed(4)) == (quiet, ())


def test_another_try_looks_at_the_storage_again() -> None:
    before = busy(Phase.UNAVAILABLE)
    assert advance(before, ev.TryAgainAsked()) == (
        replace(before, phase=Phase.RESTORING, form_error="", trouble=None),
        (do.ReadStore(G),),
    )


@pytest.mark.parametrize(
    "event", [ev.TryAgainAsked(), ev.RetryDue(G)], ids=lambda event: type(event).__name__
)
def test_another_try_asks_the_server_again(event: ev.TryAgainAsked | ev.RetryDue) -> None:
    before = busy(Phase.OFFLINE, asking=False)
    assert advance(before, event) == (
        replace(before, asking=True),
        (do.CancelRetry(), do.CheckSession(G)),
    )


@pytest.mark.parametrize("phase", Phase)
def test_another_try_is_made_where_something_failed_and_none_is_under_way(phase: Phase) -> None:
    for asking in (True, False):
        before = busy(phase, asking=asking)
        if phase is not Phase.OFFLINE or asking:
            assert advance(before, ev.RetryDue(G)) == (before, ())
        if phase is not Phase.UNAVAILABLE and (phase is not Phase.OFFLINE or asking):
            assert advance(before, ev.TryAgainAsked()) == (before, ())


@pytest.mark.parametrize(
    "phase", [Phase.RESTORING, Phase.SIGNED_IN, Phase.OFFLINE, Phase.EXPIRED, Phase.UNAVAILABLE]
)
def test_a_sign_out_begins_with_the_tokens(phase: Phase) -> None:
    before = busy(phase)
    after, effects = advance(before, ev.SignOutAsked())
    assert after == replace(before, phase=Phase.SIGNING_OUT, return_to=phase)
    assert effects == (do.ForgetTokens(G),)


def test_a_sign_out_goes_on_when_the_tokens_are_gone() -> None:
    before = busy(Phase.SIGNING_OUT)
    assert advance(before, ev.TokensForgotten(G, SESSION, unread=True)) == (
        replace(before, generation=G + 1, return_to=None, sentence="", asking=False),
        (
            do.CancelRetry(),
            do.ForgetProfile(),
            do.ResetServices(G + 1),
            do.RevokeHeld(G + 1, SESSION, unread=True),
            do.Hold(None),
        ),
    )


@pytest.mark.parametrize(
    ("phase", "asking", "asks"),
    [
        (Phase.RESTORING, True, (do.ReadStore(G),)),
        (Phase.RESTORING, False, (do.ReadStore(G),)),
        (Phase.OFFLINE, True, (do.CheckSession(G),)),
        (Phase.OFFLINE, False, ()),
        (Phase.SIGNED_IN, True, ()),
        (Phase.EXPIRED, False, ()),
        (Phase.UNAVAILABLE, False, (do.ReadStore(G),)),
    ],
)
def test_tokens_that_stay_are_told_of_and_the_session_is_shown_again(
    phase: Phase, asking: bool, asks: tuple[do.Effect, ...]
) -> None:
    before = replace(busy(Phase.SIGNING_OUT, asking=asking), return_to=phase)
    after, effects = advance(before, ev.TokensNotForgotten(G, "The disk is read-only."))
    back = replace(before, phase=phase, return_to=None)
    assert after == told(back, "error", "You are still signed in: The disk is read-only.")
    assert effects == asks


def test_a_try_that_is_due_during_a_sign_out_is_made_if_that_fails() -> None:
    before = replace(busy(Phase.SIGNING_OUT, asking=False), return_to=Phase.OFFLINE)
    assert advance(before, ev.RetryDue(G)) == (replace(before, asking=True), ())
    signed_in = replace(before, return_to=Phase.SIGNED_IN)
    assert advance(signed_in, ev.RetryDue(G)) == (signed_in, ())


@pytest.mark.parametrize(
    ("restart", "phase"),
    [(False, Phase.SIGNED_OUT), (True, Phase.AWAITING_RESTART)],
    ids=["clean", "restart"],
)
def test_a_sign_out_leaves_a_notice_and_nothing_else(restart: bool, phase: Phase) -> None:
    before = busy(Phase.SIGNING_OUT)
    after, effects = advance(before, ev.ServicesReset(G, restart))
    assert after == State(
        phase=phase,
        generation=G,
        started=True,
        sentence=before.sentence,
        said=Notice(4, "info", "Earlier."),
        said_count=4,
    )
    assert effects == ()


def test_a_reset_that_was_broken_off_may_have_left_something_so_it_takes_a_restart() -> None:
    assert broken_off(do.ResetServices(G)) == ev.ServicesReset(G, restart=True)


def test_a_server_that_was_not_told_of_the_sign_out_is_spoken_of() -> None:
    before = busy(Phase.SIGNED_OUT)
    assert advance(before, ev.ServerTold(G, told=True)) == (before, ())
    sentence = (
        "You are signed out on this computer. "
        "The server could not be told, so it may list the session until it expires."
    )
    assert advance(before, ev.ServerTold(G, told=False)) == (told(before, "warning", sentence), ())


def test_a_restart_keeps_the_numbers_only() -> None:
    after, effects = advance(busy(Phase.AWAITING_RESTART), ev.RestartAsked())
    assert (after, effects) == (State(generation=G, said_count=4), (do.RestartApp(),))


def test_a_sign_in_that_failed_too_late_without_tokens_is_forgotten() -> None:
    before = busy(Phase.SIGNED_OUT)
    assert advance(before, ev.SignInUnsuccessful(G - 1, "No.")) == (before, ())


def test_a_name_in_place_of_another_is_another_generation() -> None:
    """What was begun for Ada would count for Bob,
    whose name another copy has cached meanwhile (OW-1).
    """
    before = replace(busy(Phase.RESTORING), user_id="ada", trouble=None)
    for last, generation in ((Profile(id="bob", name="Bob", email="b@x"), G + 1), (None, G)):
        after, _ = advance(replace(before, profile=None), ev.StorageMissing(G, TROUBLE, last))
        assert (after.phase, after.generation) == (Phase.UNAVAILABLE, generation)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.SIGNING_IN])
@pytest.mark.parametrize(
    "event", [ev.Authenticated(G, ADA, SESSION), ev.SignInUnsuccessful(G, "Too late.", PAIR)]
)
def test_a_session_that_comes_after_its_sign_in_has_failed_is_ended(
    phase: Phase, event: ev.Event
) -> None:
    assert advance(busy(phase), event) == (busy(phase), (do.Revoke(PAIR),))


@pytest.mark.parametrize("event", [ev.SignInUnsuccessful(G, "Too late."), ev.StorageReady(G, None)])
def test_what_brought_no_session_after_its_sign_in_has_failed_is_nothing(event: ev.Event) -> None:
    assert advance(busy(Phase.SIGNED_OUT), event) == (busy(Phase.SIGNED_OUT), ())


@pytest.mark.parametrize(("beside", "left"), [("", None), ("One can't be read.", 6)])
def test_who_signs_in_is_not_told_that_the_session_has_expired(
    beside: str, left: int | None
) -> None:
    state, _ = advance(busy(Phase.SIGNED_IN), ev.SessionOver(G, None, "It expired."))
    if beside:
        state, _ = advance(state, ev.NotesHidden(beside))
    state = replace(state, phase=Phase.SIGNING_IN, pending=PendingSignIn(Way.PASSWORD))
    after, _ = advance(state, ev.PairStored(G, BOB, SESSION))
    assert after.phase is Phase.SIGNED_IN
    assert after.said == (None if left is None else Notice(left, "warning", beside))
