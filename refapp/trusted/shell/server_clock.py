"""This computer's clock beside the server's, which its answers tell.
Owns what is said of it, and that it is said once.
"""

from __future__ import annotations

from collections.abc import Callable

from refapp.trusted.server.wording import clock_off

WRONG_S = 300.0


class ServerClock:
    """``clock`` is this computer's, in unix seconds;
    ``offset``: by how many the server's is ahead.
    """

    def __init__(self, clock: Callable[[], float], offset: Callable[[], float]) -> None:
        self._clock = clock
        self._offset = offset
        self._said = False

    def now(self) -> float:
        """The server's time, unix seconds."""
        return self._clock() + self._offset()

    def wrong(self) -> str:
        """The sentence about a clock that is wrong, once; else "".
        Certificates need it right, a session does not.
        """
        if self._said or abs(self._offset()) <= WRONG_S:
            return ""
        self._said = True
        return clock_off(self._offset())
