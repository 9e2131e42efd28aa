"""The wall clock of this process, which is that of the app's computer:
freezegun's, moved with the virtual loop.

The app runs on ``time.time``, ``time.monotonic`` and ``datetime`` as it ships; nothing is injected.
Freezegun knows nothing of timers: they are ``virtual_time``'s. The first of several that lie within
each other takes tens of milliseconds to start, for it looks through every module; so a run that has
no other driver keeps one all the time (``kept_frozen``).
"""

from __future__ import annotations

import contextlib
import datetime
import os
import time
from collections.abc import Iterator
from unittest import mock

import freezegun

from steps.fakes.virtual_time import VirtualTime

# Who measures real time while a scenario runs.
# Not pytest as a whole: it is on the stack of every step.
freezegun.configure(
    extend_ignore_list=[
        "pytest_bdd.reporting",
        "_pytest.timing",
        "pytest_timeout",
        "steps.site.run_record",
    ]
)
# Each of them asks for the time itself: whoever else is on the stack need not be looked at.
freezegun.api.call_stack_inspection_limit = 1
_EPOCH = freezegun.api.real_datetime(1970, 1, 1)
"""Without a time zone, as freezegun keeps its time, and Python's own, which is quicker."""


@contextlib.contextmanager
def kept_frozen() -> Iterator[None]:
    """Within, ``frozen`` starts and ends at once."""
    with freezegun.freeze_time():
        yield


@contextlib.contextmanager
def real_datetime() -> Iterator[None]:
    """Within, a ``datetime`` is Python's own: ``cryptography`` takes no other, and a library that
    was loaded before the clock was frozen has some.
    """
    with mock.patch.object(datetime, "datetime", freezegun.api.real_datetime):
        yield


@contextlib.contextmanager
def _in_greenwich() -> Iterator[None]:
    """What is said of times is the same on every computer."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ", None)
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


@contextlib.contextmanager
def frozen(virtual: VirtualTime) -> Iterator[None]:
    """Within, ``virtual`` is the time of this process, in Greenwich."""
    with _in_greenwich(), freezegun.freeze_time(_moment(virtual.on_computer())) as clock:

        def follow(now: float) -> None:
            clock.time_to_freeze = _moment(now)

        virtual.follow = follow
        yield


def _moment(seconds: float) -> datetime.datetime:
    return _EPOCH + datetime.timedelta(seconds=seconds)
