"""TF-1 to TF-3 in the rules alone: a sign-in that is asked for a second factor, and one question to
the server at a time.
"""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from refapp.snapshot import Factor, PendingSignIn, Phase, SecondFactor, Way
from refapp.trusted.rules import effects as do, events as ev, pending as pn
from refapp.trusted.rules.session import advance
from refapp.trusted.rules.session_state import State
from refapp.trusted.server.refusals import Refusal
from refapp.trusted.storage.secret import FactorCode

G = 7
WANTED = SecondFactor([Factor.AUTHENTICATOR, Factor.BACKUP])
CODE = FactorCode(Factor.AUTHENTICATOR, "123456", trust=False)
ASKED = State(
    phase=Phase.SIGNING_IN,
    generation=G,
    form_email="ada@example.com",
    pending=PendingSignIn(Way.PASSWORD, expires_at=900.0, second_factor=WANTED),
)


def wanted(state: State) -> SecondFactor:
    assert state.pending is not None
    assert state.pending.second_factor is not None
    return state.pending.second_factor


def test_the_question_asks_nothing_of_anybody() -> None:
    begun = replace(ASKED, pending=PendingSignIn(Way.PASSWORD))
    assert advance(begun, pn.SecondFactorWanted(G, WANTED, 900.0)) == (ASKED, ())
    assert advance(begun, pn.SecondFactorWanted(G - 1, WANTED, 900.0)) == (begun, ())


def test_one_code_at_a_time() -> None:
    asking, effects = advance(ASKED, pn.CodeEntered(CODE))
    assert (wanted(asking).asking, effects) == (True, (do.AnswerSecondFactor(G, CODE),))
    assert advance(asking, pn.CodeEntered(CODE)) == (asking, ())
    again, _ = advance(asking, pn.SecondFactorSaid(G, "Wrong."))
    assert again.pending is not None
    assert (wanted(again).asking, again.pending.sentence) == (False, "Wrong.")
    assert advance(again, pn.CodeEntered(CODE))[1]


def test_a_code_by_e_mail_only_where_there_is_one() -> None:
    assert advance(ASKED, pn.CodeWanted()) == (ASKED, ())
    mailing = replace(
        ASKED, pending=replace(ASKED.pending, second_factor=SecondFactor([Factor.MAIL]))
    )  # type: ignore[type-var]
    assert advance(mailing, pn.CodeWanted())[1] == (do.SendCode(G),)
    sent, _ = advance(mailing, pn.SecondFactorSaid(G, "", sent=True))
    assert wanted(sent).sent
    assert wanted(advance(sent, pn.SecondFactorSaid(G, "Wrong."))[0]).sent


def test_a_kind_of_code_that_the_account_has_not_is_offered_no_more_but_for_the_last() -> None:
    left, _ = advance(ASKED, pn.SecondFactorSaid(G, "Not this.", lacks=Factor.AUTHENTICATOR))
    assert wanted(left).factors == [Factor.BACKUP]
    last, _ = advance(left, pn.SecondFactorSaid(G, "Not this.", lacks=Factor.BACKUP))
    assert wanted(last).factors == [Factor.BACKUP]


@pytest.mark.parametrize(
    "event", [pn.CodeEntered(CODE), pn.CodeWanted(), pn.SecondFactorSaid(G, "x")]
)
def test_a_code_that_nobody_wants_goes_nowhere(event: ev.Event) -> None:
    for state in (
        replace(ASKED, pending=PendingSignIn(Way.PASSWORD)),
        State(phase=Phase.SIGNED_OUT, generation=G),
    ):
        assert advance(state, event) == (state, ())


def test_cancelling_drops_what_stands_for_the_password() -> None:
    after, effects = advance(ASKED, pn.SignInCancelled())
    assert (after.phase, after.pending, after.generation) == (Phase.SIGNED_OUT, None, G + 1)
    assert do.StopWaiting() in effects


def test_the_message_is_sent_again_only_after_the_server_refused_for_it() -> None:
    refused, _ = advance(
        ASKED, ev.SignInUnsuccessful(G, "Not confirmed.", refusal=Refusal.NOT_VERIFIED)
    )
    assert refused.unverified
    assert advance(refused, pn.VerificationWanted())[1] == (
        do.SendVerification(G, "ada@example.com"),
    )
    other, _ = advance(ASKED, ev.SignInUnsuccessful(G, "Banned.", refusal=Refusal.BANNED))
    assert advance(other, pn.VerificationWanted()) == (other, ())
    by_name, _ = advance(
        replace(ASKED, form_email="ada"),
        ev.SignInUnsuccessful(G, "No.", refusal=Refusal.NOT_VERIFIED),
    )
    assert not by_name.unverified


def test_what_a_person_entered_shows_in_no_event_and_no_effect() -> None:
    for thing in (pn.CodeEntered(CODE), do.AnswerSecondFactor(G, CODE), CODE):
        assert "123456" not in repr(thing)


@pytest.mark.parametrize(
    ("factor", "typed", "code"),
    [
        (Factor.AUTHENTICATOR, " 123 456\n", "123456"),
        (Factor.MAIL, "123-456", "123456"),
        (Factor.MAIL, "123\u2013456", "123456"),
        (Factor.AUTHENTICATOR, "\u200b123\u00a0456\ufeff", "123456"),
        (Factor.AUTHENTICATOR, "\uff11\uff12\uff13\uff14\uff15\uff16", "123456"),
        (Factor.AUTHENTICATOR, "12\udce4", ""),
        (Factor.AUTHENTICATOR, " - ", ""),
        (Factor.BACKUP, " abcde-fghij ", "abcde-fghij"),
        (Factor.BACKUP, "ab.cd_e", "ab.cd_e"),
        (Factor.BACKUP, "abcde\u2010fghij\u200b", "abcde-fghij"),
    ],
)
def test_blanks_are_no_part_of_a_code(factor: Factor, typed: str, code: str) -> None:
    assert FactorCode.typed(factor, typed, trust=True).code == code
