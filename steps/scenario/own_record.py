"""The app's own record of what it did, held against what was seen from outside: it may lack
nothing, and make nothing up.
"""

from __future__ import annotations

from collections.abc import Sequence

from steps.scenario.disk_words import news
from steps.scenario.effects import PARTIES, Effect


def only_news(seen: Sequence[Effect]) -> list[Effect]:
    """``seen`` without what was on the disk for a while only."""
    disk = news(one.what for one in seen if one.party == "disk")
    found = []
    for one in seen:
        if one.party == "disk":
            if one.what not in disk:
                continue
            disk.remove(one.what)
        found.append(one)
    return found


def compare(seen: Sequence[Effect], own: Sequence[Effect]) -> None:
    """What was seen against the app's own record of it.
    A change of the disk may be noted a little after it.

    Raises:
        AssertionError: the record lacks something, or has what nobody saw.
    """
    for party in PARTIES:
        there = [one.what for one in seen if one.party == party]
        noted = [one.what for one in own if one.party == party]
        same = sorted(there) == sorted(noted) if party == "disk" else there == noted
        assert same, f"{party}: the app's own record has {noted}, and seen from outside was {there}"
