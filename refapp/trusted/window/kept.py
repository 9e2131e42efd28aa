"""Up to when what a person types is kept: recorded at each save, said when a window or the app ends (NT-2).

Pure but for the clock it is given. It holds no text.
"""

from __future__ import annotations

import time
from collections.abc import Callable

NOTHING_LOST = "Nothing that was stored is lost."


class Kept:
    """The saves of this run. ``clock`` gives unix seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._saved_at: float | None = None
        self._refused: dict[str | None, str] = {}

    def saved(self, note: str | None) -> None:
        """What was typed into ``note`` (None: a new one) is on the disk."""
        self._saved_at = self._clock()
        self._refused.pop(note, None)

    def refused(self, note: str | None, why: str) -> None:
        """It could not be saved; ``why`` is a sentence."""
        self._refused[note] = why

    @property
    def trouble(self) -> bool:
        """Something that was typed is not saved."""
        return bool(self._refused)

    @property
    def sentence(self) -> str:
        """What is kept, for people."""
        why = next(iter(self._refused.values()), "")
        if self._saved_at is None:
            return f"What was typed could not be saved: {why}" if why else NOTHING_LOST
        at = time.strftime("%H:%M:%S", time.localtime(self._saved_at))
        later = f" What was typed after that could not be saved: {why}" if why else ""
        return f"What was typed is kept up to {at}.{later}"
