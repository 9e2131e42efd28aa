"""The page of one feature: why, then rule by rule its scenarios, each with its results and what
really happened.

Pure: a feature and the results in, a page out.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from html import escape
from itertools import groupby

from steps.gherkin.specification import Example, Feature, Rule, Scenario, Step
from steps.site import frame, prose
from steps.site.glossary import Glossary
from steps.site.pages.happened import happened
from steps.site.pages.lists import SOURCES
from steps.site.results import DRIVERS, Result, Results, State

Sources = dict[str, str]


class FeaturePage:
    """Writes one page. ``sources``: rule -> where it comes from;
    ``neighbours``: what is before and after in reading order.
    """

    def __init__(
        self,
        feature: Feature,
        results: Results,
        sources: Sources,
        neighbours: tuple[Feature | None, Feature | None],
        glossary: Glossary,
    ) -> None:
        self._feature = feature
        self._results = results
        self._sources = sources
        self._neighbours = neighbours
        self._glossary = glossary

    def text(self) -> str:
        """The page."""
        feature = self._feature
        groups = groupby(feature.scenarios, key=lambda scenario: scenario.rule)
        rules = "".join(self._rule(rule, list(scenarios)) for rule, scenarios in groups)
        body = (
            f"<h1>{escape(feature.name)}</h1>"
            f"{frame.warnings(self._results)}{prose.html_of(feature.description)}"
            f"{self._contents()}{self._background()}"
            f"{rules}{self._onward()}"
        )
        return frame.document(feature.name, body, frame.feature_file(feature.path.name))

    def _contents(self) -> str:
        lines = "".join(
            f'<li><a href="#{rule.tags[0]}">{rule.tags[0]}</a> {escape(rule.name)}</li>'
            for rule in self._feature.rules
        )
        return f'<nav aria-label="Rules on this page"><ul class="contents">{lines}</ul></nav>'

    def _background(self) -> str:
        blocks = "".join(self._steps(block.steps) for block in self._feature.backgrounds)
        return (
            f'<section class="background"><h2>Before every scenario here</h2>{blocks}</section>'
            if blocks
            else ""
        )

    def _rule(self, rule: Rule | None, scenarios: Sequence[Scenario]) -> str:
        shown = "".join(self._scenario(scenario) for scenario in scenarios)
        if rule is None:
            return shown
        name = rule.tags[0]
        source = self._sources.get(name, "")
        origin = (
            '<p class="origin">From <a '
            f'href="{frame.source_file(source)}">{escape(SOURCES[source][0])}</a></p>'
            if source
            else ""
        )
        return (
            f'<section class="rule" id="{name}"><h2><span class="id">{name}</span> '
            f"{escape(rule.name)}</h2>"
            f"{origin}{prose.html_of(rule.description)}{shown}</section>"
        )

    def _scenario(self, scenario: Scenario) -> str:
        tallies = {
            driver: self._results.tally(driver, self._feature, [scenario])
            for driver in self._results.drivers
        }
        steps = [step for step in scenario.steps if not step.background]
        examples = self._examples(scenario) if scenario.outline else ""
        return (
            '<article class="scenario" '
            f'id="{frame.slug(scenario.name)}"><h3>{escape(scenario.name)}</h3>'
            f"{frame.badges(tallies)}{prose.html_of(scenario.description)}{self._steps(steps)}{examples}"
            f"{''.join(self._happened(scenario, driver) for driver in DRIVERS)}</article>"
        )

    def _examples(self, scenario: Scenario) -> str:
        tables = []
        number = itertools.count(1)
        for (title, columns), rows in groupby(
            scenario.examples, key=lambda one: (one.table, [c for c, _ in one.row])
        ):
            head = [
                *(escape(column) for column in columns),
                *map(frame.name_of, self._results.drivers),
            ]
            cells = [
                [
                    _link_to(
                        frame.row_of(scenario.name, next(number)),
                        *(value for _, value in one.row[:1]),
                    ),
                    *(f"<code>{escape(value)}</code>" for _, value in one.row[1:]),
                    *(self._sign(driver, scenario, one) for driver in self._results.drivers),
                ]
                for one in rows
            ]
            heading = f"<h4>Examples{f': {escape(title)}' if title else ''}</h4>"
            tables.append(
                heading + frame.table(title or f"Examples of {scenario.name}", head, cells)
            )
        return "".join(tables)

    def _sign(self, driver: str, scenario: Scenario, example: Example) -> str:
        """How the example stands; of a failure, with the way to what happened."""
        found = self._of(driver, scenario, example)
        shown = frame.sign(found.state)
        place = frame.happened_in(scenario.name, driver, scenario.examples.index(example) + 1)
        return (
            f'<a href="#{place}">{shown}</a>'
            if found.ran and found.state is State.FAILED
            else shown
        )

    def _happened(self, scenario: Scenario, driver: str) -> str:
        """What failed first, and open; the rest can be opened."""
        parts: dict[State, list[str]] = {State.FAILED: [], State.PASSED: []}
        for number, example in enumerate(scenario.examples, 1):
            found = self._of(driver, scenario, example)
            if found.ran is not None:
                parts[found.state].append(
                    happened(found.ran, frame.happened_in(scenario.name, driver, number))
                )
        said = f"What happened {frame.NAMES[driver]}"
        often = sum(map(len, parts.values()))
        return "".join(
            f"<details{' open' if state is State.FAILED else ''}><summary>{said}"
            f"{f', {state.value}: {len(made)} of {often}' if often > 1 else ''}</summary>"
            f"{''.join(made)}</details>"
            for state, made in parts.items()
            if made
        )

    def _of(self, driver: str, scenario: Scenario, example: Example) -> Result:
        return self._results.of(driver, self._feature, scenario, example)

    def _onward(self) -> str:
        before, after = self._neighbours
        links = "".join(
            f'<li>{word}: <a href="{frame.feature_file(one.path.name)}">{escape(one.name)}</a></li>'
            for word, one in (("Before this", before), ("Next", after))
            if one is not None
        )
        return f'<nav class="onward" aria-label="Reading order"><ul>{links}</ul></nav>'

    def _steps(self, steps: Sequence[Step]) -> str:
        lines, before = [], ""
        for step in steps:
            word = "and" if step.kind == before else step.kind.capitalize()
            before = step.kind
            text = (
                escape(step.text, quote=False)
                .replace("&lt;", '<var class="hole">')
                .replace("&gt;", "</var>")
            )
            table = frame.table(
                "What the step names",
                [],
                [[escape(cell) for cell in row] for row in step.table or ()],
            )
            said = f"<pre>{escape(step.docstring)}</pre>" if step.docstring is not None else ""
            lines.append(
                f"<li><span class='word'>{word}</span> "
                f"{self._glossary.linked(text)}{table if step.table else ''}{said}</li>"
            )
        return f'<ul class="steps">{"".join(lines)}</ul>'


def _link_to(place: str, value: str = "") -> str:
    """The first cell of a row, which can be linked to."""
    return f'<a id="{place}" href="#{place}"><code>{escape(value) or "(empty)"}</code></a>'
