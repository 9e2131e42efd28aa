"""What a benchmark hands back: one row a goal, with the values of each round beside those of its
baseline in the same round.

Owns how two arms are interleaved and how a row is judged: by the median over the rounds of the
ratio within a round, so that a busy neighbour, who slows both arms of a round alike, cancels out.
"""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Callable, Mapping, Sequence


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """``ours`` and ``base`` have one value a round.
    Without ``base`` the goal is for the value itself, not for a ratio.

    ``goal`` None: for comparison only. ``not_here``: why it was not measured.
    """

    name: str
    unit: str
    ours: Sequence[float] = ()
    baseline: str = ""
    base: Sequence[float] = ()
    goal: float | None = None
    at_least: bool = False
    not_here: str = ""

    def judged(self) -> float | None:
        """What the goal is compared with."""
        if not self.ours:
            return None
        if not self.base:
            return statistics.median(self.ours)
        return statistics.median(
            mine / theirs for mine, theirs in zip(self.ours, self.base, strict=True)
        )

    def met(self) -> bool | None:
        """None if there is no goal, or no measurement."""
        judged = self.judged()
        if self.goal is None or judged is None:
            return None
        return judged >= self.goal if self.at_least else judged <= self.goal

    def as_json(self) -> Mapping[str, object]:
        """The row with everything that was measured."""
        return {**dataclasses.asdict(self), "judged": self.judged(), "met": self.met()}

    def cells(self) -> list[str]:
        """The row of the table."""
        if self.not_here:
            return [self.name, "not measured here", self.not_here, "", "", "", ""]
        ours = f"{number(statistics.median(self.ours))} {self.unit}"
        spread = f"{number(min(self.ours))} - {number(max(self.ours))}"
        base = (
            f"{self.baseline}: {number(statistics.median(self.base))} {self.unit}"
            if self.base
            else self.baseline
        )
        judged = self.judged()
        ratio = f"{judged:.2f}x" if self.base and judged is not None else ""
        goal = "" if self.goal is None else f"{'>=' if self.at_least else '<='} {number(self.goal)}"
        return [
            self.name,
            ours,
            spread,
            base,
            ratio,
            goal,
            {True: "yes", False: "NO", None: ""}[self.met()],
        ]

    def short(self) -> str:
        """What the goal is compared with, for people."""
        judged = self.judged()
        if judged is None:
            return ""
        return f"{judged:.2f}x" if self.base else f"{number(judged)} {self.unit}".strip()


HEAD = ["what", "median", "spread", "baseline", "ratio", "goal", "met"]


def interleaved(rounds: int, arms: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Each arm once a round; in every other round in the opposite order."""
    values: dict[str, list[float]] = {name: [] for name in arms}
    for number_ in range(rounds):
        order = list(arms) if number_ % 2 == 0 else list(reversed(arms))
        for name in order:
            values[name].append(arms[name]())
    return values


def number(value: float) -> str:
    """Three digits that mean something."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(rows: Sequence[Row]) -> str:
    """As Markdown."""
    return _markdown([HEAD, *(row.cells() for row in rows)])


def settings_table(found: Mapping[str, Sequence[Row]]) -> str:
    """What each setting's median is, by row; a goal is met if all of them meet it."""
    by_name: dict[tuple[str, str], dict[str, Row]] = {}
    for setting, rows in found.items():
        for row in rows:
            by_name.setdefault((row.name, row.baseline), {})[setting] = row
    lines = [["what", "beside", *found, "worst", "goal", "met"]]
    for (name, baseline), one in by_name.items():
        measured = [row for row in one.values() if row.judged() is not None]
        if not measured:
            lines.append([name, *(row.not_here for row in one.values()), "", "", ""])
            continue
        pick = min if measured[0].at_least else max
        worst = pick(measured, key=lambda row: row.judged() or 0.0)
        medians = [one[setting].short() if setting in one else "" for setting in found]
        lines.append([name, baseline, *medians, worst.short(), *worst.cells()[-2:]])
    return _markdown(lines)


def _markdown(lines: Sequence[Sequence[str]]) -> str:
    columns = len(lines[0])
    lines = [[*line, *[""] * (columns - len(line))] for line in lines]
    widths = [max(len(line[n]) for line in lines) for n in range(columns)]
    text = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)
