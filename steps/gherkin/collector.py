"""Feature files as test files:
``pytest features/restore.feature`` runs it, and nothing has to be bound by hand.
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from pathlib import Path

import pytest
from pytest_bdd import scenarios
from pytest_bdd.scenario import scenario_wrapper_template_registry

from steps.gherkin import specification, strictness

Bound = frozenset[tuple[str, tuple[tuple[str, str], ...]]]
COLLECTED: pytest.StashKey[list[FeatureFile]] = pytest.StashKey()


class FeatureFile(pytest.Module):
    """One feature file. ``bound`` are the scenarios, by name and row, that became tests."""

    bound: Bound = frozenset()
    text: specification.Feature

    def _getobj(self) -> types.ModuleType:
        module = types.ModuleType(self.path.stem)
        module.__dict__.update(scenarios=scenarios, path=str(self.path))
        if self.text.scenarios:
            # pytest-bdd puts its tests into the namespace of its caller:
            # so the new module has to be the caller.
            exec(compile("scenarios(path)", str(self.path), "exec"), module.__dict__)
        return module

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """The tests of the file. Raises CollectError: it is no Gherkin, or has unknown tags."""
        try:
            self.text = specification.read(self.path)
        except specification.NotGherkin as error:
            raise self.CollectError(str(error)) from error
        # Here, for pytest refuses them too, and does not say where they stand.
        known = {mark.split(":")[0].split("(")[0].strip() for mark in self.config.getini("markers")}
        if unknown := strictness.unknown_tags(self.text, known):
            raise self.CollectError("\n".join(unknown))
        found = list(super().collect())
        self.bound = frozenset(
            identity(item) for item in found if isinstance(item, pytest.Function)
        )
        self.config.stash.setdefault(COLLECTED, []).append(self)
        return found


def identity(item: pytest.Function) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Which scenario a test runs, by name, and with which row."""
    template = scenario_wrapper_template_registry[item.obj]
    row = item.callspec.params.get("_pytest_bdd_example", {}) if hasattr(item, "callspec") else {}
    return template.name, tuple(row.items()) if isinstance(row, dict) else ()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take every feature file."""
    if file_path.suffix != ".feature":
        return None
    node: FeatureFile = FeatureFile.from_parent(parent, path=file_path)
    return node
