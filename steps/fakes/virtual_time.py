"""The clock of the in-process driver: the wall clock and the event loop's timers move together, and
only when told to.

A day of timers takes milliseconds, and a timer of 14 minutes fires at 09:14:00 as both the app and
the server see it. Nothing here replaces ``time.time``: ``frozen_clock`` does, and follows.

Invariants: real time never passes for the loop, also while it waits for a real network
(``VirtualTime.network``); work given to an executor runs at once, in place.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import socket
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

SIX_O_CLOCK = 1_900_000_800.0
"""Where the wall clock starts: a Sunday in 2030, 18:00 UTC. Unix seconds."""


NETWORK_S = 10.0
"""How long something may take, for real, that a network has to bring. Seconds."""


MOST_TURNS = 100_000
"""Turns of the loop in one moment."""


class Stuck(AssertionError):
    """Something waits for an event that can't come unless time passes."""


class _Selector(selectors.DefaultSelector):
    """Never sleeps: where the loop would, it asks ``idle`` whether time may move instead.
    Only for what is ``awaited`` from a real network it does, and no time passes.
    """

    idle: Callable[[float | None], None]
    awaited: Callable[[], bool]
    tired: Callable[[], None]
    turns = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.turns += 1
        if self.turns > MOST_TURNS:
            self.tired()
        at_once = timeout is not None and timeout <= 0
        # The one that is always there wakes a loop that sleeps, which this one does not.
        alone = len(self.get_map()) <= 1
        if alone and at_once:
            return []
        awaited = self.awaited()  # before the look: what makes it false comes after the last bytes
        found = [] if alone else super().select(0)
        if found or at_once:
            return found
        if not awaited:
            self.turns = 0
            self.idle(timeout)
        elif not (found := super().select(NETWORK_S)):
            raise Stuck("something is awaited from the network that does not come")
        return found


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, moved: Callable[[], None]) -> None:
        self._moved = moved
        self.moment = 0.0
        self.until = 0.0
        selector = _Selector()
        selector.idle = self._idle
        selector.awaited = lambda: self.awaited()
        selector.tired = self._on_tired
        self.endless = False
        self.awaited: Callable[[], bool] = lambda: False
        self.leads_to: Callable[[Any], Any] = lambda address: address
        super().__init__(selector)
        # After a year in seconds a float knows no nanoseconds: no timer would ever be due.
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self.moment

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Each call at once, in this thread, so that ``to_thread`` is deterministic;
        what came of it is told at the next turn, as of another thread's.
        """
        future: asyncio.Future[T] = self.create_future()
        try:
            self.call_soon(_tell, future, future.set_result, func(*args))
        except BaseException as error:  # noqa: BLE001 - a future carries whatever its call raised
            self.call_soon(_tell, future, future.set_exception, error)
        return future

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        await super().sock_connect(sock, self.leads_to(address))

    def _on_tired(self) -> None:
        self.endless = True
        self.stop()

    def _idle(self, timeout: float | None) -> None:
        if timeout is None or self.moment + timeout > self.until:
            self.moment = self.until
            self.stop()
        else:
            self.moment += timeout
        self._moved()


def _tell(future: asyncio.Future[Any], outcome: Callable[[Any], None], came: Any) -> None:
    if not future.done():  # as one that was given up is
        outcome(came)


class VirtualTime:
    """A loop of its own, and the clock that goes with it.
    ``ahead_s``: how far the app's computer is ahead of that.

    ``follow`` is called with the time of the app's computer (unix seconds) whenever that has
    changed; ``around`` is entered whenever the loop runs.
    """

    def __init__(self, start: float = SIX_O_CLOCK) -> None:
        self._start = start
        self.loop = _Loop(self._moved)
        self.follow: Callable[[float], None] = lambda _: None
        self.around: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext
        self._ahead_s = 0.0
        self._left: set[asyncio.Task[Any]] | None = None

    def network(self, awaited: Callable[[], bool], leads_to: Callable[[Any], Any]) -> None:
        """Let real sockets be used: ``awaited`` says whether something is on its way that no time
        has to pass for, ``leads_to`` where an address leads.
        """
        self.loop.awaited, self.loop.leads_to = awaited, leads_to

    @property
    def ahead_s(self) -> float:
        """Seconds."""
        return self._ahead_s

    @ahead_s.setter
    def ahead_s(self, seconds: float) -> None:
        self._ahead_s = seconds
        self._moved()

    def _moved(self) -> None:
        self.follow(self.on_computer())

    def now(self) -> float:
        """The wall clock, unix seconds."""
        return self._start + self.loop.moment

    def on_computer(self) -> float:
        """The clock of the app's computer, unix seconds."""
        return self.now() + self.ahead_s

    @property
    def endless(self) -> bool:
        """Whether what runs goes on without end; it is held up then."""
        return self.loop.endless

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin ``work``; it moves at the next ``settle`` or ``advance``."""
        return self.loop.create_task(work)

    def settle(self) -> None:
        """Let everything happen that needs no time to pass."""
        self.advance(0)

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass: every timer in between fires at its moment, in order."""
        self.loop.until = self.loop.moment + seconds
        with self.around():
            self.loop.run_forever()

    def sleep(self, seconds: float) -> None:
        """The computer sleeps: the clock goes on, and no timer does."""
        self._start += seconds
        self._moved()

    def stop(self, seconds: float) -> None:
        """The process is stopped:
        clock and timers go on, and all that was due happens at once when it goes on.
        """
        self.loop.moment += seconds
        self._moved()
        self.settle()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of ``work``, which must need no time.

        Raises:
            Stuck: it waits for a timer, or for something that does not come.
        """
        task = self.start(work)
        self.settle()
        if not task.done():
            task.cancel()
            self.settle()
            raise Stuck(f"{work!r} waits for something that only time can bring")
        return task.result()

    def left(self) -> set[asyncio.Task[Any]]:
        """What is still under way, when nothing is begun any more: to look costs milliseconds, so
        that is done once.
        """
        if self._left is None:
            self._left = asyncio.all_tasks(self.loop)
        return self._left

    def close(self) -> None:
        """End what is still under way."""
        for task in self.left():
            task.cancel()
        self.settle()
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
