"""What makes a specification say less than it seems to: each check is pure, over what
``specification`` read.

pytest-bdd runs all of these without a word, and most of them pass. Here each is a complaint,
``file:line: what is wrong``, and one complaint stops the run (``enforce``). The checks that need
the step definitions are in ``definitions``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from steps.gherkin.specification import Feature, Scenario, Step

PLACEHOLDER = re.compile(r"<([^<>\s][^<>]*)>")
LONGEST_BACKGROUND = 3
_ORDER = {"given": 0, "when": 1, "then": 2}


def complaints(features: Collection[Feature]) -> Iterator[str]:
    """Everything that is wrong with ``features``."""
    yield from _duplicate_names(features)
    yield from _said_twice(features)
    for feature in features:
        if not feature.scenarios:
            yield f"{feature.path}:1: the feature has no scenario"
        for scenario in feature.scenarios:
            for check in _OF_A_SCENARIO:
                for line, complaint in check(scenario):
                    yield f"{feature.path}:{line}: {complaint}"
        for background in feature.backgrounds:
            if len(background.steps) > LONGEST_BACKGROUND:
                yield (
                    f"{feature.path}:{background.line}: a background of "
                    f"{len(background.steps)} steps (at most {LONGEST_BACKGROUND})"
                )
            for step in background.steps:
                if step.kind != "given":
                    yield f"{feature.path}:{step.line}: a {step.kind.title()} in a background"


def unknown_tags(feature: Feature, known: Collection[str]) -> list[str]:
    """Such as the slip of a rule's id."""
    return [
        f"{feature.path}:{line}: unknown tag @{tag}"
        for tag, line in feature.tags_at
        if tag not in known
    ]


def _duplicate_names(features: Collection[Feature]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for feature in features:
        for scenario in feature.scenarios:
            here = f"{feature.path}:{scenario.line}"
            if scenario.name in seen:
                yield (
                    f"{here}: the scenario name {scenario.name!r} is taken by {seen[scenario.name]}"
                )
            seen.setdefault(scenario.name, here)


def _said_twice(features: Collection[Feature]) -> Iterator[str]:
    """Two examples with the same steps: the second shows nothing that the first does not."""
    seen: dict[tuple[tuple[str, ...], ...], str] = {}
    for feature in features:
        for scenario in feature.scenarios:
            for example in scenario.examples:
                said = tuple((step.kind, *step.words()) for step in example.steps)
                here = f"{feature.path}:{example.line}"
                if said in seen:
                    yield f"{here}: its steps are those of {seen[said]}"
                seen.setdefault(said, here)


_Found = Iterator[tuple[int, str]]


def _own(scenario: Scenario) -> list[Step]:
    return [step for step in scenario.steps if not step.background]


def _shape(scenario: Scenario) -> _Found:
    steps = _own(scenario)
    if not steps:
        yield scenario.line, "the scenario has no steps"
        return
    whens = [step for step in steps if step.kind == "when"]
    if len(whens) != 1:
        yield scenario.line, f"the scenario has {len(whens)} When steps, not one"
    if not any(step.kind == "then" for step in steps):
        yield scenario.line, "the scenario has no Then"


def _order(scenario: Scenario) -> _Found:
    highest = "given"
    for step in scenario.steps:
        if _ORDER[step.kind] < _ORDER[highest]:
            yield step.line, f"a {step.kind.title()} after a {highest.title()}"
            return
        highest = step.kind


def _rows(scenario: Scenario) -> _Found:
    if not scenario.outline:
        return
    rows = [example.row for example in scenario.examples]
    if not rows or not any(rows):
        yield scenario.line, "the outline has no rows"
        return
    for number, row in enumerate(rows):
        if row in rows[:number]:
            yield scenario.examples[number].line, "the row stands in the outline twice"


def _placeholders(scenario: Scenario) -> _Found:
    used = [
        (step.line, name)
        for step in _own(scenario)
        for text in step.words()
        for name in PLACEHOLDER.findall(text)
    ]
    used += [(scenario.line, name) for name in PLACEHOLDER.findall(scenario.name)]
    for columns in scenario.columns or ((),):
        for line, name in dict.fromkeys(used):
            if name not in columns:
                yield line, f"<{name}> is not a column of the scenario's examples"
        for name in columns:
            if name not in {name for _, name in used}:
                yield scenario.line, f"the column <{name}> is not used"


_OF_A_SCENARIO: tuple[Callable[[Scenario], _Found], ...] = (_shape, _order, _rows, _placeholders)
