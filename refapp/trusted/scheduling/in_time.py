"""A deadline that counts only while this process could have heard: what came while it was stopped,
or asleep, counts (LY-6).

Once it goes on, the deadline and the answer that lies in the socket are both due at once, and a
plain time-out would win. For a one-time token that would be the end of a session.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")

STOPPED_S = 1.0
"""As late as no timer is in a process that runs."""
TO_READ_S = 2.0
"""As long as it may take to read what has come."""


async def in_time(work: Coroutine[None, None, T], seconds: float) -> T:
    """What ``work`` gives within ``seconds``. It is over when this returns.

    Raises:
        TimeoutError: it gave nothing, and was cancelled.
        What its clean-up raises then comes instead.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    # No task of its own: that would cost each request three turns of the loop.
    async with asyncio.timeout(None) as limit:

        def due() -> None:
            stopped = loop.time() - deadline > STOPPED_S
            limit.reschedule(loop.time() + TO_READ_S if stopped else deadline)

        timer = loop.call_at(deadline, due)
        try:
            return await work
        finally:
            timer.cancel()
