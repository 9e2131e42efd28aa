"""What follows when a window process ends: the app ends too, or a fresh window comes up. Pure but for the clock it is given.

A window that crashes is started again, a bounded number of times and ever later (SB-7). One that the kernel stopped at a
forbidden system call counts as taken over and is not (SB-6). One that can't confine itself is refused (SB-3).
"""

from __future__ import annotations

import signal
from collections.abc import Callable

import msgspec

CLOSED, FAILED, NO_DISPLAY, NOT_CONFINED, TAKEN_OVER = 0, 1, 69, 70, 71
"""Exit codes, of the window and of the app. 69 and 70 are sysexits' "unavailable" and "software"."""

DELAYS_S = (0.1, 1.0, 3.0)
WITHIN_S = 60.0

KEPT = "Nothing that was stored is lost."


class Ending(msgspec.Struct, frozen=True):
    """The app ends with ``code``; ``sentence`` tells the person why, if there is something to tell."""

    code: int
    sentence: str


class Again(msgspec.Struct, frozen=True):
    """A fresh window comes up ``after_s`` seconds from now."""

    after_s: float
    sentence: str


class WindowEnds:
    """Remembers the crashes of this run. ``expected``: the next end was asked for."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.expected = False
        self._clock = clock
        self._crashes: list[float] = []

    def judge(self, code: int, why: str, *, was_open: bool) -> Ending | Again:
        """``code``: exit code, negative for a signal. ``why``: the parent's reason to end it, or the window's last words."""
        if self.expected:
            self.expected = False
            return Again(0.0, "")
        if code == CLOSED:
            return Ending(CLOSED, "")
        if code == -signal.SIGSYS:
            return Ending(TAKEN_OVER, f"The window tried something that it must never do, and was ended. {KEPT}")
        if code in (NO_DISPLAY, NOT_CONFINED):
            return Ending(code, why or "The window could not be started.")
        now = self._clock()
        self._crashes = [at for at in self._crashes if now - at < WITHIN_S] + [now]
        if not was_open:
            return Ending(FAILED, f"The window could not be started. {why or f'It ended with code {code}.'} {KEPT}")
        if len(self._crashes) > len(DELAYS_S):
            return Ending(FAILED, f"The window keeps ending. {why or f'Its last code was {code}.'} {KEPT}")
        return Again(DELAYS_S[len(self._crashes) - 1], f"The window ended unexpectedly and was started again. {KEPT}")
