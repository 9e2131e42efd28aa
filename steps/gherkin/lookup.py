"""Finds the definition of each step once in a run: pytest-bdd goes through all fixtures at every
step, a fifth of a run's time, and reads what the definition takes, a fiftieth.

All step definitions are seen from every feature, and no two match one step (``enforce``), so the
first answer holds.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from pytest_bdd import parser
from pytest_bdd.compat import get_fixture_names, getfixturedefs
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

Definitions = Sequence[tuple[StepFunctionContext, Any]]
_all: WeakKeyDictionary[Any, Definitions] = WeakKeyDictionary()
_found: WeakKeyDictionary[Any, dict[tuple[str, str], list[Any]]] = WeakKeyDictionary()


def find_once(step: parser.Step, fixturemanager: Any, node: Any) -> list[Any]:
    """The fixture of the definition that matches ``step``; none, where none does."""
    if fixturemanager not in _all:
        _all[fixturemanager] = _definitions(fixturemanager, node)
    found = _found.setdefault(fixturemanager, {})
    key = (step.type, step.name)
    if key not in found:
        fitting = (
            fixture
            for context, fixture in _all[fixturemanager]
            if context.type in (None, step.type) and context.parser.is_matching(step.name)
        )
        found[key] = list(itertools.islice(fitting, 1))
    return found[key]


def _definitions(fixturemanager: Any, node: Any) -> Definitions:
    fixtures = [
        fixture
        for name in get_fixture_names(fixturemanager)
        for fixture in getfixturedefs(fixturemanager, name, node) or ()
    ]
    found = [
        (step_function_context_registry[fixture.func], fixture)
        for fixture in fixtures
        if fixture.func in step_function_context_registry
    ]
    for context, _ in found:
        # ``inspect`` looks there before it works it out.
        vars(context.step_func)["__signature__"] = inspect.signature(context.step_func)
    return found


# By name, for the package has a function that hides the module.
vars(importlib.import_module("pytest_bdd.scenario"))["find_fixturedefs_for_step"] = find_once
