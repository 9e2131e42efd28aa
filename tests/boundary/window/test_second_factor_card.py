"""The question for a second factor in the real, locked window: what it shows, what each key asks
for, and what stays secret.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from refapp import messages as m
from refapp.snapshot import Factor, PendingSignIn, Phase, SecondFactor, Way
from tests.boundary.window_parent import WindowParent, snapshot

pytestmark = pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed")
WANTED = SecondFactor([Factor.AUTHENTICATOR, Factor.MAIL, Factor.BACKUP])


@pytest.fixture
def parent(display: dict[str, str]) -> Iterator[WindowParent]:
    made = WindowParent(display)
    made.start()
    made.ready(snapshot(Phase.SIGNED_OUT, demo=None))
    ask(made, 2, WANTED)
    made.see("focus", "second_factor.one_time_code")
    yield made
    made.close()


def ask(parent: WindowParent, revision: int, wanted: SecondFactor, sentence: str = "") -> None:
    pending = PendingSignIn(Way.PASSWORD, second_factor=wanted, sentence=sentence)
    parent.show(snapshot(Phase.SIGNING_IN, revision=revision, pending=pending))


def asked(parent: WindowParent, kind: type[m.Up]) -> list[m.Up]:
    parent.until(lambda: any(isinstance(one, kind) for one in parent.asked))
    return [one for one in parent.asked if isinstance(one, kind)]


def test_a_code_is_typed_and_sent_with_the_keyboard_alone_and_stays_nowhere(
    parent: WindowParent,
) -> None:
    parent.type("123 456")
    parent.see("second_factor.one_time_code", "one_time_code: 7 characters")
    parent.keys("Return")
    [sent] = asked(parent, m.SignInSecondFactor)
    assert isinstance(sent, m.SignInSecondFactor)
    assert (sent.params.factor, sent.params.code, sent.params.trust) == (
        "authenticator",
        "123 456",
        False,
    )
    parent.see("second_factor.one_time_code", "one_time_code: 0 characters")


def test_each_kind_and_the_trust_have_a_key(parent: WindowParent) -> None:
    assert "second_factor.send" not in parent.seen
    parent.keys("alt+e")
    parent.see("second_factor.send", "Send a code by e-mail")
    parent.keys("alt+s")
    asked(parent, m.SignInSendCode)
    parent.keys("alt+b")
    parent.keys("alt+t")
    parent.keys("alt+o")
    parent.type("abcde-fghij")
    parent.keys("alt+g")
    [sent] = asked(parent, m.SignInSecondFactor)
    assert isinstance(sent, m.SignInSecondFactor)
    assert (sent.params.factor, sent.params.code, sent.params.trust) == (
        "backup",
        "abcde-fghij",
        True,
    )


def test_nothing_is_no_code(parent: WindowParent) -> None:
    parent.keys("Return")
    parent.see("second_factor.sentence", "Enter the code.")
    ask(parent, 3, WANTED)  # the state comes again, as it does each second while there is an end
    assert parent.seen.get("second_factor.sentence") == "Enter the code."
    assert not any(isinstance(one, m.SignInSecondFactor) for one in parent.asked)


def test_a_second_wrong_code_is_said_though_nothing_came_between(parent: WindowParent) -> None:
    ask(parent, 3, WANTED, sentence="This code is not right.")
    parent.see("second_factor.sentence", "This code is not right.")
    parent.type("123456")
    parent.keys("Return")
    asked(parent, m.SignInSecondFactor)
    parent.until(lambda: "second_factor.sentence" not in parent.seen)
    ask(parent, 4, WANTED, sentence="This code is not right.")
    parent.see("second_factor.sentence", "This code is not right.")


def test_the_last_refusal_does_not_come_back_before_the_code_was_taken(
    parent: WindowParent,
) -> None:
    ask(parent, 3, WANTED, sentence="This code is not right.")
    parent.holds = {m.SignInSecondFactor}
    parent.type("123456")
    parent.keys("Return")
    asked(parent, m.SignInSecondFactor)
    parent.until(lambda: "second_factor.sentence" not in parent.seen)
    ask(parent, 4, WANTED, sentence="This code is not right.")  # nothing has begun yet
    assert "second_factor.sentence" not in parent.seen
    parent.let_go()
    ask(parent, 5, WANTED, sentence="This code is not right.")
    parent.see("second_factor.sentence", "This code is not right.")


def test_a_code_that_is_one_too_many_can_be_entered_again(parent: WindowParent) -> None:
    parent.refuses[m.SignInSecondFactor] = m.ErrorDetail(-32001, "Too many codes.", "too_often")
    for number in (1, 2):
        parent.type("123456")
        parent.keys("Return")
        parent.until(lambda n=number: len(asked(parent, m.SignInSecondFactor)) == n)
        parent.see("second_factor.one_time_code", "one_time_code: 0 characters")


def test_while_it_is_looked_at_nothing_can_be_sent_and_after_a_wrong_one_the_field_has_the_keyboard(
    parent: WindowParent,
) -> None:
    ask(parent, 3, replace(WANTED, asking=True))
    parent.see("second_factor.left", "Asking the server…")
    assert parent.seen["state:second_factor.submit"] == "disabled"
    ask(parent, 4, WANTED, "This code is not right.")
    parent.see("second_factor.sentence", "This code is not right.")
    parent.see("focus", "second_factor.one_time_code")


def test_escape_empties_the_field_and_then_gives_the_sign_in_up(parent: WindowParent) -> None:
    parent.type("12")
    parent.keys("Escape")
    parent.see("second_factor.one_time_code", "one_time_code: 0 characters")
    assert not any(isinstance(one, m.SignInCancel) for one in parent.asked)
    parent.keys("Escape")
    asked(parent, m.SignInCancel)
    parent.show(snapshot(Phase.SIGNED_OUT, revision=5, demo=None))
    parent.see("focus", "sign_in.email")
