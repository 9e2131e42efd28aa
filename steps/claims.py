"""Is each test true of the sentence that names it?
``python -m steps.claims`` breaks what a sentence claims and runs that test.

The sentences are those of the project's documents that name a test; ``tests/claims.toml`` has the
test and the edit that must turn it red. Each edit is made in a copy of the checkout, because these
tests start programs of their own. A test that can't be collected, or that errs before it has begun,
says nothing.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
CLAIMS = ROOT / "tests" / "claims.toml"
COPIED = (
    "refapp",
    "steps",
    "tests",
    "features",
    "pyproject.toml",
    ".github",
    "README.md",
    "Makefile",
)
NEEDS_LIMIT_S = 900
TESTS_FAILED = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """``says`` stands in ``document``;
    with ``old`` made ``new`` in ``file``, ``test`` has to fail.
    """

    document: str
    says: str
    test: str
    file: str
    old: str
    new: str


def read(path: Path = CLAIMS) -> list[Claim]:
    """All of them."""
    return [Claim(**one) for one in tomllib.loads(path.read_text(encoding="utf-8"))["claims"]]


def misfit(claim: Claim) -> str:
    """What keeps ``claim`` from being tried, empty if nothing does."""
    if claim.says not in (ROOT / claim.document).read_text(encoding="utf-8"):
        return f"{claim.document} does not say: {claim.says}"
    if not (ROOT / claim.test.split()[0]).exists():
        return f"no such test: {claim.test}"
    times = (ROOT / claim.file).read_text(encoding="utf-8").count(claim.old)
    return "" if times == 1 else f"{claim.file} has this {times} times, not once: {claim.old}"


def tried(claim: Claim) -> str:
    """Why the test does not turn red as it must, empty if it does."""
    if wrong := misfit(claim):
        return wrong
    with tempfile.TemporaryDirectory(prefix="refapp-claim-") as folder:
        copy = Path(folder)
        for name in COPIED:
            place = ROOT / name
            ignored = shutil.ignore_patterns("node_modules", "__pycache__")
            if place.is_dir():
                shutil.copytree(place, copy / name, ignore=ignored)
            else:
                shutil.copy(place, copy / name)
        edited = copy / claim.file
        edited.write_text(
            edited.read_text(encoding="utf-8").replace(claim.old, claim.new), encoding="utf-8"
        )
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "--tb=line",
            *claim.test.split(),
        ]
        # The programs that the test starts are to find the copy too,
        # not the checkout that is installed.
        environment = {**os.environ, "PYTHONPATH": str(copy)}
        done = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            timeout=NEEDS_LIMIT_S,
            check=False,
        )
    last = done.stdout.strip().splitlines()[-1:] or [done.stderr[-200:]]
    if done.returncode != TESTS_FAILED or " failed" not in last[0]:
        return f"{claim.test} did not fail: {last[0]}"
    return ""


def main() -> int:
    """0 if every test fails as it must."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.claims", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "tests", nargs="*", metavar="TEST", help="only those whose test has this in its name"
    )
    chosen = parser.parse_args()
    claims = [
        one for one in read() if not chosen.tests or any(part in one.test for part in chosen.tests)
    ]
    if not claims:
        parser.error(f"no claim names a test with {' or '.join(chosen.tests)} in its name")
    misses = 0
    for claim in claims:
        began = time.monotonic()
        wrong = tried(claim)
        misses += bool(wrong)
        took = time.monotonic() - began
        print(f"{'MISS' if wrong else 'red':>5}  {took:5.1f} s  {claim.says[:90]}")  # noqa: T201
        if wrong:
            print(f"       {wrong}")  # noqa: T201
    print(f"\n{len(claims)} claims, {misses} misses")  # noqa: T201
    return int(bool(misses))


if __name__ == "__main__":
    sys.exit(main())
