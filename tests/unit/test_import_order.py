"""The order of imports is data (pyproject.toml, ``tool.importlinter``); a failure names the import that is against it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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
