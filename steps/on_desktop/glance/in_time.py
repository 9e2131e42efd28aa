"""That what comes anew in the real window begins anew: fields are empty, boxes not ticked, no row
is chosen. Nothing of one sign-in is left for the next. And that nothing is chosen anew while nobody
can choose, and what is told while it happens comes while it happens.

Compares what the window has shown with what it showed before.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from refapp.params import LONGEST_SHOWN
from refapp.untrusted.channel.link import TRAFFIC_KEPT

CODE, PASSWORD = "second_factor.one_time_code", "sign_in.password"
FIELDS = ("sign_in.pasted", CODE)
"""Empty whenever they come."""
BOXES: Mapping[str, str] = {"sign_in.show_password": "sign_in.password", "second_factor.trust": ""}
"""What is not ticked when it comes -> the field of which that holds when it can be used again."""
EMPTY = ": 0 characters"
SENTENCE = "second_factor.sentence"
FIRST, OTHERS = "second_factor.factor1", ("second_factor.factor2", "second_factor.factor3")
MESSAGES, TELLS = "inspector.messages", "↑ to the app | shown |"
"""The window's record of what went over the channel, and what stands there of each time that it
told what it shows.
"""
ROWS, AT_ONCE = "at:inspector.messages.", 15
"""The rows of that record in sight, and how often the window can tell something of itself, which is
a message, before that is drawn.
"""


def amiss(shown: Sequence[Mapping[str, str]]) -> list[str]:
    """What came with something of before. ``shown``: by the window that runs now, oldest first."""
    account = [one for one in shown if one.get("state:nav.account") == "selected"]
    found = [wrong for a, b in itertools.pairwise(account) for wrong in _left(a, b)]
    found += [*_exchanged(shown), *_stale(shown), *_stands_still(shown)]
    return list(dict.fromkeys(found))


def _exchanged(shown: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The kind of code is hers to choose, by a key that takes the keyboard there, or by a click
    that leaves it where it is: it is the same when the one before was refused.
    """
    before, chosen, asked = "", "", False
    for seen in shown:
        there, at, wrong = FIRST in seen, seen.get("focus", ""), seen.get(SENTENCE, "")
        if f"at:{FIRST}" not in seen:
            before, chosen, asked = at + wrong, chosen if there else "", there
            continue
        now = next((one for one in (FIRST, *OTHERS) if _ticked(seen, one)), "")
        hers = at in (FIRST, *OTHERS) or (at + wrong == before and not asked)
        if chosen not in ("", now) and not hers:
            yield f"{chosen} was chosen, and {now} is without her doing"
        before, chosen, asked = at + wrong, now, False


def _stale(shown: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The record has all up to the moment in which its page comes, not in which it came before."""
    for number, (before, now) in enumerate(itertools.pairwise(shown), 1):
        if MESSAGES not in now or MESSAGES in before:
            continue
        lines, below = now[MESSAGES].split("\n"), 0
        if len(now[MESSAGES]) == LONGEST_SHOWN:
            # The window tells no more of a text than this, but which rows are in sight. Each of
            # those below may be one of them.
            lines.pop()
            below = _last_message(now) - len(lines)
            if below < 1:
                continue
        told = sum(TELLS in line for line in lines) + below
        if told < number and len(lines) + below < TRAFFIC_KEPT:
            yield f"the inspector comes with {told} of {number} messages that say what is shown"


def _stands_still(shown: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The list of messages, which each of ``shown`` is one of."""
    for row, same in itertools.groupby(shown, key=_last_message):
        if 0 < row < TRAFFIC_KEPT and (times := len(list(same))) > AT_ONCE:
            yield f"the window told {times} times that the last message in sight is number {row}"


def _last_message(seen: Mapping[str, str]) -> int:
    rows = (int(name.removeprefix(ROWS)) for name in seen if name.startswith(ROWS))
    return max(rows, default=0)


def _left(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in FIELDS:
        if name in now and name not in before and not now[name].endswith(EMPTY):
            yield f"{name} has {now[name]!r} when it comes"
    # While somebody signs in with it the form is there, and can't be used.
    sent = _again(PASSWORD, before, now)
    if sent and not now[PASSWORD].endswith(EMPTY):
        yield f"the form can be used again, and has {now[PASSWORD]!r} still"
    for field, wrong in ((PASSWORD, "sign_in.error"), (CODE, SENTENCE)):
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
