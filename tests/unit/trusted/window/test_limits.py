"""What costs the person something is bounded a minute, over all windows of a run (SB-10)."""

from __future__ import annotations

import pytest

from refapp import messages as m
from refapp.trusted.window.gate import PERMITTED
from refapp.trusted.window.limits import PER_MINUTE, WHAT, WITHIN_S, Limits

FREE = {
    *(m.Initialize, m.SignInAccept, m.SignInCancel, m.CancelPrompt, m.Dismiss, m.NoteOpen),
    *(m.StorageIsAvailable, m.StorageGet),
}
"""They show what is there, or give something up."""


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def sign_in() -> m.Request:
    return m.SignIn(jsonrpc="2.0", id=1, params=m.SignInParams("ada@example.com", "guess"))


def test_every_request_has_a_bound_or_is_known_to_cost_nothing() -> None:
    assert PER_MINUTE.keys() | FREE == PERMITTED.keys()
    assert not PER_MINUTE.keys() & FREE
    assert WHAT.keys() <= PER_MINUTE.keys()


def test_one_more_than_the_bound_is_refused_until_the_first_is_a_minute_ago() -> None:
    clock = Clock()
    limits = Limits(clock)
    for _ in range(PER_MINUTE[m.SignIn]):
        assert limits.too_often(sign_in()) == ""
        clock.now += 1
    assert limits.too_often(sign_in()).startswith(
        "Signing in was tried too often within a minute. Nothing was sent"
    )
    clock.now = 1000 + WITHIN_S - 0.1
    assert limits.too_often(sign_in())
    clock.now = 1000 + WITHIN_S
    assert limits.too_often(sign_in()) == ""


def test_each_kind_is_counted_for_itself() -> None:
    limits = Limits(Clock())
    while not limits.too_often(sign_in()):
        pass
    assert limits.too_often(m.SignOut(jsonrpc="2.0", id=2, params=m.Nothing())) == ""


@pytest.mark.parametrize("to", [0.0, 500.0])
def test_a_clock_that_is_set_back_makes_nobody_wait_longer(to: float) -> None:
    clock = Clock()
    limits = Limits(clock)
    while not limits.too_often(sign_in()):
        pass
    clock.now = to
    assert limits.too_often(sign_in()) == ""
