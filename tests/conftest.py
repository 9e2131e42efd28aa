"""For all tests of the code: no property is timed against the clock, for a busy machine makes any example slow."""

from __future__ import annotations

import hypothesis

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
