"""``--expected-failures FILE``: the scenarios that the app under test is known to fail, and what
came of a run with ``--sut``.

A line of FILE is ``FEATURE: SCENARIO``, as the run prints it; what follows two spaces and a # says
why. A scenario that is listed must fail: one that passes, or is not offered any more, turns the run
red, so the list can't be longer than the truth.

A line ``secrets in: PLACE`` says where tokens or passwords are known to lie open. They are counted;
without the line each scenario in which one is found fails, and a scenario that asks for it fails in
any case.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path

import pytest

from steps.gherkin.collector import FeatureFile, identity
from steps.kit.verdicts import (
    LEVELS,
    STATES,
    Came,
    Level,
    State,
    Verdict,
    levels_in,
    tally,
    verdicts,
)

RULES = Path(__file__).parents[2] / "features" / "rules.toml"
REASON = "  #"
SECRETS = "secrets in: "


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--expected-failures``."""
    group = parser.getgroup("refapp")
    group.addoption(
        "--expected-failures",
        metavar="FILE",
        type=Path,
        help="what the app under test is known to fail",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Only for a run against another app.

    Raises:
        pytest.UsageError: a list without an app, or one that can't be read.
    """
    path: Path | None = config.getoption("--expected-failures")
    if config.getoption("--sut"):
        made = Conformance(_listed(path) if path else {}, levels_in(RULES))
        config.pluginmanager.register(made, "conformance")
    elif path:
        raise pytest.UsageError("--expected-failures is about an app under test: it needs --sut")


def _listed(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise pytest.UsageError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise pytest.UsageError(f"{path}: is no UTF-8") from error
    found = {}
    for number, line in enumerate(lines, start=1):
        name, _, why = line.partition(REASON)
        if not name.strip() or name.startswith("#"):
            continue
        feature, named, _ = name.partition(": ")
        if not named:
            raise pytest.UsageError(
                f"{path}:{number}: a line is FEATURE: SCENARIO, as the run prints it, or "
                f"{SECRETS}PLACE; this is {name.strip()!r}"
            )
        if not (name.startswith(SECRETS) or (RULES.parent / feature).is_file()):
            raise pytest.UsageError(f"{path}:{number}: no feature is called {feature}")
        if name.strip() in found:
            raise pytest.UsageError(f"{path}:{number}: {name.strip()} is listed twice")
        found[name.strip()] = why.strip() or "known"
    return found


@dataclasses.dataclass(eq=False)  # a plugin is itself alone, and is looked up by its hash
class Conformance:
    """``listed``: scenario -> why it is known to fail."""

    listed: dict[str, str]
    levels: Mapping[str, Level] = dataclasses.field(default_factory=dict)
    passed: int = 0
    outcomes: list[tuple[str, State]] = dataclasses.field(default_factory=list)
    scenarios: list[Came] = dataclasses.field(default_factory=list)
    known: list[str] = dataclasses.field(default_factory=list)
    new: list[str] = dataclasses.field(default_factory=list)
    wrongly_listed: list[str] = dataclasses.field(default_factory=list)
    leaks: Counter[str] = dataclasses.field(default_factory=Counter)
    not_offered: Counter[str] = dataclasses.field(default_factory=Counter)

    def leak_is_known(self, place: str) -> bool:
        """Note that a secret was found in ``place``; whether the list says that it lies there."""
        self.leaks[place] += 1
        return SECRETS + place in self.listed

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Raise pytest.UsageError if a line names no scenario of a feature that was collected."""
        names = {name for item in items for name in _names_beside(item)}
        features = {name.partition(": ")[0] for name in names}
        stale = [
            name
            for name in self.listed
            if name.partition(": ")[0] in features and name not in names
        ]
        if stale:
            raise pytest.UsageError(
                "No scenario is called\n" + "\n".join(f"  {name}" for name in stale)
            )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn an expected failure into one, and an unexpected pass into a failure."""
        report = yield
        if call.when == "teardown" or (call.when == "setup" and report.passed):
            return report
        name = _name_of(item)
        self._count(item, report, name)
        if report.failed and name in self.listed:
            report.outcome, report.wasxfail = "skipped", self.listed[name]
            self.known.append(name)
        elif report.failed:
            self.new.append(name)
        elif name in self.listed:
            came = "passed" if report.passed else "was not run"
            report.outcome, report.longrepr = "failed", f"{name} is listed as a failure, and {came}"
            self.wrongly_listed.append(name)
        elif report.passed:
            self.passed += 1
        else:
            self.not_offered[_why(report)] += 1
        return report

    def _count(self, item: pytest.Item, report: pytest.TestReport, name: str) -> None:
        """Note how the item stands, by itself and for each of its rules."""
        state: State = "not offered" if report.skipped else "passed" if report.passed else "failed"
        if name in self.listed:
            state = "failed as known" if report.failed else "failed"
        if isinstance(item.parent, FeatureFile) and isinstance(item, pytest.Function):
            written, row = identity(item)
            self.scenarios.append(Came(item.parent.path.name, written, row, state))
        self.outcomes += [
            (mark.name, state) for mark in item.iter_markers() if mark.name in self.levels
        ]

    def verdicts(self) -> dict[str, Verdict]:
        """Every rule, by its scenarios."""
        return verdicts(self.levels, self.outcomes)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """What the app does and does not do, countable."""
        write = terminalreporter.write_line
        terminalreporter.section("the app under test")
        if not (self.passed or self.known or self.new or self.not_offered or self.wrongly_listed):
            write("no scenario was run")
            return
        for level in LEVELS if self.outcomes else ():
            found = tally(self.verdicts().values(), level)
            write(
                f"{level}: "
                f"{', '.join(f'{found[state]} {state}' for state in STATES if found[state])} "
                "(rules)"
            )
        write(f"{self.passed} scenarios pass")
        write(f"{len(self.known)} fail as expected")
        for name in self.known:
            write(f"  {name}{REASON} {self.listed[name]}")
        for place, count in self.leaks.most_common():
            write(f"  secrets in {place}: after {count} scenarios")
        write(f"{sum(self.not_offered.values())} could not be run")
        for why, count in self.not_offered.most_common():
            write(f"  {count:4} {why}")
        if self.wrongly_listed:
            write(f"{len(self.wrongly_listed)} are listed as failures and are none")
        if self.new:
            write(f"{len(self.new)} fail; lines for the file of --expected-failures:")
            for name in self.new:
                write(name)


def _name_of(item: pytest.Item) -> str:
    """``FEATURE: SCENARIO``, with the row where two rows of an outline would be called the same."""
    file = item.parent
    if not isinstance(file, FeatureFile) or not isinstance(item, pytest.Function):
        return item.nodeid.partition("::")[2]
    return _names_in(file)[identity(item)]


def _names_beside(item: pytest.Item) -> Iterable[str]:
    """The names of all scenarios in the item's file, whether they are to run or not."""
    return (
        _names_in(item.parent).values()
        if isinstance(item.parent, FeatureFile)
        else [_name_of(item)]
    )


def _names_in(file: FeatureFile) -> dict[tuple[str, tuple[tuple[str, str], ...]], str]:
    examples = [
        (scenario.name, one) for scenario in file.text.scenarios for one in scenario.examples
    ]
    often = Counter(one.name for _, one in examples)
    return {
        (written, one.row): f"{file.path.name}: {one.name}"
        + (f" ({', '.join(value for _, value in one.row)})" if often[one.name] > 1 else "")
        for written, one in examples
    }


def _why(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
