"""How an answer is brought, apart from what it says: at once, late, held back, or broken off.
Used by every transport.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable


class Hold:
    """Keeps an answer back until ``release``.
    It belongs to the thread that the transport runs in.
    """

    def __init__(self) -> None:
        self.released = False
        self._waiting: list[Callable[[], None]] = []

    def release(self) -> None:
        """Let the answer go."""
        self.released = True
        for tell in self._waiting:
            tell()
        self._waiting.clear()

    def on_release(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` at the release; at once if it was before."""
        if self.released:
            tell()
        else:
            self._waiting.append(tell)


@dataclasses.dataclass(frozen=True, slots=True)
class Delivery:
    """After ``delay_s`` seconds, after ``hold``, and whole or broken off.

    ``cut_at`` is the number of body bytes after which the connection ends;
    None delivers the answer whole.
    """

    delay_s: float = 0.0
    hold: Hold | None = None
    cut_at: int | None = None


PROMPT = Delivery()


async def due(delivery: Delivery) -> None:
    """Return when the answer may go."""
    if delivery.delay_s:
        await asyncio.sleep(delivery.delay_s)
    if delivery.hold is not None:
        released = asyncio.Event()
        delivery.hold.on_release(released.set)
        await released.wait()
