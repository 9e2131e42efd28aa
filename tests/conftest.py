"""For all tests of the code:
no property is timed against the clock, for a busy machine makes any example slow.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator

import hypothesis
import pytest

from steps.fakes import frozen_clock

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background by a shell, which passes that on:
    # no Ctrl-C would reach what a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--orders", type=int, default=150, help="how many random orders of events the property runs"
    )
    parser.addoption(
        "--histories", type=int, default=100, help="how many histories of months the property runs"
    )
    parser.addoption(
        "--seed", type=int, default=0, help="which histories, and which runs over a wire that lies"
    )


@pytest.fixture(scope="module")
def clock_kept_frozen() -> Iterator[None]:
    """For a module whose tests each have a computer of their own in virtual time: see
    ``frozen_clock``.
    """
    with frozen_clock.kept_frozen():
        yield
