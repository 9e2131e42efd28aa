"""The little that work done for the session may know of who it is done for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

import msgspec

from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.broken_off import broken_off


class Shell(msgspec.Struct, frozen=True):
    """What the work knows of the shell that it is done for.

    ``base`` is the server's. ``clock`` and ``server_clock`` give unix seconds, here and there;
    ``current()`` is the session's generation now; ``dispatch`` takes what happens on the way.
    """

    base: str
    clock: Callable[[], float]
    server_clock: Callable[[], float]
    current: Callable[[], int]
    dispatch: Callable[[ev.Event], None]

    async def feed(self, work: Callable[[], Coroutine[None, None, ev.Event]]) -> None:
        """Do ``work``, and let happen what comes of it."""
        self.dispatch(await work())

    def give_up(self, effect: do.Effect) -> None:
        """Its work was cancelled; let that happen."""
        event = broken_off(effect)
        if event is not None:
            self.dispatch(event)
