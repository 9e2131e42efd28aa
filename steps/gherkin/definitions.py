"""Do the steps of the features and the step definitions fit together? Pure checks over both.

pytest-bdd never awaits an ``async def`` step, picks one of two definitions that match, drops what a
step does not take, and has no word for a definition that nothing uses. Here each of these is a
complaint.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable, Collection, Iterator

from pytest_bdd.steps import StepFunctionContext

from steps.gherkin.specification import Background, Feature, Rule, Scenario, Step

_KEYWORDS = frozenset({"given", "when", "then", "and", "but"})


@dataclasses.dataclass(frozen=True, slots=True)
class Definition:
    """One step definition, and where it stands."""

    context: StepFunctionContext
    where: str

    def takes(self, step: Step) -> bool:
        """Whether this definition matches ``step``."""
        return self.context.type in (None, step.kind) and self.context.parser.is_matching(step.text)


def definition(context: StepFunctionContext) -> Definition:
    """``context`` with its place in the source."""
    code = inspect.unwrap(context.step_func).__code__
    return Definition(context, f"{code.co_filename}:{code.co_firstlineno}")


def misfits(
    features: Collection[Feature], known: Collection[Definition], complete: bool
) -> Iterator[str]:
    """Steps that no definition, or more than one, matches;
    and what a step says and its definition does not take.

    Of ``complete`` features, also the definitions that no step matches.
    """
    matching: dict[tuple[str, str], list[Definition]] = {}
    for feature in features:
        seen: set[Step] = set()
        for scenario in feature.scenarios:
            for example in scenario.examples:
                for step in example.steps:
                    if step not in seen:
                        seen.add(step)
                        key = (step.kind, step.text)
                        if key not in matching:
                            matching[key] = [one for one in known if one.takes(step)]
                        for complaint in _misfit(step, matching[key]):
                            yield f"{feature.path}:{step.line}: {complaint}"
    # A function can have several, so its place does not name one.
    used = {id(one) for found in matching.values() for one in found}
    for one in known:
        if complete and id(one) not in used:
            yield f"{one.where}: no scenario uses this step definition ({one.context.parser.name})"


def lost(features: Collection[Feature], known: Collection[Definition]) -> Iterator[str]:
    """Steps that a slip ("Givn", "Scenaro:") has made part of a description: Gherkin takes what it
    does not know there for prose, and nothing runs it.
    """
    for feature in features:
        parts: list[Rule | Background | Scenario] = [
            *feature.rules,
            *feature.backgrounds,
            *feature.scenarios,
        ]
        described = [(one.line, one.description) for one in parts]
        for line, description in [(1, feature.description), *described]:
            for words in description.splitlines():
                first, _, rest = words.partition(" ")
                if (first[:1].isupper() or first in _KEYWORDS) and any(
                    one.context.parser.is_matching(rest) for one in known
                ):
                    yield (
                        f"{feature.path}:{line}: these words are no step, though one reads like "
                        f"that: {words}"
                    )


def _misfit(step: Step, found: Collection[Definition]) -> Iterator[str]:
    if not found:
        yield f"no definition for: {step.kind.title()} {step.text}"
        return
    if len(found) > 1:
        yield (
            f"{len(found)} definitions match {step.text!r}: {', '.join(one.where for one in found)}"
        )
    first = next(iter(found))
    taken = _taken(first.context.step_func)
    said = {
        "table": "datatable" if step.table is not None else None,
        "docstring": "docstring" if step.docstring is not None else None,
    }
    for what, parameter in said.items():
        if parameter is not None and parameter not in taken:
            yield f"the {what} of {step.text!r} is not taken by its definition ({first.where})"
    for name in first.context.parser.parse_arguments(step.text) or {}:
        if name not in taken:
            yield (
                f"the argument {name!r} of {step.text!r} is not taken by its "
                f"definition ({first.where})"
            )


@functools.cache
def _taken(function: Callable[..., object]) -> Collection[str]:
    return set(inspect.signature(function).parameters)


def unusable(known: Collection[Definition]) -> Iterator[str]:
    """Definitions whose body pytest-bdd would not run as it is written."""
    for one in known:
        if _is_async(one.context.step_func):
            yield f"{one.where}: an async step is never awaited"
        elif inspect.isgeneratorfunction(one.context.step_func):
            yield f"{one.where}: a step that yields; give the tear-down to a fixture"


def _is_async(function: Callable[..., object]) -> bool:
    bare = inspect.unwrap(function)
    return inspect.iscoroutinefunction(bare) or inspect.isasyncgenfunction(bare)
