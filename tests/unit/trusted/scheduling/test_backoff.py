"""The waits: how long they are, that they differ, and that a server's word is kept to."""

from __future__ import annotations

import random

from hypothesis import given, strategies as st

from refapp.trusted.scheduling.backoff import LONGEST_S, delay

CHANCE = st.floats(0, 1, exclude_max=True)


@given(st.integers(1, 10**9), CHANCE)
def test_a_wait_is_never_nothing_and_never_for_ever(attempt: int, chance: float) -> None:
    assert 0.2 <= delay(attempt, chance) <= 1.1 * LONGEST_S


@given(st.integers(1, 40), CHANCE, st.floats(0, 3600))
def test_a_server_s_word_is_kept_to(attempt: int, chance: float, at_least: float) -> None:
    assert delay(attempt, chance, at_least) > at_least


def test_waits_grow_until_they_settle() -> None:
    middle = [delay(attempt, 0.5) for attempt in range(1, 12)]
    assert middle == [2, 4, 8, 16, 32, 60, 120, 120, 120, 120, 120]


def test_two_copies_do_not_wait_alike() -> None:
    chance = random.Random(1)
    for attempt in range(1, 10):
        assert delay(attempt, chance.random()) != delay(attempt, chance.random())
