"""Every order in which two flows can interleave, and every place at which the app can be killed in
them (SO-7, RF-10).
"""

from __future__ import annotations

import pytest
from orders import Story

from steps.in_process.every_order import every_order, one_order

LIMIT = 50_000

PAIRS = {
    "sign-in and sign-out": (["in Ada", "out"], False),
    "sign-in and its cancelling": (["in Ada", "cancel"], False),
    "sign-in with the browser and its cancelling": (["browser", "cancel"], False),
    "sign-in with the browser, cancelled, then with the password": (
        ["browser", "cancel", "in Ada"],
        False,
    ),
    "sign-in with the browser and sign-out": (["browser", "out"], False),
    "sign-out during a restore": (["out"], True),
    "sign-out, then sign-in as another during the late answers": (["out", "in Bob"], True),
    "refresh and sign-out": (["expire", "out"], True),
    "refresh and another call": (["expire", "call"], True),
    "refresh and a sign-out that fails": (["expire", "out in vain"], True),
    "refresh, a sign-out that fails, and one that does not": (
        ["expire", "out in vain", "out"],
        True,
    ),
    "restore, and a sign-out that fails": (["out in vain"], True),
    "expiry and sign-out": (["revoke", "out"], True),
    "expiry, a call, and sign-in as another": (["revoke", "call", "in Bob"], True),
    "refresh, sign-out, sign-in as another": (["expire", "out", "in Bob"], True),
}


SHORT = {
    "sign-out, then sign-in as another during the late answers",
    "sign-in with the browser, cancelled, then with the password",
}
"""The first has more orders than anybody has time for, the second takes a sixth of the time of all.
What that leaves out, "sign-out during a restore" and "sign-in with the browser and its cancelling"
have.
"""


@pytest.mark.parametrize("pair", PAIRS)
def test_in_every_order(pair: str) -> None:
    actions, before = PAIRS[pair]
    short = pair in SHORT
    assert (
        every_order(
            lambda choose: Story(choose, actions, signed_in_before=before, short=short), LIMIT
        )
        > 1
    )


CRASHES = {
    "sign-in": (["in Ada"], False),
    "sign-in with the browser": (["browser"], False),
    "restore": ([], True),
    "refresh": (["expire"], True),
    "sign-out": (["out"], True),
}


@pytest.mark.parametrize("flow", CRASHES)
def test_killed_at_every_place(flow: str) -> None:
    actions, before = CRASHES[flow]
    assert (
        every_order(
            lambda choose: Story(choose, actions, signed_in_before=before, crash=True), LIMIT
        )
        > 1
    )


@pytest.mark.parametrize("seed", range(60))
def test_long_stories(seed: int) -> None:
    choose = one_order(seed)
    deeds = ["in Ada", "call", "expire", "out", "in Bob", "call", "revoke", "browser", "cancel"]
    actions = [deeds[choose(len(deeds))] for _ in range(8)]
    Story(choose, actions, signed_in_before=seed % 2 == 0, crash=seed % 3 == 0)
