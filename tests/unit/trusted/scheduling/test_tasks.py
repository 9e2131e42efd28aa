"""Work that nobody waits for ends with its owner, at whatever moment its owner ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from refapp.trusted.scheduling.tasks import Tasks

# A loop that spins hears nothing but pytest-timeout's signal.
pytestmark = pytest.mark.timeout(10)


def run(story: Coroutine[None, None, None]) -> list[object]:
    """Run it; the exceptions that came to the loop's handler."""
    heard: list[object] = []

    async def whole() -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, said: heard.append(said["exception"])
        )
        await story

    asyncio.run(whole())
    return heard


async def nothing() -> None:
    pass


async def forever() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    "end", [Tasks.close, lambda tasks: tasks.finish(5)], ids=["close", "finish"]
)
def test_work_that_has_just_ended_is_no_longer_waited_for(
    end: Callable[[Tasks], Coroutine[None, None, None]],
) -> None:
    async def story() -> None:
        tasks = Tasks()
        tasks.start(nothing())
        # Next in the loop's queue after the work's last step, and before what notes its end.
        await asyncio.create_task(end(tasks))
        assert len(tasks) == 0

    assert run(story()) == []


def test_work_that_is_under_way_ends_and_what_it_starts_in_its_end_too() -> None:
    async def story() -> None:
        tasks = Tasks()

        async def work() -> None:
            try:
                await forever()
            finally:
                tasks.start(forever())

        tasks.start(work())
        await asyncio.sleep(0)
        await tasks.close()
        assert len(tasks) == 0

    assert run(story()) == []


def test_work_that_fails_is_loud_though_nobody_waits_for_it() -> None:
    trouble = ValueError("a mistake in the program")

    async def work() -> None:
        raise trouble

    async def story() -> None:
        tasks = Tasks()
        tasks.start(work())
        await asyncio.create_task(tasks.close())

    assert run(story()) == [trouble]
