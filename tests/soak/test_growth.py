"""The judge of a soak notices what grows, and nothing else."""

from __future__ import annotations

import random

from tests.soak.growth import FEWEST, Measured, table
from tests.soak.picture import svg

ROUNDS = 40


def measured(values: list[float], allowed: float = 2.0) -> Measured:
    return Measured("memory", "MiB", values, allowed)


def test_what_leaks_a_little_in_each_round_has_grown() -> None:
    assert measured([60 + 0.15 * number for number in range(ROUNDS)]).answer() == "grew"


def test_so_has_what_leaks_beneath_much_noise() -> None:
    chance = random.Random(1)
    assert (
        measured([60 + 0.2 * number + chance.uniform(-2, 2) for number in range(ROUNDS)]).answer()
        == "grew"
    )


def test_one_descriptor_that_stays_open_is_growth_where_none_is_allowed() -> None:
    assert measured([20.0] * (ROUNDS - 10) + [21.0] * 10, allowed=0).answer() == "grew"


def test_caches_that_fill_at_first_are_no_growth() -> None:
    filling = [40.0 + 2 * number for number in range(ROUNDS // 4)]
    assert measured(filling + [60.0] * (ROUNDS - len(filling))).answer() == "held"


def test_a_little_more_is_allowed() -> None:
    assert measured([60 + 0.05 * number for number in range(ROUNDS)]).answer() == "held"


def test_noise_is_no_growth_and_neither_is_one_odd_round() -> None:
    chance = random.Random(1)
    values = [60 + chance.uniform(-1, 1) for _ in range(ROUNDS)]
    assert measured([*values[:-1], 90.0]).answer() == "held"


def test_what_comes_and_goes_is_no_growth() -> None:
    assert measured([60.0 + number % 4 for number in range(ROUNDS)]).answer() == "held"


def test_what_has_a_bound_may_grow_up_to_it() -> None:
    values = [float(number) for number in range(ROUNDS)]
    assert Measured("trace", "MiB", values, bound=ROUNDS).answer() == "held"
    assert Measured("trace", "MiB", values, bound=ROUNDS - 2).answer() == "over its bound"


def test_too_few_rounds_are_no_good_answer() -> None:
    assert measured([60.0] * (FEWEST - 1)).answer() == "too few rounds"
    assert Measured("memory", "MiB", [None] * ROUNDS).answer() == "not measured"


def test_the_table_and_the_picture_name_what_grew() -> None:
    found = [
        measured([60 + number for number in range(ROUNDS)]),
        Measured("files", "", [3.0] * ROUNDS),
    ]
    rows = table(found).splitlines()[2:]
    assert [row.split(" | ")[-1] for row in rows] == ["grew |", "held |"]
    assert "memory, MiB: grew" in svg(found, "A soak")
