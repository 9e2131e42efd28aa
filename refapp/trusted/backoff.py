"""When to try again, and how to wait for a moment. Pure but for ``sleep_until``.

Delays are random, so that many copies which lost the server together do not come back together (OF-5).
Waiting is for a moment of the wall clock, and by the loop's timers no longer than it was away at first. Either alone goes wrong:
timers stand still while a laptop sleeps (RF-13), and a wall clock that is set back makes the moment hours away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

FIRST_S = 2.0
LONGEST_S = 120.0
LOOK_EVERY_S = 20.0


def delay(attempt: int, chance: float, at_least: float | None = None) -> float:
    """Seconds to wait before try ``attempt`` (from 1). ``chance`` in [0, 1) spreads the copies.

    While the range doubles, up to ``LONGEST_S``, the whole of it is random: from the sixth try on a copy may be anywhere in
    two minutes. After that each wait is ``LONGEST_S`` give or take a tenth, and so a copy keeps its place. Were the whole of
    those waits random too, most would be near their next try at any moment, and the first seconds after a return would
    get more than twice the even share. With 10,000 copies that lost the server in the same second, and outages from five
    minutes to an hour, the busiest second gets 1.6 times the even share at most (tests/races/test_return_of_many.py).

    A server's word (``at_least``) is kept to, and the wait comes on top of it (OF-7).
    """
    widest = FIRST_S * 2.0 ** min(attempt, 20)
    settled = widest / 2 >= LONGEST_S
    wait = LONGEST_S * (0.9 + 0.2 * chance) if settled else max(0.2, min(LONGEST_S, widest) * chance)
    return (at_least or 0.0) + wait


async def sleep_until(moment: float, clock: Callable[[], float]) -> None:
    """Return at ``moment`` (unix seconds of ``clock``), at most ``LOOK_EVERY_S`` late after a sleep of the machine.

    A clock that is set back meanwhile changes nothing; one that is set ahead makes it return sooner.
    """
    timer = asyncio.get_running_loop().time
    deadline = timer() + (moment - clock())
    while (left := min(moment - clock(), deadline - timer())) > 0:  # noqa: ASYNC110 - time passing sets no event
        await asyncio.sleep(min(left, LOOK_EVERY_S))


class Retry:
    """At most one thing to do at a later moment."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self.moment: float | None = None

    def at(self, moment: float, do: Callable[[], None]) -> None:
        """Call ``do`` at ``moment`` (unix seconds), in the place of what was planned before."""
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
