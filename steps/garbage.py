"""When the collector of garbage looks, and at what, while tests run.

All that was there before the first test is there until the last: modules, and some thousand tests.
To look through them over and over costs two fifths of the unit tests' processor time. What a test
left is looked for at its end, always at the same place: a connection that nobody closed is told of
then, and not whenever the collector happens to come by. And what Tk leaves goes in its own thread,
which is the tests': found later, in another, it would raise there.
"""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest

gc.disable()


def pytest_collection_finish() -> None:
    """Look from now on, at what is new: Python by itself only where one test makes much of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Generator[None]:
    """Look for what the test and its fixtures left: its own teardown is an error then. This one is
    the first that begins, so that it ends when the others have. What is still in use is a whole
    module's, and is looked at again when all tests have run.
    """
    yield
    # Pytest holds what they gave the test for longer, but where the run is broken off.
    (request.node.funcargs or {}).clear()
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Look at everything: pytest does so once more."""
    gc.unfreeze()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """It has: not again, and not when Python ends."""
    gc.freeze()
