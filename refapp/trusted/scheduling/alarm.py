"""One thing to do at a later moment, and how to wait for a moment.

Waits for a wall-clock time, but never longer than the first interval. Either alone goes wrong:
timers stand still while a laptop sleeps (RF-13), and a wall clock that is set back makes the moment
hours away (OF-5).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LOOK_EVERY_S = 20.0


async def sleep_until(moment: float, clock: Callable[[], float]) -> None:
    """Return at ``moment`` (unix seconds of ``clock``), at most ``LOOK_EVERY_S`` late after a sleep
    of the machine.

    A clock that is set back meanwhile changes nothing;
    one that is set ahead makes it return sooner.
    """
    timer = asyncio.get_running_loop().time
    deadline = timer() + (moment - clock())
    while (left := min(moment - clock(), deadline - timer())) > 0:  # noqa: ASYNC110 - time passing sets no event
        await asyncio.sleep(min(left, LOOK_EVERY_S))


class Alarm:
    """At most one thing to do at a later moment.
    Only its owner can cancel the wait, which is for time alone.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self.moment: float | None = None

    def at(self, moment: float, do: Callable[[], None]) -> None:
        """Call ``do`` at ``moment`` (unix seconds), in place of what was planned before."""
        self.cancel()
        self.moment = moment
        self._task = asyncio.get_running_loop().create_task(self._wait(moment, do))

    def cancel(self) -> None:
        """Drop what was planned."""
        if self._task is not None:
            self._task.cancel()
        self._task, self.moment = None, None

    async def _wait(self, moment: float, do: Callable[[], None]) -> None:
        await sleep_until(moment, self._clock)
        self._task, self.moment = None, None
        do()
