"""``--report FILE``: what came of a run with ``--sut``, by rule and by scenario, for programs and
for the site.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from steps.kit import verdicts
from steps.kit.expected import RULES, Conformance
from steps.kit.hello import PROTOCOL
from steps.kit.under_test import UnderTest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--report``."""
    group = parser.getgroup("refapp")
    group.addoption(
        "--report",
        metavar="FILE",
        type=Path,
        help="write what came of each rule and scenario, with --sut",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Raise pytest.UsageError for a report without an app."""
    if config.getoption("--report") and not config.getoption("--sut"):
        raise pytest.UsageError("--report is about an app under test: it needs --sut")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write it, if there was a run to report."""
    path: Path | None = session.config.getoption("--report")
    under_test: UnderTest | None = session.config.pluginmanager.get_plugin("under-test")
    conformance: Conformance | None = session.config.pluginmanager.get_plugin("conformance")
    if (
        path is None
        or conformance is None
        or under_test is None
        or not hasattr(under_test, "hello")
    ):
        return
    from refapp import __version__

    hello = under_test.hello
    verdicts.write(
        path,
        verdicts.Report(
            report=verdicts.FORMAT,
            protocol=PROTOCOL,
            kit=__version__,
            implementation=hello.implementation,
            version=hello.version,
            capabilities=tuple(sorted(hello.capabilities)),
            features=verdicts.digest(RULES.parent),
            rules=conformance.verdicts(),
            known={name: conformance.listed[name] for name in conformance.known},
            secrets=dict(conformance.leaks),
            scenarios=tuple(conformance.scenarios),
            at=round(time.time()),
        ),
    )
