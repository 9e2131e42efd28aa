"""What follows when a window process ends: the app ends too, or a fresh window comes up.
Pure but for the clock it is given.

A window that crashes is started again, a bounded number of times and ever later (SB-7). One that
was stopped at a forbidden system call by the kernel (SB-6), or at a forbidden request by the
display's gate (DG-1), counts as taken over and is not. One that can't confine itself is refused
(SB-3).
"""

from __future__ import annotations

import signal
from collections.abc import Callable

import msgspec

from refapp.trusted.window.kept import Kept
from refapp.trusted.wording import start_words, window_words

NOT_BY_ITSELF = -signal.SIGKILL
CLOSED, FAILED, NO_DISPLAY, NOT_CONFINED, TAKEN_OVER = 0, 1, 69, 70, 71
"""Exit codes, of the window and of the app. 69 and 70 are sysexits' "unavailable" and
"software".
"""

DELAYS_S = (0.1, 1.0, 3.0)
WITHIN_S = 60.0


class Ending(msgspec.Struct, frozen=True):
    """The app ends with ``code``;
    ``sentence`` tells the person why, if there is something to tell.
    """

    code: int
    sentence: str


class Again(msgspec.Struct, frozen=True):
    """A fresh window comes up ``after_s`` seconds from now."""

    after_s: float
    sentence: str


class WindowEnds:
    """Remembers the crashes of this run. ``expected``: why the next end was asked for; what could
    not be saved is lost with that as well, and the next window says so. ``asked``: the window was
    to say before what was typed last. ``kept`` says what is not lost (NT-2).
    """

    def __init__(self, clock: Callable[[], float], kept: Kept) -> None:
        self.expected, self.asked = "", False
        self._clock, self._kept = clock, kept
        self._crashes: list[float] = []

    def judge(self, code: int, why: str, *, was_open: bool) -> Ending | Again:
        """``code``: exit code, negative for a signal, TAKEN_OVER also if a gate caught it, and
        NOT_CONFINED if the parent saw that it is not.

        ``why``: the parent's reason to end it, or the window's last words."""
        kept = self._kept.sentence
        if asked_for := self.expected:
            self.expected = ""
            late = window_words.TYPED_LAST_NOT_SAID if self.asked and code != CLOSED else ""
            if asked_for == window_words.SOMEBODY_ELSE:
                # Who reads it is somebody else then: not whose file it was, nor when she wrote.
                kept = window_words.TYPED_BEFORE if self._kept.trouble else ""
            elif not late and not self._kept.trouble:
                kept = ""
            self._kept.handed_on()
            return Again(0.0, f"{late}{kept}".strip())
        if code == CLOSED:
            return Ending(CLOSED, "")
        if code in (-signal.SIGSYS, TAKEN_OVER):
            return Ending(TAKEN_OVER, window_words.tried_the_forbidden(kept))
        now = self._clock()
        self._crashes = [at for at in self._crashes if 0 <= now - at < WITHIN_S]
        if code == NO_DISPLAY and (was_open or self._crashes):
            return Ending(code, window_words.display_went_away(kept))
        if code == NO_DISPLAY:
            # The parent's own sentence, and with it a cure:
            # what a window says is no more than that.
            return Ending(code, start_words.NO_DISPLAY)
        if code == NOT_CONFINED:
            return Ending(code, why or window_words.NOT_STARTED)
        self._crashes.append(now)
        if not was_open:
            return Ending(FAILED, window_words.not_started(why, code, kept))
        if len(self._crashes) > len(DELAYS_S):
            return Ending(FAILED, window_words.keeps_ending(why, code, kept))
        self._kept.begun_anew()
        began = (
            window_words.GATE_BEGAN if why == window_words.GATE_ENDED else window_words.BEGAN_AGAIN
        )
        return Again(DELAYS_S[len(self._crashes) - 1], f"{began} {kept}")
