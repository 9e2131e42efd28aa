"""The page that follows the recipe: each step of its flows, each thing it has one validate, each
warning; rules and state.

Pure. ``features/recipe.toml`` is the list;
what stands beside each row is asked from the rules and the last runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from steps.site import frame
from steps.site.pages.lists import Lists, Rule

Flows = Mapping[str, Sequence[tuple[str, Sequence[str]]]]


def flows_in(listed: Mapping[str, Sequence[Mapping[str, object]]]) -> Flows:
    """The flows of the parsed list: name -> rows of what happens and the ids of its rules."""
    found: dict[str, list[tuple[str, Sequence[str]]]] = {}
    for flow in listed["flow"]:
        rows = flow["rows"]
        assert isinstance(rows, list)
        found[str(flow["name"])] = [
            (str(what), [str(one) for one in names]) for what, names in rows
        ]
    return found


def page(flows: Flows, lists: Lists, rules: Sequence[Rule], warnings: str) -> str:
    """The page."""
    known = {rule.name: rule for rule in rules}
    tables = "".join(
        f'<h2 id="{frame.slug(name)}">{escape(name)}</h2>'
        + frame.table(
            name,
            ["what happens", "rules and scenarios", "state"],
            [_row(row, lists, known) for row in rows],
            "stacked",
        )
        for name, rows in flows.items()
    )
    body = (
        f"<h1>The recipe, step by step</h1>{warnings}<p>What the recipe has an app do in each of "
        "its flows, what it has one validate, and what it warns of; and whether it holds "
        f"here.</p>{tables}"
    )
    return frame.document("The recipe", body, "recipe.html")


def _row(row: tuple[str, Sequence[str]], lists: Lists, known: Mapping[str, Rule]) -> list[str]:
    what, names = row
    found = [known[name] for name in names if name in known]
    said = "".join(
        f"<details><summary>{rule.name}: "
        f"{escape(rule.says)}</summary>{lists.places(rule.name)}</details>"
        for rule in found
    )
    return [escape(what), said or "no rule", lists.badges(*found) if found else ""]
