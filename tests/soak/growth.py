"""Did something grow? The judge of a soak: pure, from what was measured after each round.

Owns the question and its answer, a table of them included. What was measured first does not count:
a process that has just started fills its caches. Of the rest the middle of the last third is
compared with the middle of the first third, so that one odd round decides nothing. Too few rounds
give no answer, and no answer is not a good one.
"""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Sequence
from typing import Literal

WARM_UP = 0.25
"""The part of the rounds that does not count."""
FEWEST = 12
"""Rounds: with fewer a third of what counts would be two."""

Answer = Literal["held", "grew", "over its bound", "too few rounds", "not measured"]


@dataclasses.dataclass(frozen=True, slots=True)
class Measured:
    """``values``: one a round, None where it could not be measured.
    ``allowed``: by how much it may be more at the end.

    ``bound``: it may grow, but never be more than this, in any round;
    ``allowed`` then says nothing.
    """

    name: str
    unit: str
    values: Sequence[float | None]
    allowed: float = 0.0
    bound: float | None = None

    @property
    def known(self) -> list[float]:
        """What was measured."""
        return [value for value in self.values if value is not None]

    def thirds(self) -> tuple[float, float]:
        """The middle of the first third that counts, and of the last."""
        known = self.known
        counted = known[int(len(known) * WARM_UP) :]
        third = max(1, len(counted) // 3)
        return statistics.median(counted[:third]), statistics.median(counted[-third:])

    def answer(self) -> Answer:
        """Whether it grew."""
        known = self.known
        if not known:
            return "not measured"
        if self.bound is not None and max(known) > self.bound:
            return "over its bound"
        if len(known) < FEWEST:
            return "too few rounds"
        first, last = self.thirds()
        return "grew" if self.bound is None and last - first > self.allowed else "held"


def table(found: Sequence[Measured]) -> str:
    """One line for each, in Markdown."""
    lines = [
        "| what | at first | at last | most | may be | answer |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in found:
        if not one.known:
            lines.append(f"| {one.name} | | | | | {one.answer()} |")
            continue
        first, last = (f"{value:,.1f}" for value in one.thirds())
        may = f"+{one.allowed:,.1f}" if one.bound is None else f"{one.bound:,.1f}"
        lines.append(
            f"| {one.name}, {one.unit} | {first} | {last} | {max(one.known):,.1f} | {may} | "
            f"{one.answer()} |"
        )
    return "\n".join(lines)
