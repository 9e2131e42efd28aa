"""Every order in which things can happen, one after the other, by running the story again for each.

A story asks ``choose(n)`` wherever one of ``n`` things can happen next. ``every_order`` runs it
until all answers were given: depth first, complete and deterministic. ``one_order`` takes the
choices from a seed, for stories that are too long for that.
"""

from __future__ import annotations

import random
from collections.abc import Callable

Choose = Callable[[int], int]


def every_order(story: Callable[[Choose], None], limit: int) -> int:
    """Run ``story`` in every order; how many there are.
    Raises AssertionError if there are more than ``limit``.
    """
    prefix: list[int] = []
    for count in range(1, limit + 1):
        taken: list[tuple[int, int]] = []

        def choose(n: int, taken: list[tuple[int, int]] = taken, prefix: list[int] = prefix) -> int:
            place = len(taken)
            choice = prefix[place] if place < len(prefix) else 0
            taken.append((choice, n))
            return choice

        try:
            story(choose)
        except BaseException as error:
            error.add_note(f"in this order: {[choice for choice, _ in taken]}")
            raise
        while taken and taken[-1][0] + 1 == taken[-1][1]:
            taken.pop()
        if not taken:
            return count
        choice, _ = taken.pop()
        prefix = [*(earlier for earlier, _ in taken), choice + 1]
    raise AssertionError(f"there are more than {limit} orders")


def one_order(seed: int) -> Choose:
    """Choices from a seed."""
    chance = random.Random(seed)
    return lambda n: chance.randrange(n)
