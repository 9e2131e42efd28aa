"""The app under test in a run with ``--sut``: its adapter's process, what that says of itself, the
words that the app has, and ``--report FILE``: what came of the run, for programs and for the site.

A pytest plugin. The adapter is greeted after the collection and before the first scenario;
one that speaks another version of the protocol stops the run there, with a sentence.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from steps.kit import hello, meanings, verdicts
from steps.kit.adapter import Adapter
from steps.kit.expected import RULES, Conformance
from steps.kit.meanings import Sentences

if TYPE_CHECKING:
    from steps.kit.other_app import OtherApp

MEANINGS = RULES.parent / "meanings.toml"


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
    """Only for a run against another app.

    Raises:
        pytest.UsageError: there is no such command, or a report is asked for without
            an app, or where no file can be.
    """
    path: Path | None = config.getoption("--report")
    if path and not config.getoption("--sut"):
        raise pytest.UsageError("--report is about an app under test: it needs --sut")
    if path and (path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK)):
        raise pytest.UsageError(f"--report {path}: no file can be written there; nothing was run")
    if command := config.getoption("--sut"):
        try:
            made = UnderTest(command)
        except ValueError as error:
            raise pytest.UsageError(f"--sut {command!r} is no command: {error}") from error
        config.pluginmanager.register(made, "under-test")


class UnderTest:
    """``command`` starts the adapter. ``hello`` is None until it was greeted."""

    hello: hello.Hello | None = None

    def __init__(self, command: str) -> None:
        self._adapter = Adapter(command)
        self._meanings = meanings.read(MEANINGS)

    def pytest_report_header(self) -> str:
        """Which version of the protocol this kit speaks."""
        return f"kit: version {hello.PROTOCOL} of the protocol (steps/kit/README.md)"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Greet the adapter.

        Raises:
            pytest.UsageError: it can't be worked with.
        """
        if session.config.option.collectonly or not session.items:
            return
        try:
            said = hello.read(self._adapter.greet(hello.PROTOCOL), self._meanings.says)
        except (hello.Refused, AssertionError) as error:
            raise pytest.UsageError(str(error)) from error
        self.hello = said
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            has = ", ".join(sorted(said.capabilities))
            reporter.write_line(f"under test: {said.implementation} {said.version}, with {has}")

    def app(
        self, folder: Path, known_leaks: Callable[[str], bool], rules: Collection[str]
    ) -> OtherApp:
        """The app for one scenario of ``rules``; ``folder`` is for its files."""
        # It loads the server's model, and nothing of refapp's may be loaded before a scenario runs.
        from steps.kit.other_app import OtherApp

        assert self.hello is not None
        sentences = Sentences(self._meanings, self.hello.own_words)
        return OtherApp(folder, self._adapter, self.hello, sentences, known_leaks, rules)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the report, if one is asked for and there was a run."""
        path: Path | None = session.config.getoption("--report")
        came: Conformance | None = session.config.pluginmanager.get_plugin("conformance")
        if path is None or came is None or self.hello is None:
            return
        from refapp import __version__

        verdicts.write(
            path,
            verdicts.Report(
                report=verdicts.FORMAT,
                protocol=hello.PROTOCOL,
                kit=__version__,
                implementation=self.hello.implementation,
                version=self.hello.version,
                capabilities=tuple(sorted(self.hello.capabilities)),
                features=verdicts.digest(RULES.parent),
                rules=came.verdicts(),
                known={name: came.listed[name] for name in came.known},
                secrets=dict(came.leaks),
                scenarios=tuple(came.scenarios),
                at=round(time.time()),
            ),
        )

    def pytest_unconfigure(self) -> None:
        """The run is over."""
        self._adapter.close()
