"""What is imported before the window paints, before it is answered, and before it is locked.
Figures: ``tests/benchmarks``.

Nothing here is timed. A module that comes in by accident costs every start milliseconds;
a benchmark tells that, but not which.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest

ROOT = Path(__file__).parents[2]
SLOW = {
    "argparse", "ast", "asyncio", "contextlib", "dataclasses", "email", "inspect", "json",
    "logging", "msgspec", "pathlib", "random", "shutil", "socket", "ssl", "subprocess", "tempfile",
    "traceback", "typing", "urllib", "urllib.parse",
}  # fmt: skip
FIRST = "import refapp.__main__, refapp.trusted.start.first_window"
ANSWERS = "import asyncio, refapp.trusted.composition.launch, refapp.trusted.composition.launch_app"
PAINTS = (
    "from refapp.lock import sandbox; import tkinter; from "
    "refapp.untrusted.frame.window import Window"
)
LOCKS = (
    "import refapp.untrusted.channel.link, refapp.untrusted.content.pages, refapp.untrusted.warm_up"
)


Loaded = Callable[[str], set[str]]


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    """The modules after a statement,
    in a Python that has loaded nothing by itself and knows the codec alone.
    """
    (tmp_path / "msgspec").symlink_to(Path(msgspec.__file__).parent)

    def after(statement: str) -> set[str]:
        code = (
            f"import sys; sys.path[:0] = {[str(ROOT), str(tmp_path)]}\n{statement}\n"
            "print(*sys.modules)"
        )
        command = [sys.executable, "-I", "-S", "-c", code]
        return set(
            subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        )

    return after


def test_the_parent_starts_the_window_before_it_loads_anything(loaded: Loaded) -> None:
    found = loaded(FIRST)
    assert "refapp.trusted.start.first_window" in found
    assert not found & (SLOW | {"collections", "enum", "re"})


def test_the_parent_answers_the_window_before_it_loads_network_keychain_and_ciphers(
    loaded: Loaded,
) -> None:
    # With everything else at hand, so that what is asked for would be there.
    found = loaded(f"sys.path.append({str(Path(httpx.__file__).parents[1])!r}); {ANSWERS}")
    assert "refapp.trusted.composition.app" in found
    assert not found & {
        "click",
        "cryptography",
        "h11",
        "httpcore",
        "httpx",
        "jeepney",
        "keyring",
        "secretstorage",
    }


def test_the_window_paints_before_it_loads_anything(loaded: Loaded) -> None:
    found = loaded(PAINTS)
    assert "refapp.untrusted.frame.window" in found
    assert not found & (SLOW | {"tkinter.font", "tkinter.ttk"})
    own = {
        name.rpartition(".")[2]
        for name in found
        if re.match(r"refapp\.(untrusted\.\w+|lock)\.", name)
    }
    assert own == {"kernel", "landlock", "palette", "sandbox", "seccomp", "window", "wording"}


def test_the_window_is_locked_with_no_more_than_it_uses(loaded: Loaded) -> None:
    found = loaded(LOCKS)
    assert "refapp.untrusted.content.pages" in found
    assert not found & {
        "asyncio",
        "dataclasses",
        "inspect",
        "json",
        "logging",
        "pathlib",
        "selectors",
        "socket",
        "ssl",
    }


@pytest.mark.parametrize("statement", [FIRST, PAINTS])
def test_a_module_that_is_too_much_is_noticed(loaded: Loaded, statement: str) -> None:
    assert loaded(f"import typing\n{statement}") & SLOW
