"""The clock of the in-process driver: only what is told to pass passes, and everything in between
happens in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from steps.fakes import virtual_time
from steps.fakes.virtual_time import Stuck, VirtualTime


@pytest.fixture
def time() -> Iterator[VirtualTime]:
    time = VirtualTime(start=1000.0)
    yield time
    time.close()


def test_a_timer_fires_at_its_moment_of_the_wall_clock(time: VirtualTime) -> None:
    seen: list[float] = []

    async def renew() -> None:
        while True:
            await asyncio.sleep(840)
            seen.append(time.now())

    time.start(renew())
    time.advance(2000)
    assert seen == [1840.0, 2680.0]
    assert time.now() == 3000.0


def test_a_day_of_timers(time: VirtualTime) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(10)
            ticks += 1

    time.start(tick())
    time.advance(3 * 86400)
    assert ticks == 3 * 8640


def test_settling_lets_no_time_pass(time: VirtualTime) -> None:
    done: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0)
        await asyncio.to_thread(done.append, "in place")
        await asyncio.sleep(0.001)
        done.append("too far")

    time.start(work())
    time.settle()
    assert done == ["in place"]
    assert time.now() == 1000.0


def test_timeouts_are_exact(time: VirtualTime) -> None:
    async def wait() -> float:
        try:
            async with asyncio.timeout(15):
                await asyncio.Event().wait()
        except TimeoutError:
            return time.now()
        raise AssertionError

    task = time.start(wait())
    time.advance(14.999)
    assert not task.done()
    time.advance(0.001)
    assert task.result() == pytest.approx(1015.0)


def test_the_result_of_work_that_needs_no_time(time: VirtualTime) -> None:
    async def add() -> int:
        return 1 + await asyncio.to_thread(lambda: 2)

    assert time.run(add()) == 3


def test_work_that_waits_for_ever_is_named_at_once(time: VirtualTime) -> None:
    async def wait_for_ever() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck, match="wait_for_ever"):
        time.run(wait_for_ever())


def test_an_error_in_a_thread_is_the_caller_s(time: VirtualTime) -> None:
    async def fail() -> None:
        await asyncio.to_thread(int, "x")

    with pytest.raises(ValueError, match="invalid literal"):
        time.run(fail())


def test_what_is_under_way_at_the_end_is_cancelled() -> None:
    time = VirtualTime()
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(1)
        finally:
            ended.append("ended")

    time.start(work())
    time.settle()
    time.close()
    assert ended == ["ended"]


def test_what_goes_on_without_end_is_held_up_and_said(
    time: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(virtual_time, "MOST_TURNS", 100)

    def again() -> None:
        time.loop.call_soon(again)

    again()
    time.advance(10)
    assert time.endless
