"""An event loop in a thread of its own, for programs that have none,
and the waiting for what is done in it.

Owns that nobody waits for ever: what is asked for has its answer, or SessionClosed, when the loop
ends. The thread is a daemon: a program that ends does not wait for it.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import queue
import threading
from collections.abc import Callable, Coroutine
from typing import Generic, TypeVar

from refapp.trusted.errors import SessionClosed

T = TypeVar("T")

LOOK_EVERY_S = 0.2
"""How soon Ctrl-C counts where a wait for a thread can't be interrupted (Windows)."""


class Calls:
    """What a thread that waits is to call, in turn, for the loop that it waits for."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

    def put(self, call: Callable[[], None] | None) -> None:
        """Let it be called there; None: there is an answer, and nothing more to wait for."""
        self._queue.put(call)

    async def answer(self, question: Callable[[], T]) -> T:
        """What it answers there; the loop goes on meanwhile.
        What it raises is raised there, which ends the wait and this.
        """
        answer: concurrent.futures.Future[T] = concurrent.futures.Future()

        def asked() -> None:
            if answer.set_running_or_notify_cancel():
                answer.set_result(question())

        self._queue.put(asked)
        return await asyncio.wrap_future(answer)

    def call_all(self) -> None:
        """Call what is put, until there is an answer.
        Raises what is raised there, and whatever interrupts the wait.
        """
        while True:
            try:
                call = self._queue.get(timeout=LOOK_EVERY_S)
            except queue.Empty:
                continue
            if call is None:
                return
            call()


class LoopThread:
    """Runs from the start, in a thread called ``name``; ``close`` ends it."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._workers = concurrent.futures.ThreadPoolExecutor(thread_name_prefix=name)
        self._loop.set_default_executor(self._workers)
        self._lock = threading.Lock()
        self._closing = False
        self._ending: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self._loop.run_forever()
        # As asyncio.run ends: connections that were just given up are closed on the way.
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        # Not by the loop: that starts a thread, which Python 3.12.1 refuses while a program ends.
        self._workers.shutdown()
        self._loop.close()

    def wait(self, asked: Coroutine[None, None, T], calls: Calls | None = None) -> T:
        """What ``asked`` comes to, done in the loop;
        what is put into ``calls`` meanwhile is called here.

        If that raises, or the wait is interrupted,
        ``asked`` is cancelled and has ended when it is raised here.

        Raises:
            SessionClosed: the loop has ended, or did before there was an answer.
        """
        calls = Calls() if calls is None else calls
        work = _Work(self._loop, asked, calls)
        with self._lock:
            if self._closing:
                asked.close()
                raise SessionClosed
            self._loop.call_soon_threadsafe(work.begin)
        with contextlib.ExitStack() as undo:
            undo.callback(self._cancelled, work)
            calls.call_all()
            undo.pop_all()
        return work.result()

    def _cancelled(self, work: _Work[T]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and the work with it
            self._loop.call_soon_threadsafe(work.cancel)
        while not work.ended.wait(LOOK_EVERY_S):
            pass

    def close(self, last: Coroutine[None, None, None]) -> None:
        """Do ``last``, cancel all else, and end. In the loop's own thread it only begins to."""
        with self._lock:
            if self._closing:
                last.close()
                return
            self._closing = True
            self._loop.call_soon_threadsafe(self._end, last)
        if threading.current_thread() is not self._thread:
            while self._thread.is_alive():
                self._thread.join(LOOK_EVERY_S)
            if self._ending is not None:
                self._ending.result()

    def _end(self, last: Coroutine[None, None, None]) -> None:
        async def end() -> None:
            try:
                await last
            finally:
                others = asyncio.all_tasks() - {asyncio.current_task()}
                for task in others:
                    task.cancel()
                if others:
                    await asyncio.wait(others)

        self._ending = self._loop.create_task(end())
        self._ending.add_done_callback(lambda _: self._loop.stop())


class _Work(Generic[T]):
    """One coroutine that a thread waits for; ``ended`` is set, and ``calls`` told, when it has.
    It is begun in its loop.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, asked: Coroutine[None, None, T], calls: Calls
    ) -> None:
        self.ended = threading.Event()
        self._loop = loop
        self._asked = asked
        self._calls = calls
        self._task: asyncio.Task[T] | None = None

    def begin(self) -> None:
        self._task = self._loop.create_task(self._asked)
        self._task.add_done_callback(self._done)

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _done(self, task: asyncio.Task[T]) -> None:
        if not task.cancelled():
            # it is raised where it is waited for; a wait that was interrupted has raised that
            task.exception()
        self.ended.set()
        self._calls.put(None)

    def result(self) -> T:
        """Once it has ended.
        Raises what it raised, or SessionClosed if it was cancelled: by the loop's end, that is.
        """
        if self._task is None or self._task.cancelled():
            raise SessionClosed
        return self._task.result()
