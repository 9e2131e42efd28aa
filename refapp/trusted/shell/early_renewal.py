"""When a token whose end is known is renewed before that end (RF-13). Pure but for ``EarlyRenewal``, which waits for it.

Owns the two windows before the end. In the first, long one the app renews by itself, beside everything else and whether or not
anybody calls; its moment is random over ``SPREAD_S``, so that copies of the app that were started together do not renew together
(OF-5). In the second, short one a call waits for the renewal.

All moments are on the server's clock. Invariant: two renewals of one session are at least ``SHORTEST_LIFE_S / 4`` apart, because
a window is never longer than its share of the session's life, and a session that lives shorter than that is renewed when it
meets a 401.
"""

from __future__ import annotations

from collections.abc import Callable

from refapp.trusted.scheduling.alarm import Alarm
from refapp.trusted.storage.secret import StoredSession

LEAD_S = 120.0
SPREAD_S = 300.0
URGENT_S = 20.0
SHORTEST_LIFE_S = 60.0


def planned(session: StoredSession, chance: float) -> float | None:
    """When to renew ``session`` without being asked; None if its end is not known or it is too short. ``chance`` in [0, 1)."""
    life = _life(session)
    if session.expires_at is None or life is None:
        return None
    return session.expires_at - min(LEAD_S, life / 4) - chance * min(SPREAD_S, life / 3)


def urgent(session: StoredSession, now: float) -> bool:
    """Whether a call made ``now`` would rather wait for a renewal than meet a 401."""
    life = _life(session)
    if session.expires_at is None or life is None:
        return False
    return now >= session.expires_at - min(URGENT_S, life / 10)


class EarlyRenewal:
    """The next renewal of the session that is held. A renewal that moved no end is not planned again.

    ``clock`` is this computer's, ``clock_offset`` gives the seconds that the server's is ahead; ``chance`` is in [0, 1).
    """

    def __init__(
        self, clock: Callable[[], float], clock_offset: Callable[[], float], chance: Callable[[], float]
    ) -> None:
        self._alarm = Alarm(clock)
        self._clock_offset = clock_offset
        self._chance = chance
        self._tried_end: float | None = None

    def plan(self, session: StoredSession | None, renew: Callable[[], bool]) -> None:
        """Call ``renew`` before the end of ``session``, in place of what was planned; it says whether it does so."""
        self._alarm.cancel()
        if session is None or session.expires_at == self._tried_end:
            return

        def due() -> None:
            if renew():
                self._tried_end = session.expires_at

        moment = planned(session, self._chance())
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
