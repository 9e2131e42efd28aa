"""One piece of work that several wait for: whoever asks while it is under way joins it, and may be
cancelled alone.

Owns the tasks and their end. ``close`` ends what is under way, and gives work that asked for it
(``spare``) a while to end by itself; who waits then was not cancelled, and is told: None. What the
work comes to may be a secret: it does not stand in the task's repr, which asyncio logs where a host
debugs it, and is not kept for longer than somebody waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Generic, TypeVar

T = TypeVar("T")


class _Came(Generic[T]):
    """What the work came to, without a repr that shows it."""

    __slots__ = ("result",)

    def __init__(self, result: T) -> None:
        self.result = result


async def _come(work: Callable[[], Coroutine[None, None, T]]) -> _Came[T]:
    return _Came(await work())


class SingleFlight(Generic[T]):
    """Work for one ``key`` at a time;
    work for another key starts beside what is still under way for the former.
    """

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[_Came[T]]] = set()
        self._newest: asyncio.Task[_Came[T]] | None = None
        self._key: object = None
        self._spared: set[asyncio.Task[_Came[T]]] = set()
        self._closed = False

    async def run(self, key: object, work: Callable[[], Coroutine[None, None, T]]) -> T | None:
        """What the work for ``key`` comes to: that which is under way, or ``work()``.
        None: it was ended, or it is too late to begin it.
        """
        if self._closed:
            return None
        if self._newest is None or self._newest.done() or self._key != key:
            self._key = key
            self._newest = asyncio.create_task(_come(work))
            self._under_way.add(self._newest)
            self._newest.add_done_callback(self._ended)
        joined = self._newest
        try:
            return (await asyncio.shield(joined)).result
        except asyncio.CancelledError:
            if not joined.cancelled():
                raise
            return None

    def spare(self) -> None:
        """For the work itself: from here on it is to be ended last."""
        self._spared |= {task for task in self._under_way if task is asyncio.current_task()}

    def _ended(self, task: asyncio.Task[_Came[T]]) -> None:
        self._under_way.discard(task)
        self._spared.discard(task)
        if self._newest is task:
            self._newest = self._key = None

    async def close(self, spared_s: float = 0.0) -> None:
        """End all of it, and what is spared only if it does not end within ``spared_s``."""
        self._closed = True
        for task in self._under_way - self._spared:
            task.cancel()
        try:
            if self._spared:
                await asyncio.wait(set(self._spared), timeout=spared_s)
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
