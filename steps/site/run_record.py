"""``--record``: writes down what happened in each scenario, for the site that
``python -m steps.site`` builds.

Owns the collecting; ``steps.site.record`` has the shapes. Without ``--record`` nothing of it runs.
A run of some scenarios replaces what is known of these, and leaves the rest as it was.
"""

from __future__ import annotations

import hashlib
import platform
import re
import time
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from steps.gherkin.collector import FeatureFile, identity
from steps.gherkin.report import WORLD

RULE = re.compile(r"[A-Z]{2}-\d+")
"""A tag that is the id of a rule."""

if TYPE_CHECKING:
    from refapp.trusted.recorder import Entry
    from steps.gherkin.specification import Example
    from steps.scenario.driver import Driver
    from steps.site.record import Ran, Taken, Why


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--record``."""
    group = parser.getgroup("refapp")
    group.addoption(
        "--record",
        action="store_true",
        help="write down what happened, to build/spec, for `python -m steps.site`",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each scenario its rules as properties, which ``--junitxml`` writes."""
    for item in items:
        if isinstance(item.parent, FeatureFile):
            names = [mark.name for mark in item.iter_markers() if RULE.fullmatch(mark.name)]
            item.user_properties += [("rule", name) for name in dict.fromkeys(names)]


def pytest_configure(config: pytest.Config) -> None:
    """Collect only if that was asked for."""
    if config.getoption("--record"):
        made = RunRecord(config.rootpath, config.getoption("--server", "embedded"))
        config.pluginmanager.register(made, "run-record")


def where_it_ran() -> str:
    """As the record says it: a system and a Python."""
    return f"{platform.system()}, Python {platform.python_version()}"


class RunRecord:
    """Everything that a run leaves under ``checkout``/build/spec.
    ``server``: that of the desktop's scenarios.
    """

    def __init__(self, checkout: Path, server: str) -> None:
        from steps.site.record import PLACE, code_hash
        from steps.site.why import Compared

        self._folder = checkout / PLACE
        # The hash is of the code that runs, not of what it is changed to meanwhile.
        self._code = code_hash(checkout)
        self._at = time.time()
        self._server = server
        self._ran: dict[str, list[Ran]] = defaultdict(list)
        self._passed = 0
        self._entries: tuple[Entry, ...] = ()
        self._picture = ""
        self._secrets: frozenset[str] | None = None
        self._seen: tuple[str, ...] = ()
        self._compared = Compared()
        self._replaced: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """A new one."""
        self._passed, self._entries, self._picture, self._secrets, self._seen = 0, (), "", None, ()
        self._compared.begin()

    def pytest_assertrepr_compare(self, left: object, right: object) -> None:
        """A comparison failed. What pytest says about it stays as it is."""
        self._compared.failed(left, right)

    @pytest.hookimpl(tryfirst=True)
    def pytest_bdd_after_step(self) -> None:
        """One step more has passed, and what it compared on the way is forgotten."""
        self._passed += 1
        self._compared.begin()

    def pytest_bdd_after_scenario(self, request: pytest.FixtureRequest) -> None:
        """Look while the world of the scenario still stands."""
        from steps.scenario.sight import OwnWindow

        world = request.node.stash.get(WORLD, None)
        if world is not None:
            self._entries = tuple(world.recorded())
            self._secrets = frozenset(world.secrets())
            self._picture = self._picture_of(world, request.node.nodeid)
            if isinstance(world, OwnWindow):
                self._seen = world.readable()

    def _picture_of(self, world: Driver, scenario: str) -> str:
        from refapp.trusted.errors import RefappError

        name = f"pictures/{world.name}-{hashlib.sha256(scenario.encode()).hexdigest()[:12]}.png"
        (self._folder / "pictures").mkdir(parents=True, exist_ok=True)
        try:
            return name if world.picture(self._folder / name) else ""
        except RefappError:
            # A screen that fails must not hide why the scenario did.
            return ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note the end of a scenario that ran, or whose world could not begin, or not end."""
        report = yield
        file = item.parent
        counts = report.failed or (call.when == "call" and not report.skipped)
        if counts and isinstance(file, FeatureFile) and isinstance(item, pytest.Function):
            self._note(file, item, report)
        return report

    def _why(self, report: pytest.TestReport) -> Why | None:
        """None if it passed, or if nobody can say what in it is a secret."""
        if report.passed or self._secrets is None:
            return None
        crash = getattr(report.longrepr, "reprcrash", None)
        return self._compared.why(crash.message if crash else "", self._secrets, self._seen)

    def _note(self, file: FeatureFile, item: pytest.Function, report: pytest.TestReport) -> None:
        from steps.site.record import Ran, text_hash

        name, row = identity(item)
        [example] = [
            one
            for scenario in file.text.scenarios
            if scenario.name == name
            for one in scenario.examples
            if one.row == row
        ]
        ran = self._ran[str(item.callspec.params["driver_name"])]
        if ran and ran[-1].key == (file.path.name, name, row):
            # Its world did not end as it should. What failed before is what is said.
            if ran[-1].outcome == "failed":
                return
            ran.pop()
        ran.append(
            Ran(
                feature=file.path.name,
                name=name,
                row=row,
                rules=example.tags,
                text=text_hash(example.steps),
                outcome="passed" if report.passed else "failed",
                steps=self._steps(example, passed=report.passed),
                entries=self._entries,
                picture=self._picture,
                why=self._why(report),
                code=self._code,
                at=self._at,
            )
        )

    def _steps(self, example: Example, *, passed: bool) -> tuple[Taken, ...]:
        from steps.site.record import Taken

        count = len(example.steps)
        # With every step passed it is the ledger that failed, which closes after the last.
        failed = count if passed else min(self._passed, count - 1)
        return tuple(
            Taken(
                f"{step.kind.capitalize()} {step.text}",
                "passed" if number < failed else "failed" if number == failed else "not reached",
            )
            for number, step in enumerate(example.steps)
        )

    def pytest_sessionfinish(self) -> None:
        """Write one record for each driver that ran something;
        what another server or system did is replaced as a whole.
        """
        from steps.site.record import alone

        if self._ran:
            with alone(self._folder):
                self._write()

    def _write(self) -> None:
        from steps.site.record import RecordDamaged, Run, read, write

        on = where_it_ran()
        for driver, scenarios in self._ran.items():
            # A reader must not take what another server did for what the embedded one does.
            there = (
                f"{on}, server {self._server}"
                if driver == "desktop" and self._server != "embedded"
                else on
            )
            path = self._folder / f"{driver}.ndjson"
            try:
                before = read(path)
            except RecordDamaged as error:
                before, self._replaced = None, [*self._replaced, error.sentence]
            new = {ran.key for ran in scenarios}
            kept = [ran for ran in before[1] if ran.key not in new] if before else []
            if before and before[0].on != there:
                self._replaced.append(f"{path} was of {before[0].on}, and not of {there}.")
                kept = []
            write(path, Run(driver, self._at, self._code, there), [*kept, *scenarios])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which record is lost."""
        for sentence in self._replaced:
            terminalreporter.write_line(f"{sentence} It was replaced.")
