"""What the collector of garbage looks at while tests run.

All that was there before the first test is there until the last: modules, and some thousand tests.
To look through them over and over costs a run of the unit tests a third of its time.
"""

from __future__ import annotations

import gc

NEW_OBJECTS = 20_000
"""How many there have to be before it looks: Python's own 700 are made in no time."""

gc.disable()


def pytest_collection_finish() -> None:
    """Look from now on, at what is new."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
    gc.enable()
