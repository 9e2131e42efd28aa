"""The waits: how long they are, that a server's word is kept to, and that a machine's sleep does not stretch them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from refapp.trusted.backoff import LONGEST_S, LOOK_EVERY_S, Retry, delay, sleep_until
from steps.virtual_time import VirtualTime

CHANCE = st.floats(0, 1, exclude_max=True)


@pytest.fixture
def time() -> Iterator[VirtualTime]:
    time = VirtualTime()
    yield time
    time.close()


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


def test_a_moment_is_met_exactly(time: VirtualTime) -> None:
    woke = time.start(sleep_until(time.now() + 65.5, time.now))
    time.advance(65.4)
    assert not woke.done()
    time.advance(0.2)
    assert woke.done()


def test_a_sleep_of_the_machine_is_noticed_soon_after_it(time: VirtualTime) -> None:
    slept = 0.0
    woke = time.start(sleep_until(time.now() + 3600, lambda: time.now() + slept))
    time.advance(60)
    slept = 8 * 3600.0
    time.advance(LOOK_EVERY_S)
    assert woke.done()


def test_a_clock_that_is_put_back_changes_nothing(time: VirtualTime) -> None:
    put_back = 0.0
    woke = time.start(sleep_until(time.now() + 30, lambda: time.now() - put_back))
    time.advance(10)
    put_back = 3600.0
    time.advance(19.9)
    assert not woke.done()
    time.advance(0.2)
    assert woke.done()


def test_a_clock_that_is_put_back_after_a_sleep_makes_nobody_wait_for_the_sleep_again(time: VirtualTime) -> None:
    slept, put_back = 0.0, 0.0
    woke = time.start(sleep_until(time.now() + 60, lambda: time.now() + slept - put_back))
    time.advance(10)
    slept, put_back = 8 * 3600.0, 9 * 3600.0
    time.advance(50.1)
    assert woke.done()


def test_the_newest_plan_is_the_only_one(time: VirtualTime) -> None:
    did: list[str] = []

    async def plan() -> Retry:
        retry = Retry(time.now)
        retry.at(time.now() + 5, lambda: did.append("first"))
        retry.at(time.now() + 7, lambda: did.append("second"))
        return retry

    retry = time.run(plan())
    assert retry.moment == time.now() + 7
    time.advance(20)
    assert did == ["second"]
    assert retry.moment is None


def test_a_cancelled_plan_does_not_happen(time: VirtualTime) -> None:
    did: list[str] = []

    async def plan() -> Retry:
        retry = Retry(time.now)
        retry.at(time.now() + 5, lambda: did.append("done"))
        await asyncio.sleep(0)
        retry.cancel()
        return retry

    retry = time.run(plan())
    time.advance(20)
    assert did == []
    assert retry.moment is None
