"""The app under test in a run with ``--sut``: its adapter's process, what that says of itself, and
the words that the app has.

A pytest plugin. The adapter is greeted after the collection and before the first scenario;
one that speaks another version of the protocol stops the run there, with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from steps.kit import hello, meanings
from steps.kit.adapter import Adapter
from steps.kit.meanings import Sentences

if TYPE_CHECKING:
    from steps.kit.other_app import OtherApp

MEANINGS = Path(__file__).parents[2] / "features" / "meanings.toml"


def pytest_configure(config: pytest.Config) -> None:
    """Only for a run against another app.

    Raises:
        pytest.UsageError: there is no such command.
    """
    if command := config.getoption("--sut"):
        try:
            made = UnderTest(command)
        except ValueError as error:
            raise pytest.UsageError(f"--sut {command!r} is no command: {error}") from error
        config.pluginmanager.register(made, "under-test")


class UnderTest:
    """``command`` starts the adapter. ``hello`` is there once it was greeted."""

    hello: hello.Hello

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
            self.hello = hello.read(self._adapter.greet(hello.PROTOCOL), self._meanings.says)
        except (hello.Refused, AssertionError) as error:
            raise pytest.UsageError(str(error)) from error
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            has = ", ".join(sorted(self.hello.capabilities))
            reporter.write_line(
                f"under test: {self.hello.implementation} {self.hello.version}, with {has}"
            )

    def app(
        self, folder: Path, known_leaks: Callable[[str], bool], rules: Collection[str]
    ) -> OtherApp:
        """The app for one scenario of ``rules``; ``folder`` is for its files."""
        # It loads the server's model, and nothing of refapp's may be loaded before a scenario runs.
        from steps.kit.other_app import OtherApp

        sentences = Sentences(self._meanings, self.hello.own_words)
        return OtherApp(folder, self._adapter, self.hello, sentences, known_leaks, rules)

    def pytest_unconfigure(self) -> None:
        """The run is over."""
        self._adapter.close()
