"""The disk's work goes to its end although its caller is cancelled:
the caller may hold the lease for it.
"""

from __future__ import annotations

import asyncio
import threading

import pytest

from refapp.trusted.errors import WriteFailed
from refapp.trusted.files.on_disk import on_disk


@pytest.mark.parametrize("fails", [False, True])
def test_whoever_is_cancelled_twice_still_waits_for_the_end(fails: bool) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait(30)
        if fails:
            raise WriteFailed("The disk is full.")

    async def story() -> None:
        caller = asyncio.create_task(on_disk(work))
        await asyncio.to_thread(begun.wait, 30)
        for _ in range(2):
            caller.cancel()
            assert await asyncio.wait([caller], timeout=0.01) == (set(), {caller})
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await caller

    asyncio.run(story())


def test_what_the_work_raises_reaches_the_caller() -> None:
    def work() -> None:
        raise WriteFailed("The disk is full.")

    with pytest.raises(WriteFailed, match="The disk is full"):
        asyncio.run(on_disk(work))
