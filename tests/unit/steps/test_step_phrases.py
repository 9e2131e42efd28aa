"""The vocabulary is small, and is as large as ``features/README.md`` says: whoever adds a phrase
has to write the number up.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

CHECKOUT = Path(__file__).parents[3]
KEYWORDS = {"given", "when", "then"}


def phrases() -> set[str]:
    """Every pattern that a step has; one that serves as a Given and as a When counts once."""
    found = set()
    for path in (CHECKOUT / "steps" / "phrases").rglob("*_steps.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if (
                        isinstance(mark, ast.Call)
                        and isinstance(mark.func, ast.Name)
                        and mark.func.id in KEYWORDS
                    ):
                        found.add(f"{path.name}: {ast.unparse(mark.args[0])}")
    return found


def test_the_number_of_phrases_is_the_one_that_the_readme_names() -> None:
    named = re.search(r"There are (\d+) phrases", (CHECKOUT / "features" / "README.md").read_text())
    assert named is not None
    assert int(named[1]) == len(phrases())
