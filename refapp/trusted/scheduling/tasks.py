"""Work that nobody waits for: kept alive while it runs, ended with its owner, and loud if it fails.

An exception in such work is a mistake in the program (what can go wrong outside is a value or a
RefappError by then). It goes to the loop's exception handler, where ``app`` ends the process; it is
never swallowed. What it says is not handed on: it may quote a secret that was being worked with.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine


async def in_turn(*steps: Callable[[], Awaitable[object]]) -> None:
    """Take all ``steps``, one after the other, also if one raises or is cancelled: an end that is
    broken off leaves nothing.
    """
    async with contextlib.AsyncExitStack() as stack:
        for step in reversed(steps):
            stack.push_async_callback(step)


class Tasks:
    """A set of running tasks."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    def __len__(self) -> int:
        return len(self._tasks)

    def start(
        self, work: Coroutine[None, None, None], broken_off: Callable[[], None] | None = None
    ) -> None:
        """Run ``work`` beside everything else. ``broken_off`` is called if it ends before its end,
        cancelled or by a mistake, but not if ``close`` ends it.
        """
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(lambda task: self._done(task, broken_off))

    def cancel(self) -> None:
        """Ask all of them to end."""
        for task in self._tasks:
            task.cancel()

    async def finish(self, within_s: float) -> None:
        """Let all of them end by themselves,
        and what they start here, for so long; then end them.
        """
        loop = asyncio.get_running_loop()
        by = loop.time() + within_s
        try:
            # Not ``timeout``: before Python 3.11.3 its end is no ``TimeoutError`` in a task that
            # was cancelled, as one that ends something often was.
            while self._tasks and (left := by - loop.time()) > 0:
                await asyncio.wait(self._tasks, timeout=left)
        finally:
            await self.close()

    async def close(self) -> None:
        """End all of them, and what they start here meanwhile."""
        self._closing = True
        while self._tasks:
            self.cancel()
            # Not gather: since Python 3.12 that never yields for tasks that have just ended, and so
            # `_done` would never run.
            await asyncio.wait(self._tasks)

    def _done(self, task: asyncio.Task[None], broken_off: Callable[[], None] | None) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # Not the task either: its ``repr`` has the exception's.
            said = {"message": "work in the background failed", "exception": _bare(error)}
            task.get_loop().call_exception_handler(said)
        # A program that uses the session as a library goes on after a mistake, and may wait for
        # what this would have led to.
        if (task.cancelled() or error is not None) and broken_off is not None and not self._closing:
            broken_off()


def _bare(error: BaseException) -> BaseException:
    """Its type and its traceback alone."""
    try:
        bare = type(error).__new__(type(error))
    except TypeError:  # one that can't be without what it says
        bare = RuntimeError(type(error).__name__)
    return bare.with_traceback(error.__traceback__)
