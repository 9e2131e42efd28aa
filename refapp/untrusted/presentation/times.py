"""Moments as a person reads them, in local time. Pure, but for the clock that tells today from other days."""

from __future__ import annotations

import time


def clock(at: float, *, seconds: bool = False) -> str:
    """A time of today as hours and minutes, another day with its date; local time."""
    when = time.localtime(at)
    of_day = time.strftime("%H:%M:%S" if seconds else "%H:%M", when)
    return of_day if when[:3] == time.localtime()[:3] else f"{time.strftime('%Y-%m-%d', when)} {of_day}"


def day(at: float) -> str:
    """A time in few letters, for a narrow column: hours and minutes today, otherwise the day; local time."""
    when, now = time.localtime(at), time.localtime()
    form = "%H:%M" if when[:3] == now[:3] else "%d %b" if when[0] == now[0] else "%Y"
    return time.strftime(form, when)
