"""That what comes anew in the real window begins anew: fields are empty, boxes not ticked, no row
is chosen. Nothing of one sign-in is left for the next. And what is told while it happens comes
while it happens.

Compares what the window has shown with what it showed before.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from refapp.untrusted.channel.link import TRAFFIC_KEPT

CODE, PASSWORD = "second_factor.one_time_code", "sign_in.password"
FIELDS = ("sign_in.pasted", CODE)
"""Empty whenever they come."""
BOXES: Mapping[str, str] = {"sign_in.show_password": "sign_in.password", "second_factor.trust": ""}
"""What is not ticked when it comes -> the field of which that holds when it can be used again."""
EMPTY = ": 0 characters"
MESSAGES, AT_ONCE = "at:inspector.messages.", 15
"""The rows of a list in sight, and how often the window can tell something of itself, which is a
message, before that is drawn.
"""
FIRST, OTHERS = "second_factor.factor1", ("second_factor.factor2", "second_factor.factor3")


def amiss(shown: Sequence[Mapping[str, str]]) -> list[str]:
    """What came with something of before. ``shown``: by the window that runs now, oldest first."""
    account = [one for one in shown if one.get("state:nav.account") == "selected"]
    found = [wrong for a, b in itertools.pairwise(account) for wrong in _left(a, b)]
    return [*dict.fromkeys(found), *_stands_still(shown)]


def _stands_still(shown: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The list of messages, which each of ``shown`` is one of."""
    for row, same in itertools.groupby(shown, key=_last_message):
        if 0 < row < TRAFFIC_KEPT and (times := len(list(same))) > AT_ONCE:
            yield f"the window told {times} times that the last message in sight is number {row}"


def _last_message(seen: Mapping[str, str]) -> int:
    rows = (int(name.removeprefix(MESSAGES)) for name in seen if name.startswith(MESSAGES))
    return max(rows, default=0)


def _left(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in FIELDS:
        if name in now and name not in before and not now[name].endswith(EMPTY):
            yield f"{name} has {now[name]!r} when it comes"
    # While somebody signs in with it the form is there, and can't be used.
    sent = _again(PASSWORD, before, now)
    if sent and not now[PASSWORD].endswith(EMPTY):
        yield f"the form can be used again, and has {now[PASSWORD]!r} still"
    for field, wrong in ((PASSWORD, "sign_in.error"), (CODE, "second_factor.sentence")):
        if wrong in now and _again(field, before, now) and now.get("focus") != field:
            yield f"it was wrong, and the keyboard is not at {field}"
    for name, field in BOXES.items():
        comes = sent if field else name in now and name not in before
        if comes and _ticked(now, name):
            yield f"{name} is ticked when it comes"
    if FIRST in now and FIRST not in before and any(_ticked(now, one) for one in OTHERS):
        yield "another kind of code is chosen than the first when the question comes"
    chosen = any(name.startswith("state:sessions.list.") for name in now)
    if chosen and "sessions.list" not in before:
        yield "a row of sessions.list is chosen when it comes"


def _again(field: str, before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """It was there, and can be used now."""
    return field in before and f"at:{field}" not in before and f"at:{field}" in now


def _ticked(seen: Mapping[str, str], name: str) -> bool:
    return seen.get(f"state:{name}") == "selected"
