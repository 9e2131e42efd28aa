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
