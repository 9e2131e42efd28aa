"""Random lines in every phase of the session, 250 each: requests with good and bad
parameters, and anything else.

``REFAPP_FUZZ=100 pytest tests/fuzz`` says a hundred times as many.
"""

from __future__ import annotations

import itertools
import os
import random

import pytest

from refapp import messages as m
from refapp.snapshot import Phase
from tests.boundary.test_channel_attacks import PARAMS, line, tag
from tests.fuzz.behind_the_gate import Besieged, understood

pytestmark = pytest.mark.usefixtures("clock_kept_frozen")
IN_EACH = 250 * int(os.environ.get("REFAPP_FUZZ", "1"))
VALUES = (
    None,
    True,
    -1,
    0,
    2**53,
    2**64,
    0.5,
    "",
    "0123456789ab",
    "x" * 5000,
    "\0",
    "\ud800",
    "accessToken",
    [],
    {},
    [[1]],
)


def any_line(chance: random.Random, kind: type[m.Request]) -> bytes:
    """A request of this kind, three times of four:
    as it is, with one value another, a field too many or too few; or bytes.
    """
    params = dict(PARAMS[kind])
    match chance.randrange(8):
        case 0 | 1 | 2 | 3:
            pass
        case 4 if params:
            params[chance.choice(list(params))] = chance.choice(VALUES)
        case 5:
            params[chance.choice(("more", "note", "key"))] = chance.choice(VALUES)
        case 6 if params:
            params.pop(chance.choice(list(params)))
        case _:
            whole = bytearray(line(tag(kind), params))
            for _ in range(chance.randint(1, 4)):
                whole[chance.randrange(len(whole))] = chance.choice(b'{}[]":,\\0a\x00\xff\x80')
            return bytes(whole).replace(b"\n", b" ")
    return line(tag(kind), params, chance.choice((1, 7, 2**53)))


@pytest.mark.parametrize("phase", Phase)
def test_random_lines_in_this_phase_do_what_they_may_and_no_more(phase: Phase) -> None:
    chance = random.Random(f"{phase.value} {os.environ.get('REFAPP_SEED', '')}")
    besieged, kinds, turns = Besieged(phase), set(), itertools.cycle(PARAMS)
    try:
        while besieged.said < IN_EACH:
            said = any_line(chance, next(turns))
            kinds.add(type(understood(said)))
            besieged.say(said)
    finally:
        besieged.close()
    assert kinds >= set(PARAMS), "each request was among them"
