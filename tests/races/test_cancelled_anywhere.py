"""Every task of the trusted side is cancelled at each place where it waits, in turn, and before it begins (NM-2, NM-8).

Afterwards no lease is held, no key is there that no file needs once something was written, nobody waits, and what is shown is
true: ``two_copies`` looks. Left out are the tasks that only wait for time to pass: nobody but their owner knows of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from typing import Any

import pytest
from two_copies import TwoCopies

from refapp.snapshot import Way
from refapp.trusted.rules import events as ev
from refapp.trusted.rules.pending import SignInElsewhereAsked
from steps.scenario.people import ADA, BOB

OURS = ("refapp/trusted/", "tests/races/two_copies.py")
TIMERS = ("Alarm._wait", "StoreWatch._watch", "TwoCopies.start", "TwoCopies.act")


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
    """``story`` once, with the task cancelled that comes to the place ``place``, counted from 0; ``where`` says which it was."""

    def __init__(self, story: str, place: int) -> None:
        self._story = story
        self._left = place
        self._armed = False
        self.where = ""
        super().__init__()

    def play(self) -> None:
        self.time.loop.set_task_factory(self._task)
        before, deed = STORIES[self._story]
        before(self)
        self._armed = True
        deed(self)
        self._armed = False
        self.calm()
        self.look()

    def _task(self, loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Task[Any]:
        code = getattr(work, "cr_code", None)
        if code is None or code.co_qualname.startswith(TIMERS) or not any(part in code.co_filename for part in OURS):
            return asyncio.Task(work, loop=loop, **options)
        task: asyncio.Task[Any] = asyncio.Task(Counted(work, lambda: self._place(task, work)), loop=loop, **options)
        self._place(task, work)
        return task

    def _place(self, task: asyncio.Task[Any], work: Any) -> None:
        if self._armed and not self.where:
            if not self._left:
                inner = work
                while getattr(inner, "cr_await", None) is not None and hasattr(inner.cr_await, "cr_code"):
                    inner = inner.cr_await
                self.where = f"{work.__qualname__}, in {inner.__qualname__}"
                task.cancel()
            self._left -= 1


def nothing(_: Cancelled) -> None:
    """Two copies, and nobody is signed in."""


def signed_in(here: Cancelled) -> None:
    here.sign_in(here.copies[0], ADA)
    here.time.advance(20)


def offline(here: Cancelled) -> None:
    signed_in(here)
    here.server.outage = "unreachable"
    here.time.run(here.call(here.copies[0]))
    here.server.outage = None


def ask(event: ev.Event) -> Callable[[Cancelled], None]:
    def deed(here: Cancelled) -> None:
        here.act(here.copies[0].store.dispatch, event)
        here.time.advance(20)

    return deed


def with_a_code(here: Cancelled) -> None:
    ask(SignInElsewhereAsked(Way.DEVICE))(here)
    if here.copies[0].store.state.pending is not None:
        here.server.model.decide_device(ADA.email, allow=True)
    here.time.advance(20)


def call_after(here: Cancelled, happens: Callable[[str], None]) -> None:
    happens(ADA.email)
    here.time.start(here.call(here.copies[0]))
    here.time.advance(20)


def start(here: Cancelled) -> None:
    here.copies[0] = here.start()
    here.time.advance(20)


def closed(here: Cancelled) -> None:
    signed_in(here)
    here.close(here.copies[0])


def sync(here: Cancelled) -> None:
    here.write(here.copies[0])
    here.time.start(here.copies[0].around.sync.run())
    here.time.advance(20)


def rotate(here: Cancelled) -> None:
    here.time.start(here.rotate())
    here.time.advance(20)


def taken_over(here: Cancelled) -> None:
    """Ada signs out in the other copy and Bob signs in there, which this one notices."""
    here.act(here.copies[1].store.dispatch, ev.SignOutAsked())
    here.time.advance(1)
    here.restart(here.copies[1])
    here.sign_in(here.copies[1], BOB)
    here.time.advance(30)


STORIES: dict[str, tuple[Callable[[Cancelled], None], Callable[[Cancelled], None]]] = {
    "a sign-in": (nothing, lambda here: (here.sign_in(here.copies[0], ADA), here.time.advance(20), None)[-1]),
    "a sign-in with a code": (nothing, with_a_code),
    "a start": (closed, start),
    "a call whose token has run out": (signed_in, lambda here: call_after(here, here.server.model.expire_access)),
    "a call of a session that has ended": (signed_in, lambda here: call_after(here, here.server.model.revoke_all)),
    "another try": (offline, ask(ev.TryAgainAsked())),
    "a sync": (signed_in, sync),
    "a sign-out": (signed_in, ask(ev.SignOutAsked())),
    "another person in the other copy": (signed_in, taken_over),
    "another key": (signed_in, rotate),
}


@pytest.mark.parametrize("story", STORIES)
def test_whoever_is_cancelled_wherever_he_waits(story: str) -> None:
    place = 0
    while True:
        try:
            run = Cancelled.__new__(Cancelled)
            run.__init__(story, place)  # type: ignore[misc]
        except BaseException as error:
            error.add_note(f"cancelled at place {place}: {run.where}")
            raise
        if not run.where:
            break
        place += 1
    assert place > 2
