"""A story in which one task is cancelled at one place where it waits: each in turn, until the story
has no further place.

Left out are the timers: nobody but their owner knows of them, and they wait for time alone, which
brings no cancellation from anywhere else. That they wait for nothing else is looked at here too.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from two_copies import TwoCopies

OURS = ("refapp/trusted/", "tests/races/two_copies.py")
TIMERS = ("Alarm._wait", "StoreWatch._watch", "App._watch_notes", "WindowHost.keep_asking")
UNBEGUN = "before it begins"
THE_TESTS = ("TwoCopies.start", "TwoCopies.act")


class Counted(Coroutine[Any, Any, Any]):
    """A coroutine that calls ``waits`` each time that it is about to wait."""

    def __init__(self, inner: Coroutine[Any, Any, Any], waits: Callable[[], None]) -> None:
        self._inner = inner
        self._waits = waits

    def send(self, value: Any) -> Any:
        found = self._inner.send(value)
        self._waits()
        return found

    def throw(self, *error: Any) -> Any:
        found = self._inner.throw(*error)
        self._waits()
        return found

    def close(self) -> None:
        self._inner.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._inner.__await__()


class Cancelled(TwoCopies):
    """One run, with the task cancelled that comes to the place ``place``, counted from 0;
    ``where`` says which it was.

    ``before`` makes the situation; places count in ``deed``.
    """

    def __init__(self, before: Deed, deed: Deed, place: int) -> None:
        self._before, self._deed = before, deed
        self._left = place
        self._armed = False
        self.where = ""
        super().__init__()

    def play(self) -> None:
        self.time.loop.set_task_factory(self._task)
        self._before(self)
        self._armed = True
        self._deed(self)
        self._armed = False
        self.calm()
        self.look()

    def _task(
        self, loop: asyncio.AbstractEventLoop, work: Any, **options: Any
    ) -> asyncio.Task[Any]:
        code = getattr(work, "cr_code", None)
        if (
            code is None
            or code.co_qualname.startswith(THE_TESTS)
            or not any(part in code.co_filename for part in OURS)
        ):
            return asyncio.Task(work, loop=loop, **options)
        if code.co_qualname in TIMERS:
            return asyncio.Task(Counted(work, lambda: self._only_time(work)), loop=loop, **options)
        task: asyncio.Task[Any] = asyncio.Task(
            Counted(work, lambda: self._place(task, work)), loop=loop, **options
        )
        self._place(task, work)
        return task

    def _place(self, task: asyncio.Task[Any], work: Any) -> None:
        if self._armed and not self.where:
            if not self._left:
                begun = inspect.getcoroutinestate(work) != inspect.CORO_CREATED
                self.where = (
                    f"{work.__qualname__}, "
                    f"{f'in {innermost(work).__qualname__}' if begun else UNBEGUN}"
                )
                task.cancel()
            self._left -= 1

    def _only_time(self, work: Any) -> None:
        if innermost(work).cr_code is not asyncio.sleep.__code__:
            self._mistakes.append(
                {"message": f"{work.__qualname__} waits in {innermost(work).__qualname__}"}
            )


def innermost(work: Any) -> Any:
    """The coroutine that ``work`` waits in."""
    while hasattr(getattr(work, "cr_await", None), "cr_code"):
        work = work.cr_await
    return work


Deed = Callable[[Any], None]


def at_every_place(kind: type[Cancelled], before: Deed, deed: Deed) -> int:
    """Run it with each place in turn; how many there are."""
    place = 0
    while True:
        run = kind.__new__(kind)
        try:
            run.__init__(before, deed, place)  # type: ignore[misc]
        except BaseException as error:
            error.add_note(f"cancelled at place {place}: {run.where}")
            raise
        if not run.where:
            return place
        place += 1
