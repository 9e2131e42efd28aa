"""What the feature files say, as plain data: the one reader of Gherkin that every check, list and
page of the project uses.

Owns the reading and nothing else: what is wrong with a specification is decided in ``strictness``.
A scenario is kept twice: as it is written (with the steps of its backgrounds in front, placeholders
and all), and as its *examples*, one for each row, which are Cucumber's pickles. A ``*`` step has
the kind of the step before it.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from pytest_bdd import gherkin_parser

Kind = Literal["given", "when", "then"]
_KINDS: Mapping[str, Kind] = {"Context": "given", "Action": "when", "Outcome": "then"}
_Node = dict[str, Any]


class NotGherkin(Exception):
    """A feature file can't be read; its words are ``file:line: why``, a line for each reason."""


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One step. ``table`` holds its rows with the header; ``background``: it stands in one."""

    kind: Kind
    text: str
    line: int
    table: tuple[tuple[str, ...], ...] | None = None
    docstring: str | None = None
    background: bool = False

    def words(self) -> Iterator[str]:
        """Every text in which a placeholder may stand."""
        yield self.text
        yield from (cell for row in self.table or () for cell in row)
        if self.docstring is not None:
            yield self.docstring


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """A ``Rule:`` block. Tags are written without their ``@``."""

    name: str
    line: int
    tags: tuple[str, ...]
    description: str


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """One run of a scenario:
    ``row`` is its line of the Examples table by column, empty for a plain scenario.

    ``tags`` are the scenario's without those of its other tables;
    ``table`` is the heading of its own.
    """

    name: str
    line: int
    row: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    tags: tuple[str, ...]
    table: str


@dataclasses.dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario as written. ``tags`` are its own, its rule's, its feature's and its tables'."""

    name: str
    line: int
    description: str
    tags: tuple[str, ...]
    rule: Rule | None
    steps: tuple[Step, ...]
    outline: bool
    columns: tuple[tuple[str, ...], ...]
    examples: tuple[Example, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Background:
    """A ``Background:`` block, of the feature or of a rule."""

    line: int
    steps: tuple[Step, ...]
    description: str


@dataclasses.dataclass(frozen=True, slots=True)
class Feature:
    """One feature file. ``tags_at``: each tag that stands in it, and its line."""

    path: Path
    name: str
    description: str
    tags: tuple[str, ...]
    rules: tuple[Rule, ...]
    backgrounds: tuple[Background, ...]
    scenarios: tuple[Scenario, ...]
    tags_at: tuple[tuple[str, int], ...]


def read(path: Path) -> Feature:
    """The feature file at ``path``.

    Raises:
        NotGherkin: it is none.
    """
    document: _Node = {**_parsed(path), "uri": str(path)}
    feature: _Node = document.get("feature") or {
        "name": "",
        "description": "",
        "tags": [],
        "children": [],
    }
    pickles: list[_Node] = _compile(document) if document.get("feature") else []
    backgrounds: list[Background] = []
    rules, scenarios = [], []
    shared: tuple[Step, ...] = ()
    for child in feature["children"]:
        if "background" in child:
            backgrounds.append(_background(child["background"]))
            shared = backgrounds[-1].steps
        elif "rule" in child:
            rule = _rule(child["rule"])
            rules.append(rule)
            own = shared
            for grandchild in child["rule"]["children"]:
                if "background" in grandchild:
                    backgrounds.append(_background(grandchild["background"]))
                    own = shared + backgrounds[-1].steps
                else:
                    scenarios.append(_scenario(grandchild["scenario"], feature, rule, own, pickles))
        else:
            scenarios.append(_scenario(child["scenario"], feature, None, shared, pickles))
    return Feature(
        path=path,
        name=feature["name"],
        description=_prose(feature),
        tags=_tags(feature),
        rules=tuple(rules),
        backgrounds=tuple(backgrounds),
        scenarios=tuple(scenarios),
        tags_at=tuple(_tags_at(feature)),
    )


class _Once(Parser):
    """Parses a text that pytest-bdd reads too: both take theirs from one document."""

    @staticmethod
    @functools.cache
    def parse(text: str) -> Any:
        return Parser().parse(text)


# It reads each file a second time, and to parse one takes as long as all else in its collection.
vars(gherkin_parser)["Parser"] = _Once


def _parsed(path: Path) -> Any:
    try:
        return _Once.parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise NotGherkin(f"{path}: is no UTF-8") from error
    except (CompositeParserException, ParserException) as error:
        every = error.errors if isinstance(error, CompositeParserException) else [error]
        # Each begins with "(line:column): ".
        reasons = [
            f"{path}:{one.location['line']}: {str(one).partition('): ')[2]}" for one in every
        ]
        raise NotGherkin("\n".join(reasons)) from error


def _compile(document: Any) -> Any:
    return Compiler().compile(document)


def _background(node: _Node) -> Background:
    steps = _steps(node["steps"], background=True)
    return Background(node["location"]["line"], steps, _prose(node))


def _rule(node: _Node) -> Rule:
    return Rule(node["name"], node["location"]["line"], _tags(node), _prose(node))


def _scenario(
    node: _Node, feature: _Node, rule: Rule | None, before: tuple[Step, ...], pickles: list[_Node]
) -> Scenario:
    steps = before + _steps(node["steps"], after=before[-1].kind if before else "given")
    rows = {
        row["id"]: (
            row["location"]["line"],
            tuple(zip(_cells(table["tableHeader"]), _cells(row), strict=True)),
            table["name"],
        )
        for table in node["examples"]
        for row in table.get("tableBody", [])
    }
    tags = [*_tags(feature), *(rule.tags if rule else ()), *_tags(node)]
    for table in node["examples"]:
        tags.extend(_tags(table))
    return Scenario(
        name=node["name"],
        line=node["location"]["line"],
        description=_prose(node),
        tags=tuple(dict.fromkeys(tags)),
        rule=rule,
        steps=steps,
        outline=bool(node["examples"])
        or "Outline" in node["keyword"]
        or "Template" in node["keyword"],
        columns=tuple(
            _cells(table["tableHeader"]) for table in node["examples"] if "tableHeader" in table
        ),
        examples=tuple(
            _example(pickle, node["location"]["line"], rows, steps)
            for pickle in pickles
            if pickle["astNodeIds"][0] == node["id"]
        ),
    )


def _example(
    pickle: _Node, line: int, rows: Mapping[str, Any], written: tuple[Step, ...]
) -> Example:
    at, row, table = (
        rows[pickle["astNodeIds"][1]] if len(pickle["astNodeIds"]) > 1 else (line, (), "")
    )
    steps = tuple(
        dataclasses.replace(
            step, text=rendered["text"], table=_table(argument), docstring=_docstring(argument)
        )
        for step, rendered in zip(written, pickle["steps"], strict=bool(pickle["steps"]))
        for argument in [rendered.get("argument", {})]
    )
    return Example(pickle["name"], at, row, steps, _tags(pickle), table)


def _steps(
    nodes: list[_Node], *, background: bool = False, after: Kind = "given"
) -> tuple[Step, ...]:
    steps = []
    kind = after
    for node in nodes:
        kind = _KINDS.get(node["keywordType"], kind)
        steps.append(
            Step(
                kind,
                node["text"],
                node["location"]["line"],
                _table(node),
                _docstring(node),
                background,
            )
        )
    return tuple(steps)


def _table(node: _Node) -> tuple[tuple[str, ...], ...] | None:
    return tuple(_cells(row) for row in node["dataTable"]["rows"]) if "dataTable" in node else None


def _docstring(node: _Node) -> str | None:
    return node["docString"]["content"] if "docString" in node else None


def _cells(row: _Node) -> tuple[str, ...]:
    return tuple(cell["value"] for cell in row["cells"])


def _tags(node: _Node) -> tuple[str, ...]:
    return tuple(tag["name"].removeprefix("@") for tag in node["tags"])


def _tags_at(node: _Node) -> Iterator[tuple[str, int]]:
    for tag in node["tags"]:
        yield tag["name"].removeprefix("@"), tag["location"]["line"]
    inside = [one for child in node.get("children", []) for one in child.values() if "tags" in one]
    for one in [*inside, *node.get("examples", [])]:
        yield from _tags_at(one)


def _prose(node: _Node) -> str:
    return "\n".join(line.strip() for line in node["description"].splitlines()).strip()
