"""What a run said about each rule,
and about what an app owes (must) apart from what is good to have (should).

Owns the report of a run, a JSON file: who was tested, against which features, and the state of each
rule. Pure but for the reading and writing of files.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, get_args

import msgspec

State = Literal["failed", "failed as known", "passed", "not offered", "not run"]
Level = Literal["must", "should"]
STATES: tuple[State, ...] = get_args(State)
LEVELS: tuple[Level, ...] = get_args(Level)
FORMAT = 1
"""The version of the report's shape."""


class Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule: the weightiest state among its scenarios, the first of ``STATES`` that occurs.
    How many were in each.
    """

    level: Level
    state: State
    scenarios: Mapping[State, int]


class Came(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came of one scenario:
    ``feature`` is a file name, ``row`` its line of the examples by column.
    """

    feature: str
    scenario: str
    row: tuple[tuple[str, str], ...]
    state: State


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One run against one app.
    ``features`` is ``digest`` of what was run; ``known`` is scenario -> reason.

    ``secrets``: place -> after how many scenarios a token or a password lay open there.
    ``at`` is unix seconds, the run's end.
    """

    report: int
    protocol: int
    kit: str
    implementation: str
    version: str
    capabilities: tuple[str, ...]
    features: str
    rules: Mapping[str, Verdict]
    known: Mapping[str, str]
    secrets: Mapping[str, int]
    scenarios: tuple[Came, ...] = ()
    at: float = 0.0

    @property
    def name(self) -> str:
        """The app and its version, for people."""
        return f"{self.implementation} ({self.version})"


class Unreadable(Exception):
    """A file is no report of a run, or of another version.
    The text says which file, and what to do.
    """


def levels_in(path: Path) -> dict[str, Level]:
    """How much each rule of rules.toml binds."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: rule["level"] for name, rule in found.items() if name != "unspecified"}


def verdicts(
    levels: Mapping[str, Level], outcomes: Iterable[tuple[str, State]]
) -> dict[str, Verdict]:
    """Every rule of ``levels`` by what became of its scenarios.
    ``outcomes``: a rule, and the state of one scenario of it.
    """
    counted: dict[str, Counter[State]] = {rule: Counter() for rule in levels}
    for rule, state in outcomes:
        counted[rule][state] += 1
    return {
        rule: Verdict(
            levels[rule], next((one for one in STATES if found[one]), "not run"), dict(found)
        )
        for rule, found in counted.items()
    }


def tally(found: Iterable[Verdict], level: Level) -> Counter[State]:
    """How many rules of ``level`` are in each state."""
    return Counter(one.state for one in found if one.level == level)


def digest(features: Path) -> str:
    """A digest of the specification in the folder ``features``: of its features, its rules and the
    meanings of its sentences.
    """
    found = hashlib.sha256()
    for path in sorted(
        [*features.glob("*.feature"), features / "rules.toml", features / "meanings.toml"]
    ):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"sha256:{found.hexdigest()}"


def write(path: Path, report: Report) -> None:
    """Put ``report`` into ``path``, for people too."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


def read(path: Path) -> Report:
    """The report in ``path``.

    Raises:
        Unreadable: it is none.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Report)
    except (OSError, msgspec.DecodeError) as error:
        raise Unreadable(
            f"{path} is no report of the kit, or of another version: {error}. Run it "
            "again with --report."
        ) from error
    if found.report != FORMAT:
        raise Unreadable(
            f"{path} is a report of version {found.report}; this kit reads {FORMAT}. Run it "
            "again with --report."
        )
    return found
