"""Work that nobody waits for ends with its owner, at whatever moment its owner ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from refapp.trusted.errors import BlobDamaged
from refapp.trusted.scheduling.tasks import Tasks, in_turn

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


def test_what_is_waited_for_at_the_end_may_start_more_which_is_waited_for_too() -> None:
    done: list[str] = []

    async def story() -> None:
        tasks = Tasks()

        async def more() -> None:
            await asyncio.sleep(0.01)
            done.append("more")

        async def work() -> None:
            await asyncio.sleep(0)
            tasks.start(more())

        tasks.start(work())
        await tasks.finish(5)

    assert run(story()) == []
    assert done == ["more"]


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


class Demanding(Exception):
    def __new__(cls, said: str) -> Demanding:
        return super().__new__(cls, said)


@pytest.mark.parametrize(
    ("mistake", "named"),
    [
        (lambda secret: ValueError(secret), ValueError),
        (lambda secret: UnicodeEncodeError("utf-8", secret, 0, 1, secret), UnicodeEncodeError),
        (lambda secret: BlobDamaged(secret), BlobDamaged),
        (lambda secret: ExceptionGroup(secret, [ValueError(secret)]), RuntimeError),
        (Demanding, RuntimeError),
    ],
)
def test_work_that_fails_is_loud_though_nobody_waits_for_it_and_tells_no_secret(
    mistake: Callable[[str], Exception],
    named: type[Exception],
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = "p" + "w" * 9  # no line of the traceback has it
    contexts: list[dict[str, object]] = []

    async def work() -> None:
        try:
            raise KeyError(secret)
        except KeyError as first:
            raise mistake(secret) from first

    async def story() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, said: contexts.append(said))
        tasks = Tasks()
        tasks.start(work())
        await asyncio.create_task(tasks.close())
        for context in contexts:
            loop.default_exception_handler(context)

    asyncio.run(story())
    [context] = contexts
    error = context["exception"]
    assert type(error) is named
    assert secret not in f"{context!r} {error} {vars(error)} {error.__cause__!r} {caplog.text}"
    assert "in work" in caplog.text


def test_an_end_that_fails_or_is_broken_off_takes_all_its_steps_in_turn() -> None:
    took: list[str] = []

    async def fails() -> None:
        took.append("fails")
        raise LookupError

    async def waits() -> None:
        took.append("waits")
        await forever()

    async def ends() -> None:
        took.append("ends")

    async def story() -> None:
        ending = asyncio.create_task(in_turn(fails, waits, ends))
        await asyncio.sleep(0)
        ending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ending

    assert run(story()) == []
    assert took == ["fails", "waits", "ends"]
