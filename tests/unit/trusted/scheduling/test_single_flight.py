"""Work that several wait for: joined, left alone by one, closed under all."""

from __future__ import annotations

import asyncio

import pytest

from refapp.trusted.scheduling.single_flight import SingleFlight


class Work:
    """Counts how often it was begun, and waits to be let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_end = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        number = self.begun
        await self.may_end.wait()
        return number


async def _waiters(
    flight: SingleFlight[int], work: Work, *keys: int
) -> list[asyncio.Task[int | None]]:
    tasks = [asyncio.create_task(flight.run(key, work)) for key in keys]
    await asyncio.sleep(0.01)
    return tasks


def test_who_asks_for_the_same_joins_and_who_asks_for_something_else_does_not() -> None:
    async def story() -> None:
        flight, work = SingleFlight[int](), Work()
        tasks = await _waiters(flight, work, 1, 1, 2)
        work.may_end.set()
        assert await asyncio.gather(*tasks) == [1, 1, 2]
        assert await flight.run(2, work) == 3, "what has ended is not joined"

    asyncio.run(story())


def test_one_who_is_cancelled_takes_nothing_from_the_others() -> None:
    async def story() -> None:
        flight, work = SingleFlight[int](), Work()
        impatient, patient = await _waiters(flight, work, 1, 1)
        impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
        work.may_end.set()
        assert await patient == 1

    asyncio.run(story())


def test_closing_ends_all_of_it_and_tells_whoever_waits() -> None:
    async def story() -> None:
        flight, work = SingleFlight[int](), Work()
        tasks = await _waiters(flight, work, 1, 2)
        await flight.close()
        assert await asyncio.gather(*tasks) == [None, None]
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(story())


def test_closing_gives_time_to_work_that_asked_for_it_and_to_no_other() -> None:
    async def story(spared_s: float) -> list[int | None]:
        flight, work = SingleFlight[int](), Work()

        async def spared() -> int:
            flight.spare()
            return await work()

        asyncio.get_running_loop().call_later(0.05, work.may_end.set)
        tasks = [asyncio.create_task(flight.run(key, one)) for key, one in ((1, spared), (2, work))]
        await asyncio.sleep(0.01)
        await flight.close(spared_s)
        assert await flight.run(3, work) is None, "it is too late"
        assert work.begun == 2
        return await asyncio.gather(*tasks)

    assert asyncio.run(story(20.0)) == [1, None]
    assert asyncio.run(story(0.0)) == [None, None]


def test_closing_that_is_cancelled_ends_all_of_it() -> None:
    async def story() -> None:
        flight = SingleFlight[int]()

        async def spared() -> int:
            flight.spare()
            await asyncio.Event().wait()
            return 1

        waiter = asyncio.create_task(flight.run(1, spared))
        await asyncio.sleep(0.01)
        closing = asyncio.create_task(flight.close(20.0))
        await asyncio.sleep(0.01)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        assert await waiter is None

    asyncio.run(story())
