"""Finds the definition of each step once in a run: pytest-bdd goes through all fixtures at every
step, a fifth of a run's time, makes a fixture of the one that it finds, and reads what the
definition takes.

All step definitions are seen from every feature, and no two match one step (``enforce``), so the
first answer holds.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from pytest_bdd import parser
from pytest_bdd.compat import get_fixture_names, getfixturedefs
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

Found = dict[tuple[str, str], StepFunctionContext | None]
_all: WeakKeyDictionary[Any, Sequence[StepFunctionContext]] = WeakKeyDictionary()
_found: WeakKeyDictionary[Any, Found] = WeakKeyDictionary()


def find_once(request: Any, step: parser.Step) -> StepFunctionContext | None:
    """The definition that matches ``step``; None, where none does."""
    manager = request._fixturemanager
    if manager not in _all:
        _all[manager] = _definitions(manager, request.node)
    found = _found.setdefault(manager, {})
    key = (step.type, step.name)
    if key not in found:
        fitting = (
            context
            for context in _all[manager]
            if context.type in (None, step.type) and context.parser.is_matching(step.name)
        )
        found[key] = next(fitting, None)
    return found[key]


def _definitions(manager: Any, node: Any) -> Sequence[StepFunctionContext]:
    fixtures = [
        fixture
        for name in get_fixture_names(manager)
        for fixture in getfixturedefs(manager, name, node) or ()
    ]
    found = [
        step_function_context_registry[fixture.func]
        for fixture in fixtures
        if fixture.func in step_function_context_registry
    ]
    for context in found:
        # ``inspect`` looks there before it works it out.
        vars(context.step_func)["__signature__"] = inspect.signature(context.step_func)
    return found


# By name, for the package has a function that hides the module.
vars(importlib.import_module("pytest_bdd.scenario"))["get_step_function"] = find_once
