"""What documents and docstrings name is there: files, modules, targets of make, decisions.
A wrong map is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder,
    pattern in ((".", "*.md"), (".github", "*.md"), ("refapp/guide", "*.md"), ("features", "*.md"),
                ("tests", "*.md"),
                            ("tests", "*/*.md"), ("refapp", "**/*.md"))
    for path in (ROOT / folder).glob(pattern)
    if path.name != "CHANGELOG.md"  # what was, by the names that it had
)  # fmt: skip
TOP = ("refapp", "steps", "features", "tests", ".ci", ".github")
# Made by a command, a path of the server, a package of npm, a network.
ELSEWHERE = ("tour/", "build/", "/", "better-auth/", "10.")


def named(text: str) -> Iterator[str]:
    """What stands in backticks or in a link and looks like a path of this project."""
    for word in [
        *re.findall(r"`([^`\s]+)`", text),
        *re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text),
    ]:
        if (
            "://" not in word
            and re.fullmatch(r"[\w./…*-]+", word)
            and ("/" in word or word.endswith((".py", ".md", ".feature", ".toml")))
        ):
            yield word


def found(word: str, document: Path) -> bool:
    """Is there such a file or folder:
    from the top, beside the document, in ``refapp``, or by its name alone?
    """
    if any((place / word).exists() for place in (ROOT, document.parent, ROOT / "refapp")):
        return True
    if "*" in word:
        return any(ROOT.glob(word))
    return "/" not in word and any((ROOT / top).rglob(word) for top in TOP)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_in_a_document_leads_somewhere(name: str) -> None:
    document = ROOT / name
    lost = [
        word
        for word in named(document.read_text())
        if not word.startswith(ELSEWHERE) and not found(word, document)
    ]
    assert lost == []


def test_every_target_of_make_is_there() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):.*##", (ROOT / "Makefile").read_text()))
    for name in DOCUMENTS:
        assert set(re.findall(r"`make ([a-z-]+)", (ROOT / name).read_text())) <= targets, name


def modules() -> Iterator[tuple[str, str]]:
    """Path and text of every module."""
    for folder in ("refapp", "steps", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            yield path.relative_to(ROOT).as_posix(), path.read_text()


def is_there(dotted: str) -> bool:
    """Is ``trusted.rules.session.advance`` a module, and does it have that name?"""
    place = ROOT / "refapp" if dotted.split(".")[0] in {"trusted", "untrusted"} else ROOT
    for part in dotted.split("."):
        if place.is_dir() and ((place / part).is_dir() or (place / f"{part}.py").exists()):
            place = place / part
        else:
            inside, sign = (
                (place / "__init__.py", rf'"{part}"|def {part}\b')
                if place.is_dir()
                else (place.with_suffix(".py"), rf"\b{part}\b")
            )
            return re.search(sign, inside.read_text()) is not None
    return True


def test_every_module_that_a_docstring_names_is_there() -> None:
    lost = [
        f"{path}: {dotted}"
        for path, text in modules()
        for dotted in re.findall(r"``((?:trusted|untrusted|refapp|steps)\.[\w.]+)``", text)
        if not is_there(dotted)
    ]
    assert lost == []


def test_every_decision_is_recorded_listed_and_followed_somewhere() -> None:
    folder = ROOT / "refapp" / "decisions"
    recorded = {int(path.name[:4]) for path in folder.glob("[0-9]*.md")}
    listed = {
        int(number)
        for number in re.findall(r"(?m)^\| \[(\d+)\]", (folder / "README.md").read_text())
    }
    said = [
        numbers
        for _, text in modules()
        for numbers in re.findall(r"\(decisions? ([\d, ]+)\)", text)
    ]
    followed = {int(number) for numbers in said for number in numbers.split(",")}
    assert recorded == listed == followed


def test_the_two_glossaries_explain_no_word_twice() -> None:
    head = "| word | what it means |\n| --- | --- |\n"
    tables = [
        (ROOT / name).read_text().partition(head)[2].partition("\n\n")[0]
        for name in ("features/README.md", ".github/CONTRIBUTING.md")
    ]
    rows = "\n".join(tables).splitlines()
    words = [word.strip() for row in rows for word in row.split("|")[1].split(",")]
    assert len(words) > 40
    assert sorted(words) == sorted(set(words))
