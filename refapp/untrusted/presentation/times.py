"""Moments as a person reads them, in local time.
Pure, but for the clock that tells today from other days.
"""

from __future__ import annotations

import functools
import time


def clock(at: float, *, seconds: bool = False) -> str:
    """A time of today as hours and minutes, another day with its date; local time."""
    when = time.localtime(at)
    of_day = time.strftime("%H:%M:%S" if seconds else "%H:%M", when)
    return (
        of_day
        if when[:3] == time.localtime()[:3]
        else f"{time.strftime('%Y-%m-%d', when)} {of_day}"
    )


def day(at: float) -> str:
    """A time in few letters, for a narrow column:
    hours and minutes today, otherwise the day; local time.
    """
    return _day(int(at // 60), time.localtime()[:3])


@functools.lru_cache(maxsize=4096)
def _day(minute: int, today: tuple[int, ...]) -> str:
    # A list of thousands asks for the same at each change of one of them.
    when = time.localtime(minute * 60)
    form = "%H:%M" if when[:3] == today else "%d %b" if when[0] == today[0] else "%Y"
    return time.strftime(form, when)
