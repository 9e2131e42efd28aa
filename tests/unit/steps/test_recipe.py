"""The table that follows the recipe is whole: a row for each of its steps, checks and warnings,
with rules that there are.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from steps.site.pages import recipe_page

FEATURES = Path(__file__).parents[3] / "features"
FLOWS = recipe_page.flows_in(tomllib.loads((FEATURES / "recipe.toml").read_text(encoding="utf-8")))
HAS = {
    "Sign-in": 10,
    "Session restoration": 8,
    "Token refresh on 401": 7,
    "Sign-out": 7,
    "Validate": 5,
    "Security principles": 5,
    "Patterns": 8,  # four, one of them in five steps
    "Integration points": 5,  # four, and the seventh phase
    "Gotchas": 8,
}
NO_RULE = {"The storage library's default export"}


def test_each_step_check_and_warning_of_the_recipe_has_its_row() -> None:
    assert {name: len(rows) for name, rows in FLOWS.items()} == HAS


def test_the_rows_name_rules_that_there_are() -> None:
    rules = tomllib.loads((FEATURES / "rules.toml").read_text(encoding="utf-8"))
    named = {name for rows in FLOWS.values() for _, names in rows for name in names}
    assert named <= rules.keys()
    without = [what for rows in FLOWS.values() for what, names in rows if not names]
    assert {what.partition(" may be")[0] for what in without} == NO_RULE
