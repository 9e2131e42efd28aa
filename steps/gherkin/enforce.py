"""Stops the run when the specification says less than it seems to: gathers what ``strictness`` and
``definitions`` find.

It looks at the collected feature files;
definitions that nothing uses can be told only when all of ``features/`` is there.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator

import pytest
from pytest_bdd.compat import get_fixture_names, getfixturedefs
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from steps.gherkin import definitions, strictness
from steps.gherkin.collector import COLLECTED, FeatureFile

DEBUGGING = "pytest_bdd.plugin"
"""Where pytest-bdd's own step ``trace`` stands, which stops in a debugger:
no step of a specification.
"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config) -> None:
    """Before anything is deselected or run.

    Raises:
        pytest.UsageError: with every complaint.
    """
    files = config.stash.get(COLLECTED, [])
    if not files:
        return
    contexts = _contexts(session, files)
    known = [definitions.definition(context) for context in contexts]
    features = [file.text for file in files]
    found = [
        *strictness.complaints(features),
        *_unbound(files),
        *definitions.unusable(known),
        *definitions.lost(features, known),
        *definitions.misfits(features, known, _complete(config, files)),
    ]
    if found:
        lines = [line.replace(f"{config.rootpath}/", "") for line in found]
        raise pytest.UsageError(
            "The specification is not sound:\n" + "\n".join(f"  {line}" for line in lines)
        )
    for context in contexts:
        if context.type == "then" and context.target_fixture is None:
            context.step_func = _without_result(context.step_func)


def _contexts(session: pytest.Session, files: list[FeatureFile]) -> list[StepFunctionContext]:
    manager = session._fixturemanager
    found = {}
    for name in get_fixture_names(manager):
        for file in files:
            for fixture in getfixturedefs(manager, name, file) or ():
                context = step_function_context_registry.get(fixture.func)
                if context is not None and context.step_func.__module__ != DEBUGGING:
                    found[id(context)] = context
    return list(found.values())


def _unbound(files: list[FeatureFile]) -> Iterator[str]:
    for file in files:
        for scenario in file.text.scenarios:
            for example in scenario.examples:
                if (scenario.name, example.row) not in file.bound:
                    yield (
                        f"{file.path}:{example.line}: the scenario {example.name!r} became no test"
                    )


def _complete(config: pytest.Config, files: list[FeatureFile]) -> bool:
    return {file.path for file in files} >= set((config.rootpath / "features").rglob("*.feature"))


def _without_result(function: Callable[..., object]) -> Callable[..., object]:
    """A Then whose answer nobody looks at must not give one:
    ``return x == y`` would pass whatever x is.
    """

    @functools.wraps(function)
    def checked(*args: object, **kwargs: object) -> None:
        __tracebackhide__ = True
        answer = function(*args, **kwargs)
        if answer is not None:
            pytest.fail(
                f"{inspect.unwrap(function).__name__} is a Then and returned {answer!r}; it "
                "must assert instead"
            )

    return checked
