"""Who waits for the session's next change, and the stream of changes that a program reads.
Owns no state of the session's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable

from refapp.trusted.composition.session_words import Change


class ToldChanges:
    """``now`` gives how the session is, ``closed`` whether nothing more will happen."""

    def __init__(self, now: Callable[[], Change], closed: Callable[[], bool]) -> None:
        self._now = now
        self._closed = closed
        self._waiting: set[asyncio.Event] = set()

    def tell(self) -> None:
        """Something may have changed."""
        for event in self._waiting:
            event.set()

    async def next(self) -> None:
        """Wait until it may have."""
        moved = asyncio.Event()
        self._waiting.add(moved)
        try:
            await moved.wait()
        finally:
            self._waiting.discard(moved)

    async def all(self) -> AsyncGenerator[Change, None]:
        """How it is now, and after each change, until it is closed.
        Of several changes at once the last is told.
        """
        told: Change | None = None
        while True:
            if self._now() != told:
                told = self._now()
                yield told
            elif self._closed():
                return
            else:
                await self.next()
