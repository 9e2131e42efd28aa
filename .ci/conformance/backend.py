"""How the conformance kit's wheel is built: setuptools, on a copy of what the wheel holds, laid out
as it will be installed.

The wheel is one package, ``refapp_conformance``, with ``features`` and ``steps`` in it: by these
names of their own they would meet other projects' in an environment. Version and requirements are
those of refapp's pyproject.toml, so that none is said twice. There is no sdist of it: refapp's has
everything.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from setuptools import build_meta

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
FEATURES = ("*.feature", "README.md", "meanings.toml", "rules.toml")
NEEDS_MORE = {
    "in_process",
    "on_desktop",
    "fakes",
    "matrix",
    "programs",
    "claims.py",
    "sabotage.py",
    "__pycache__",
}
"""What of steps can't run without refapp's tests, or a desktop."""
RECORDS = {"__init__.py", "record.py", "run_record.py", "why.py"}
"""What of the site is a part of every run."""
REQUIRED = ("gherkin-official", "pytest", "pytest-bdd", "respx")
"""What of the extra ``test`` the kit needs, besides refapp itself."""
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)]*\)")


class UnsupportedOperation(Exception):
    """As PEP 517 has it."""


def build_wheel(
    to: str, settings: dict[str, str] | None = None, metadata: str | None = None
) -> str:
    """See PEP 517."""
    place = str(Path(to).absolute())
    with _laid_out():
        return str(build_meta.build_wheel(place, settings, metadata))


def build_sdist(*_: object) -> NoReturn:
    """See PEP 517."""
    raise UnsupportedOperation(
        "refapp's own sdist has the kit: make a wheel of it with `pip wheel .ci/conformance`."
    )


def _left_out(folder: str, names: list[str]) -> set[str]:
    """What of a folder of steps is not in the wheel."""
    if Path(folder).name == "site":
        return {*names} - RECORDS
    return {*names} & NEEDS_MORE


@contextlib.contextmanager
def _laid_out() -> Iterator[None]:
    refapp = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version, extra = refapp["version"], refapp["optional-dependencies"]["test"]
    needed = [line for line in extra if line.partition(">")[0] in REQUIRED]
    with tempfile.TemporaryDirectory() as made, contextlib.chdir(made):
        package = Path("refapp_conformance")
        package.mkdir()
        shutil.copy(HERE / "installed.py", package / "__init__.py")
        shutil.copytree(CHECKOUT / "steps", package / "steps", ignore=_left_out)
        (package / "features").mkdir()
        for pattern in FEATURES:
            for file in (CHECKOUT / "features").glob(pattern):
                shutil.copy(file, package / "features")
        for file in (HERE / "pyproject.toml", CHECKOUT / "LICENSE"):
            shutil.copy(file, ".")
        # A package page has no folder for relative links to start from.
        guide = (package / "steps" / "kit" / "README.md").read_text(encoding="utf-8")
        Path("README.md").write_text(_LINK.sub(r"\1", guide), encoding="utf-8")
        Path("VERSION").write_text(version)
        Path("REQUIRES").write_text("\n".join([f"refapp=={version}", *needed]))
        yield
