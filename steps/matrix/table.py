"""The table's text, and its place in the guide: between two comments.
Pure but for reading and writing the guide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "tests" / "betterauth" / "README.md"
BEGIN = "<!-- Written by `python -m steps.matrix`. -->"
END = "<!-- End of what is written. -->"

Outcomes = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Row -> way -> release -> outcome. A release that has no such row is not there."""


def text_of(outcomes: Outcomes, ways: Sequence[str], releases: Sequence[str]) -> str:
    """The table in Markdown, and below it the sentences that it names by number.
    What all releases say is there once.
    """
    lines = [f"| Plugin or option | {' | '.join(ways)} |", "|---" * (len(ways) + 1) + "|"]
    sentences: list[str] = []
    for row, cells in outcomes.items():
        told = [_cell(cells[way], releases, sentences) for way in ways]
        lines.append(f"| {row} | {' | '.join(told)} |")
    return "\n".join(
        [*lines, "", *(f"{number}. {said}" for number, said in enumerate(sentences, 1))]
    )


def _cell(by_release: Mapping[str, str], releases: Sequence[str], sentences: list[str]) -> str:
    said = [_short(by_release.get(release, "not there"), sentences) for release in releases]
    if len(set(said)) == 1:
        return said[0]
    return "; ".join(
        f"{release}: {outcome}" for release, outcome in zip(releases, said, strict=True)
    )


def _short(outcome: str, sentences: list[str]) -> str:
    """The outcome, or the number of its sentence in ``sentences``,
    which is put there if it is new.
    """
    if " says: " not in outcome:
        return outcome
    if outcome not in sentences:
        sentences.append(outcome)
    return f"says ({sentences.index(outcome) + 1})"


def in_guide() -> str:
    """The table that the guide has now."""
    return GUIDE.read_text().split(f"{BEGIN}\n")[1].split(f"\n{END}")[0]


def write(table: str) -> None:
    """Put it into the guide in place of the one that is there."""
    before, _, rest = GUIDE.read_text().partition(f"{BEGIN}\n")
    GUIDE.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}")


def rows_in(table: str) -> list[str]:
    """The names of its rows."""
    return [
        line.split(" | ")[0].removeprefix("| ")
        for line in table.splitlines()[2:]
        if line.startswith("| ")
    ]
