"""When a token whose end is known is renewed before that end (RF-13).
Pure but for ``EarlyRenewal``, which waits for it.

Owns the two windows before the end. In the first, long one the app renews by itself, beside
everything else and whether or not anybody calls; its moment is random over ``SPREAD_S``, so that
copies of the app that were started together do not renew together (OF-5). In the second, short one
a call waits for the renewal.

A session whose end moves with use has no second chance after it, as a refresh token is. So it is
asked about from half of its life on, and at half of what is left each time that moved nothing,
until little is left (LY-1). One whose end is not known at all is renewed once a day.

All moments are on the server's clock. Invariant: two renewals of one session are at least
``SHORTEST_LIFE_S / 32`` apart, because a window is never longer than its share of the session's
life, and a session that lives shorter than that is renewed when it meets a 401.
"""

from __future__ import annotations

from collections.abc import Callable

from refapp.trusted.scheduling.alarm import Alarm
from refapp.trusted.storage.secret import SessionMode, StoredSession

LEAD_S = 120.0
SPREAD_S = 300.0
URGENT_S = 20.0
SHORTEST_LIFE_S = 60.0
LEAST_SHARE = 16
UNKNOWN_END_S = 24 * 60 * 60.0


def planned(
    session: StoredSession, chance: float, now: float, tried_at: float | None = None
) -> float | None:
    """When to renew ``session`` without being asked; None if that is too short, or nothing helps.
    ``chance`` in [0, 1).

    ``tried_at``: when that was last tried, and moved no end;
    it is in the future where the clock was wrong until the answer came.
    """
    since = max(min(tried_at or 0.0, now), session.obtained_at) or now
    if session.expires_at is None:
        return since + UNKNOWN_END_S
    life = _life(session)
    if life is None:
        return None
    if session.mode is SessionMode.ROTATING:
        soon = min(LEAD_S, life / 4) + chance * min(SPREAD_S, life / 3)
        return None if tried_at else session.expires_at - soon
    left = session.expires_at - since
    return (
        None if left < life / LEAST_SHARE else since + left / 2 + chance * min(SPREAD_S, left / 8)
    )


def urgent(session: StoredSession, now: float) -> bool:
    """Whether a call made ``now`` would rather wait for a renewal than meet a 401."""
    life = _life(session)
    if session.expires_at is None or life is None:
        return False
    return now >= session.expires_at - min(URGENT_S, life / 10)


class EarlyRenewal:
    """The next renewal of the session that is held, and when a renewal last moved no end.

    ``clock`` is this computer's, ``clock_offset`` gives the seconds that the server's is ahead;
    ``chance`` is in [0, 1).
    """

    def __init__(
        self,
        clock: Callable[[], float],
        clock_offset: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        self._alarm = Alarm(clock)
        self._clock = clock
        self._clock_offset = clock_offset
        self._chance = chance
        self._tried: tuple[str, float | None, float] | None = None

    def plan(self, session: StoredSession | None, renew: Callable[[], bool]) -> None:
        """Call ``renew`` before the end of ``session``, in place of what was planned;
        it says whether it does so.
        """
        self._alarm.cancel()
        if session is None:
            return
        what = session.family, session.expires_at
        tried_at = self._tried[2] if self._tried and self._tried[:2] == what else None

        def due() -> None:
            now = self._clock() + self._clock_offset()
            if renew():
                self._tried = *what, now

        moment = planned(session, self._chance(), self._clock() + self._clock_offset(), tried_at)
        if moment is not None:
            self._alarm.at(moment - self._clock_offset(), due)

    def cancel(self) -> None:
        """Drop what was planned."""
        self._alarm.cancel()


def _life(session: StoredSession) -> float | None:
    if session.expires_at is None:
        return None
    life = session.expires_at - session.obtained_at
    return life if life >= SHORTEST_LIFE_S else None
