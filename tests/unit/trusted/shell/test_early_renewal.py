"""When a token is renewed before its end: within its life, spread, and never in a loop (RF-13, OF-5)."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from refapp.trusted.shell.early_renewal import planned, urgent
from refapp.trusted.storage.secret import StoredSession, TokenPair

START = 1_900_000_000.0
CHANCE = st.floats(0, 1, exclude_max=True)


def session(life_s: float | None) -> StoredSession:
    return StoredSession(
        TokenPair("a", "r"), "u", obtained_at=START, expires_at=None if life_s is None else START + life_s
    )


@pytest.mark.parametrize(
    ("life_s", "soonest", "latest"), [(900, 480, 780), (7 * 86400, 7 * 86400 - 420, 7 * 86400 - 120), (60, 25, 45)]
)
def test_the_window_of_a_life(life_s: float, soonest: float, latest: float) -> None:
    assert planned(session(life_s), 0.0) == START + latest
    assert planned(session(life_s), 1.0) == pytest.approx(START + soonest)


@pytest.mark.parametrize("life_s", [None, 0, 2, 59, -5, -86400])
def test_an_unknown_end_and_a_short_life_are_left_to_the_401(life_s: float | None) -> None:
    assert planned(session(life_s), 0.5) is None
    assert not urgent(session(life_s), START + 10**9)


@given(st.floats(60, 10**8), CHANCE)
def test_a_new_session_is_never_renewed_at_once(life_s: float, chance: float) -> None:
    moment = planned(session(life_s), chance)
    assert moment is not None
    assert START + life_s / 4 <= moment < START + life_s


@pytest.mark.parametrize(("life_s", "before_end_s"), [(900, 20), (7 * 86400, 20), (60, 6)])
def test_a_call_waits_only_just_before_the_end(life_s: float, before_end_s: float) -> None:
    end = START + life_s
    assert not urgent(session(life_s), end - before_end_s - 0.01)
    assert urgent(session(life_s), end - before_end_s)
    assert urgent(session(life_s), end + 10**6)
