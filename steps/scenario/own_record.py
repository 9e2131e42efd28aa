"""The app's own record of what it did, held against what was seen from outside: it may lack
nothing, and make nothing up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from steps.scenario.disk_words import TAKE_OVER_SESSION, news
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
    A change of the disk may be noted a little after it. What a program takes over comes before it
    has a record.

    Raises:
        AssertionError: the record lacks something, or has what nobody saw.
    """
    for party in PARTIES:
        there = [one.what for one in seen if one.party == party]
        noted = [one.what for one in own if one.party == party]
        there = [what for what in there if what != TAKE_OVER_SESSION]
        same = sorted(there) == sorted(noted) if party == "disk" else there == noted
        assert same, f"{party}: the app's own record has {noted}, and seen from outside was {there}"


def compare_tokens(noted: Sequence[Mapping[str, Any]], sent: Sequence[httpx.Request]) -> None:
    """What the record says of each request, whether a token went with it, against the requests.

    Raises:
        AssertionError: of one of them it says the opposite.
    """
    said = sorted((one["request"], one["authorised"]) for one in noted)
    assert said == sorted(
        (f"{one.method} {asked_at(one)}", "authorization" in one.headers) for one in sent
    )


def asked_at(request: httpx.Request) -> str:
    """The path that was asked, if what answers there has found the request elsewhere, too."""
    return str(request.extensions.get("asked at") or request.url.raw_path.decode())
