"""When to try again. Pure.

Delays are random,
so that many copies which lost the server together do not come back together (OF-5).
"""

from __future__ import annotations

FIRST_S = 2.0
LONGEST_S = 120.0


def delay(attempt: int, chance: float, at_least: float | None = None) -> float:
    """Seconds to wait before try ``attempt`` (from 1). ``chance`` in [0, 1) spreads the copies.

    While the range doubles, up to ``LONGEST_S``, the whole of it is random: from the sixth try on a
    copy may be anywhere in two minutes. After that each wait is ``LONGEST_S`` give or take a tenth,
    and so a copy keeps its place. Were the whole of those waits random too, most would be near
    their next try at any moment, and the first seconds after a return would get more than twice the
    even share. With 10,000 copies that lost the server in the same second, and outages from five
    minutes to an hour, the busiest second gets 1.6 times the even share at most
    (tests/races/test_return_of_many.py).

    A server's word (``at_least``) is kept to, and the wait comes on top of it (OF-7).
    """
    widest = FIRST_S * 2.0 ** min(attempt, 20)
    settled = widest / 2 >= LONGEST_S
    wait = (
        LONGEST_S * (0.9 + 0.2 * chance) if settled else max(0.2, min(LONGEST_S, widest) * chance)
    )
    return (at_least or 0.0) + wait
