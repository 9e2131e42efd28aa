"""One keychain call at a time,
on a thread that can neither hold up the app nor keep it from ending.

Owns the deadline. A keychain call can hang for ever: behind a prompt, or on a stopped service.
``asyncio.to_thread`` is no answer: its wait ends in time, but the interpreter then joins the stuck
thread at exit and never ends. Hence a daemon thread.

Invariant: while a call hangs no second one is started;
the next caller waits for it, up to its own deadline (SS-13).
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable
from typing import TypeVar

from refapp.trusted.errors import StorageTimeout
from refapp.trusted.wording import keychain_words

T = TypeVar("T")


class KeychainThread:
    """Runs blocking calls one after the other."""

    def __init__(self) -> None:
        self._ended: concurrent.futures.Future[None] | None = None

    async def call(self, work: Callable[[], T], deadline_s: float) -> T:
        """The result of ``work``, or what it raised.

        Raises:
            StorageTimeout: neither this call nor the one before it ended in ``deadline_s`` seconds.
            The call goes on.
        """
        try:
            async with asyncio.timeout(deadline_s):
                while self._ended is not None and not self._ended.done():
                    await asyncio.wrap_future(self._ended)
                return await asyncio.wrap_future(self._start(work))
        except TimeoutError:
            raise StorageTimeout(keychain_words.NOT_IN_TIME) from None

    def _start(self, work: Callable[[], T]) -> concurrent.futures.Future[T]:
        result: concurrent.futures.Future[T] = concurrent.futures.Future()
        ended: concurrent.futures.Future[None] = concurrent.futures.Future()
        # From here on a caller that gives up can't cancel the futures under the thread.
        result.set_running_or_notify_cancel()
        ended.set_running_or_notify_cancel()
        self._ended = ended

        def run() -> None:
            try:
                result.set_result(work())
            except BaseException as error:  # noqa: BLE001  # handed over to the caller
                result.set_exception(error)
            finally:
                ended.set_result(None)

        threading.Thread(target=run, name="keychain", daemon=True).start()
        return result
