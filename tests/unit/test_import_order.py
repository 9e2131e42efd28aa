"""The order of imports is data (pyproject.toml, ``tool.importlinter``);
a failure names the import that is against it.

So is what a package offers (its ``__all__``), and how large a folder and a module may get.
A class name stands for one thing.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
LARGEST = 16
LONGEST = 300
OFFER_NAMES = {"refapp", "refapp.trusted", "refapp.testing"}
"""To programs; the other packages offer modules, to each other."""


def linted(checkout: Path) -> tuple[int, str]:
    """import-linter's exit code and what it says about a checkout."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("refapp", "steps"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_import_is_in_the_order() -> None:
    code, said = linted(ROOT)
    assert code == 0, said


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("refapp.trusted.storage.vault", "refapp.trusted.server.verdict"),
        ("refapp.trusted.rules.session", "asyncio"),
        ("refapp.trusted.window.gate", "tkinter"),
        ("refapp.untrusted.frame.menu", "refapp.untrusted.content.pages"),
        ("refapp.untrusted.channel.link", "socket"),
        ("refapp.untrusted.widgets.icon", "refapp.trusted.errors"),
        ("refapp.demo_server.state.notes", "refapp.demo_server.model"),
        ("refapp.attack.attempts.memory", "refapp.attack.suite"),
        ("refapp.wire", "refapp.trusted.errors"),
        ("steps.in_process.inproc", "steps.phrases.person_steps"),
    ],
)
def test_an_import_against_the_order_is_named(checkout: Path, importer: str, imported: str) -> None:
    module = checkout / f"{importer.replace('.', '/')}.py"
    module.write_text(f"{module.read_text()}\nimport {imported}\n")
    code, said = linted(checkout)
    assert code == 1
    assert f"{importer} -> {imported}" in said


def test_a_package_without_a_place_in_the_order_is_named(checkout: Path) -> None:
    (checkout / "refapp/trusted/helpers.py").write_text("")
    code, said = linted(checkout)
    assert code == 1
    assert "helpers" in said


def offered(package: Path) -> set[str] | None:
    """The modules that ``package`` lets others import; None: all of them."""
    for node in ast.parse((package / "__init__.py").read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return None


def test_a_package_s_own_modules_are_imported_by_nobody_else() -> None:
    graph = grimp.build_graph("refapp", "steps", cache_dir=None)
    wrong = []
    for module in graph.modules:
        package, _, name = module.rpartition(".")
        folder = ROOT / package.replace(".", "/")
        # The roots of the sides, and whatever is no package of modules alone.
        if package.count(".") < 1 or (names := offered(folder)) is None or package in OFFER_NAMES:
            continue
        for importer in graph.find_modules_that_directly_import(module):
            if importer != package and not importer.startswith(f"{package}.") and name not in names:
                wrong.append(f"{importer} -> {module}: {package}.__all__ does not offer it")
    assert wrong == []


def test_what_a_package_offers_is_there() -> None:
    for init in [*(ROOT / "refapp").rglob("__init__.py"), *(ROOT / "steps").rglob("__init__.py")]:
        if ".".join(init.parent.relative_to(ROOT).parts) not in OFFER_NAMES:
            assert {
                name
                for name in offered(init.parent) or ()
                if not (init.parent / f"{name}.py").exists()
            } == set(), init


@pytest.mark.parametrize("top", ["refapp", "steps", "tests"])
def test_no_folder_holds_more_than_sixteen_modules(top: str) -> None:
    held = Counter(path.parent for path in (ROOT / top).rglob("*.py") if path.name != "__init__.py")
    assert {folder: count for folder, count in held.items() if count > LARGEST} == {}


@pytest.mark.parametrize("top", ["refapp", "steps"])
def test_no_module_is_too_long(top: str) -> None:
    lines = {path: len(path.read_bytes().splitlines()) for path in (ROOT / top).rglob("*.py")}
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}


OTHER_PARTIES = ("refapp/demo_server/", "refapp/examples/", "refapp/blocking.py")
"""The server has its own end of what the app has, a program its own window, and ``blocking`` the
library's names."""


def test_no_class_name_stands_for_two_things() -> None:
    places: dict[str, list[str]] = {}
    for path in sorted((ROOT / "refapp").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(name)
    own = {
        name: [place for place in where if not place.startswith(OTHER_PARTIES)]
        for name, where in places.items()
    }
    assert {name: where for name, where in own.items() if len(where) > 1} == {}
