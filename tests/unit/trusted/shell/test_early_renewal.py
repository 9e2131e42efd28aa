"""When a token is renewed before its end:
within its life, spread, and never in a loop (RF-13, OF-5).
"""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from refapp.trusted.shell.early_renewal import planned, urgent
from refapp.trusted.storage.secret import SessionMode, StoredSession, TokenPair

START = 1_900_000_000.0
DAY_S = 86400.0
CHANCE = st.floats(0, 1, exclude_max=True)


def session(life_s: float | None, mode: SessionMode = SessionMode.ROTATING) -> StoredSession:
    end = None if life_s is None else START + life_s
    return StoredSession(TokenPair("a", "r"), "u", mode, obtained_at=START, expires_at=end)


@pytest.mark.parametrize(
    ("life_s", "soonest", "latest"),
    [(900, 480, 780), (7 * DAY_S, 7 * DAY_S - 420, 7 * DAY_S - 120), (60, 25, 45)],
)
def test_the_window_of_a_life(life_s: float, soonest: float, latest: float) -> None:
    assert planned(session(life_s), 0.0, START) == START + latest
    assert planned(session(life_s), 1.0, START) == pytest.approx(START + soonest)


@pytest.mark.parametrize("mode", [SessionMode.SLIDING, SessionMode.UNKNOWN])
def test_one_whose_end_moves_with_use_is_asked_about_at_half_of_what_is_left(
    mode: SessionMode,
) -> None:
    sliding = session(16 * DAY_S, mode)
    assert planned(sliding, 0.0, START) == START + 8 * DAY_S
    assert (
        planned(sliding, 0.0, START + 8 * DAY_S, tried_at=START + 8 * DAY_S) == START + 12 * DAY_S
    )
    assert (
        planned(sliding, 0.0, START + 15 * DAY_S, tried_at=START + 15 * DAY_S)
        == START + 15.5 * DAY_S
    )
    assert planned(sliding, 0.0, START + 15.5 * DAY_S, tried_at=START + 15.5 * DAY_S) is None


def test_a_try_that_a_wrong_clock_places_in_the_future_was_made_now() -> None:
    sliding = session(16 * DAY_S, SessionMode.SLIDING)
    assert (
        planned(sliding, 0.0, START + DAY_S, tried_at=START + 3650 * DAY_S) == START + 8.5 * DAY_S
    )


@pytest.mark.parametrize("mode", SessionMode)
def test_one_whose_end_is_not_known_is_renewed_once_a_day(mode: SessionMode) -> None:
    assert planned(session(None, mode), 0.5, START) == START + DAY_S
    assert (
        planned(session(None, mode), 0.5, START + 2 * DAY_S, tried_at=START + 2 * DAY_S)
        == START + 3 * DAY_S
    )
    assert not urgent(session(None, mode), START + 10**9)


@pytest.mark.parametrize("life_s", [0, 2, 59, -5, -86400])
def test_a_short_life_is_left_to_the_401(life_s: float) -> None:
    assert planned(session(life_s), 0.5, START) is None
    assert not urgent(session(life_s), START + 10**9)


@given(st.floats(60, 10**8), CHANCE, st.sampled_from(SessionMode))
def test_a_new_session_is_never_renewed_at_once(
    life_s: float, chance: float, mode: SessionMode
) -> None:
    moment = planned(session(life_s, mode), chance, START)
    assert moment is not None
    assert START + life_s / 4 <= moment < START + life_s


@pytest.mark.parametrize(("life_s", "before_end_s"), [(900, 20), (7 * 86400, 20), (60, 6)])
def test_a_call_waits_only_just_before_the_end(life_s: float, before_end_s: float) -> None:
    end = START + life_s
    assert not urgent(session(life_s), end - before_end_s - 0.01)
    assert urgent(session(life_s), end - before_end_s)
    assert urgent(session(life_s), end + 10**6)
