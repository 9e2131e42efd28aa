"""Every sentence that the app can show a person, found in its sources:
``python -m steps.site.sentences`` prints them.

A sentence is a string literal that begins like one, has a space in it and ends like one, or is the
end of one; what is filled in stands as an ellipsis. Docstrings are none.
``tests/unit/test_sentences.py`` reads them as a whole.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIDES = {
    "The window": ("refapp/untrusted/wording", "refapp/lock/wording.py"),
    "The window in a terminal": (
        "refapp/examples/terminal_talk.py",
        "refapp/examples/line_notes.py",
    ),
    "The app behind it": (
        "refapp/trusted/wording",
        "refapp/display_gate/wording.py",
        "refapp/wire.py",
    ),
    "The programs beside it": (
        "refapp/doctor/findings.py",
        "refapp/doctor/network_findings.py",
        "refapp/doctor/server_findings.py",
        "refapp/tour/wording.py",
        "refapp/attack/wording.py",
    ),
}
"""The places, by side; every sentence stands in one.
``lock`` and ``wire`` belong to both sides, and have their own.
"""
NOT_SHOWN = ("refapp/demo_server", "refapp/testing", "refapp/examples")
"""Somebody else's server, and what is for developers: of the examples the terminal's window alone
is an app for people.
"""
_SENTENCE = re.compile(r"[A-Z“…].* .*[.?!…:]\s*$|.*\w \w.*[.?!]\s*$", re.DOTALL)
FILLED_IN = "…"


def sentences(path: Path) -> Iterator[str]:
    """Those of one module, in the order of the source."""
    tree = ast.parse(path.read_text())
    skipped = {id(part) for node in ast.walk(tree) for part in _no_sentence(node)}
    for node in ast.walk(tree):
        if id(node) not in skipped and isinstance(node, ast.Constant | ast.JoinedStr):
            text = _text(node)
            if _SENTENCE.match(text) and len(text.replace(FILLED_IN, "").strip()) > len("A b."):
                yield " ".join(text.split())


def _no_sentence(node: ast.AST) -> list[ast.AST]:
    """Docstrings, and the parts of a text that is found as a whole."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return [node.value]
    return (
        [part for value in node.values for part in ast.walk(value)]
        if isinstance(node, ast.JoinedStr)
        else []
    )


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else FILLED_IN for part in node.values
    )


def modules(places: tuple[str, ...]) -> list[Path]:
    """The modules under ``places``."""
    found = [
        path
        for place in places
        for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    return sorted(found)


def listed() -> str:
    """The list, as Markdown: by side, and by topic, which is a module."""
    lines = [
        "# Every sentence that the app can show",
        "",
        "Made by `python -m steps.site.sentences`; … is filled in.",
    ]
    for side, places in SIDES.items():
        lines += ["", f"## {side}"]
        for path in modules(places):
            if found := list(dict.fromkeys(sentences(path))):
                lines += [
                    "",
                    f"### {path.relative_to(ROOT)}",
                    "",
                    *[f"- {sentence}" for sentence in found],
                ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(listed())
