"""A session that the server has opened and that the app does not hold yet: the one moment at which
nobody would ever end it.

Owns that moment, and nothing of the session: where the work that would make it known is broken off,
as by the app's end, its pair goes into the event that ends the sign-in, and with that to the server
(SI-16). So it is with the answer that brings it, which is waited for among the app's last words.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator
from typing import TypeVar

import msgspec

from refapp.trusted.rules import events as ev
from refapp.trusted.rules.shell import Shell
from refapp.trusted.scheduling.tasks import Tasks
from refapp.trusted.storage.secret import TokenPair
from refapp.trusted.wording import session_words

T = TypeVar("T")


class Opening(msgspec.Struct, frozen=True):
    """The requests by which the server may open a session;
    ``last_words`` is what may still be finished when the app is closed.
    """

    shell: Shell
    last_words: Tasks

    async def answer(
        self,
        generation: int,
        request: Coroutine[None, None, T],
        left: Callable[[T], TokenPair | None],
    ) -> T:
        """The answer to ``request``. One that comes when nobody waits for it any more is read all
        the same, and the session of ``left`` is ended.
        """
        asked = asyncio.get_running_loop().create_task(request)
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            self.last_words.start(self._end(generation, asked, left))
            raise

    async def _end(
        self, generation: int, asked: asyncio.Task[T], left: Callable[[T], TokenPair | None]
    ) -> None:
        pair = left(await asked)
        if pair is not None:
            said = session_words.BROKEN_OFF_TRY_AGAIN
            self.shell.dispatch(ev.SignInUnsuccessful(generation, said, pair))


@contextlib.contextmanager
def ended_if_broken_off(shell: Shell, generation: int, pair: TokenPair | None) -> Iterator[None]:
    """``pair`` is of a session that the block is to make known; None: none was opened.
    Raises what the block raises.
    """
    try:
        yield
    except asyncio.CancelledError:
        if pair is not None:
            shell.dispatch(
                ev.SignInUnsuccessful(generation, session_words.BROKEN_OFF_TRY_AGAIN, pair)
            )
        raise
