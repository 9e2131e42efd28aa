"""Whose a window may be follows from the session's state alone (SB-8)."""

from __future__ import annotations

import pytest

from refapp.snapshot import Phase
from refapp.trusted.rules.session_state import State, person

SETTLED = {Phase.SIGNED_IN, Phase.OFFLINE, Phase.EXPIRED, Phase.SIGNED_OUT, Phase.UNAVAILABLE}


@pytest.mark.parametrize("phase", Phase)
def test_it_is_hers_nobodys_or_not_settled(phase: Phase) -> None:
    assert person(State(phase=phase)) == ("" if phase in SETTLED else None)
    known = SETTLED | {Phase.RESTORING}
    assert person(State(phase=phase, user_id="ada")) == ("ada" if phase in known else None)
