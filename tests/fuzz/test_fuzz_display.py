"""A hundred thousand mutated requests: the display's gate never crashes, hangs, or lets through
what its toolkit's table does not name.

What it lets through is read again here, by the protocol's rules and not by the gate's code.
"""

from __future__ import annotations

import random
import struct

import pytest

from refapp.display_gate.known import LARGEST
from refapp.display_gate.qt_rules import QtRules
from refapp.display_gate.rules import ForbiddenRequest, Rules
from refapp.display_gate.table import EXTENSIONS, Table
from tests.unit.display_gate.display_server import (
    BASE,
    COLOURS,
    MAJOR,
    MASK,
    OWN,
    ROOT,
    STRANGER,
    TOP,
    Connection,
    event,
    reply,
    request,
)

COUNT = 100_000
INTERESTING = (
    0,
    1,
    2,
    OWN,
    TOP,
    BASE,
    BASE + MASK,
    BASE + MASK + 1,
    ROOT,
    COLOURS,
    STRANGER,
    0x7FFFFFFF,
    0xFFFFFFFF,
    1 << 11,
    1 << 9,
)
DRAWN_FROM = {62: (4, 8), 72: (4,), 53: (4,), 1: (4,), 70: (4,)}
"""Core requests whose resources are read again here:
offsets that must hold a number of the window's own.
"""


@pytest.fixture(autouse=True, params=[Rules, QtRules], ids=["tk", "qt"])
def table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Table:
    """Each toolkit's."""
    rules: type[Rules] = request.param
    monkeypatch.setattr(Connection, "rules", rules)
    return rules.table


def requests() -> list[bytes]:
    """One of each kind, whole and allowed or not."""
    core = [request(opcode, 0, *[OWN] * 8) for opcode in range(128)]
    others = [
        request(MAJOR[name], minor, *[OWN] * 8)
        for name, rows in EXTENSIONS.items()
        for minor in (*rows, 200)
    ]
    return core + others


def mutated(random_: random.Random, seed: bytes) -> bytes:
    data = bytearray(seed)
    for _ in range(random_.choice((0, 1, 1, 2, 4))):
        kind = random_.randrange(4)
        if kind == 0 and len(data) >= 8:
            struct.pack_into(
                "<I", data, random_.randrange(1, len(data) // 4) * 4, random_.choice(INTERESTING)
            )
        elif kind == 1:
            data[random_.randrange(len(data))] = random_.randrange(256)
        elif kind == 2:
            del data[random_.randrange(4, len(data) + 1) :]
        else:
            data += random_.randbytes(random_.choice((1, 4, 8, 40)))
    if random_.random() < 0.8:  # else the length is wrong
        data += bytes(-len(data) % 4)
        struct.pack_into("<H", data, 2, len(data) // 4)
    return bytes(data)


def read_again(passed: bytes, majors: dict[int, bytes], table: Table) -> int:
    """How many requests ``passed`` holds, each of which the table names."""
    at = count = 0
    while at < len(passed):
        opcode, minor, words = struct.unpack_from("<BBH", passed, at)
        head = 4
        if not words:
            [words] = struct.unpack_from("<I", passed, at + 4)
            head = 8
        assert words * 4 >= head
        assert at + 4 * words <= len(passed), "only whole requests"
        assert opcode in table.core or minor in table.extensions[majors[opcode]]
        assert opcode == 127 or not (opcode < 128 and table.core[opcode].instead)
        for offset in DRAWN_FROM.get(opcode, ()):
            [number] = struct.unpack_from("<I", passed, at + head - 4 + offset)
            assert number & ~MASK == BASE
        at += 4 * words
        count += 1
    return count


def fresh() -> Connection:
    x = Connection()
    for name in x.rules.table.extensions:
        x.extension(name)
    x.answered(request(133, 0), 0x3FFFFF)
    return x


def test_a_hundred_thousand_mutated_requests(table: Table) -> None:
    random_ = random.Random(17)
    seeds, majors = requests(), {major: name for name, major in MAJOR.items()}
    x, forbidden, passed_on = fresh(), 0, 0
    for number in range(COUNT):
        if number % 500 == 0:
            x = fresh()
        data = mutated(random_, random_.choice(seeds))
        cut = random_.randrange(len(data) + 1)
        try:
            passed_on += read_again(
                x.gate.up(data[:cut], x.now) + x.gate.up(data[cut:], x.now), majors, table
            )
        except ForbiddenRequest:
            forbidden += 1
        assert len(x.gate._up) <= LARGEST + len(data)
        # The next one starts anew:
        # what is left waits for the rest of a length that is wrong, or was forbidden.
        x.gate._up.clear()
    assert forbidden > COUNT // 10
    assert passed_on > COUNT // 10


def test_raw_bytes_of_any_kind_end_the_window_or_pass_nothing_unnamed(table: Table) -> None:
    random_ = random.Random(18)
    majors = {major: name for name, major in MAJOR.items()}
    for _ in range(2000):
        x = fresh()
        try:
            read_again(x.gate.up(random_.randbytes(random_.randrange(400)), x.now), majors, table)
        except ForbiddenRequest:
            continue


def test_what_the_server_says_never_brings_the_gate_down() -> None:
    """But for words that are no X server's: an answer to what was not asked."""
    random_ = random.Random(19)
    for _ in range(3000):
        x = fresh()
        x.gate.up(
            request(15, 0, ROOT)
            + request(43)
            + request(20, 0, OWN, 31, 0, 0, 9)
            + request(40, 0, OWN, ROOT, 0),
            x.now,
        )
        for _ in range(20):
            number = x.gate._heard + random_.randrange(3)
            if random_.random() < 0.3:
                said = reply(
                    number, *random_.choices(INTERESTING, k=6), more=bytes(4 * random_.randrange(4))
                )
            else:
                said = event(
                    random_.choice((0, *range(2, 35))),
                    random_.randrange(256),
                    number,
                    *random_.choices(INTERESTING, k=7),
                )
            try:
                x.gate.down(said, x.now)
            except ValueError:
                break
