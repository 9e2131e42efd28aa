"""For all tests of the code: no property is timed against the clock, for a busy machine makes any example slow."""

from __future__ import annotations

import hypothesis
import pytest

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--orders", type=int, default=400, help="how many random orders of events the property runs")
    parser.addoption("--histories", type=int, default=300, help="how many histories of months the property runs")
    parser.addoption("--seed", type=int, default=0, help="which histories, and which runs over a wire that lies")
