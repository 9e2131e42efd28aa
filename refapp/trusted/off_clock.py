"""Says once that this computer's clock is wrong: certificates and other programs need it, the session does not (RF-13)."""

from __future__ import annotations

from collections.abc import Callable

from refapp.trusted.wording import clock_off

CLOCK_OFF_S = 300.0


class OffClock:
    """``offset`` gives the seconds that the server's clock is ahead of this computer's."""

    def __init__(self, offset: Callable[[], float]) -> None:
        self._offset = offset
        self._told = False

    def sentence(self) -> str:
        """What to say now, empty if there is nothing to say, or it was said."""
        offset = self._offset()
        if self._told or abs(offset) <= CLOCK_OFF_S:
            return ""
        self._told = True
        return clock_off(offset)
