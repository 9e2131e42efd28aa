"""Waiting for a moment, whatever the machine and its clock do meanwhile;
and the one thing that is planned for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from refapp.trusted.scheduling.alarm import LOOK_EVERY_S, Alarm, sleep_until
from steps.fakes.virtual_time import VirtualTime


@pytest.fixture
def time() -> Iterator[VirtualTime]:
    time = VirtualTime()
    yield time
    time.close()


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


def test_a_clock_that_is_put_back_after_a_sleep_makes_nobody_wait_for_the_sleep_again(
    time: VirtualTime,
) -> None:
    slept, put_back = 0.0, 0.0
    woke = time.start(sleep_until(time.now() + 60, lambda: time.now() + slept - put_back))
    time.advance(10)
    slept, put_back = 8 * 3600.0, 9 * 3600.0
    time.advance(50.1)
    assert woke.done()


def test_the_newest_plan_is_the_only_one(time: VirtualTime) -> None:
    did: list[str] = []

    async def plan() -> Alarm:
        alarm = Alarm(time.now)
        alarm.at(time.now() + 5, lambda: did.append("first"))
        alarm.at(time.now() + 7, lambda: did.append("second"))
        return alarm

    alarm = time.run(plan())
    assert alarm.moment == time.now() + 7
    time.advance(20)
    assert did == ["second"]
    assert alarm.moment is None


def test_a_cancelled_plan_does_not_happen(time: VirtualTime) -> None:
    did: list[str] = []

    async def plan() -> Alarm:
        alarm = Alarm(time.now)
        alarm.at(time.now() + 5, lambda: did.append("done"))
        await asyncio.sleep(0)
        alarm.cancel()
        return alarm

    alarm = time.run(plan())
    time.advance(20)
    assert did == []
    assert alarm.moment is None
