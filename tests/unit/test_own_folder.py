"""Runs beside one another do not meddle with the temporary files of one another."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

from steps import own_folder

TESTS = """
import os
import tempfile

def test_a_fork_of_it_deletes_nothing():
    assert os.listdir(tempfile.gettempdir()) == ["of"], "the fork makes it, and deletes it first"

def test_where(tmp_path):
    print("\\nown:", tempfile.gettempdir())
    print("given:", tmp_path)

def test_red(tmp_path):
    assert {green}
"""


def a_run(tmp_path: Path, *, green: bool) -> tuple[Path, Path]:
    """One beside this one. Its folder, and that of one of its tests."""
    (tmp_path / "test_it.py").write_text(TESTS.format(green=green))
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "steps.own_folder", "-s"]
    env = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
    env["PYTHONPATH"] = str(Path(own_folder.__file__).parents[1])
    asked = [*command, "-p", "no:cacheprovider", "-o", "tmp_path_retention_policy=failed", "."]
    run = subprocess.run(asked, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == (0 if green else 1), run.stdout
    told = dict(line.split(": ") for line in run.stdout.splitlines() if ": /" in line)
    return Path(told["own"]), Path(told["given"])


def test_a_run_has_a_folder_that_no_other_tidies_up(tmp_path: Path) -> None:
    first, given = a_run(tmp_path, green=False)
    again, _ = a_run(tmp_path, green=True)
    assert given.is_relative_to(first)
    assert again.parent == first.parent != again
    assert again != first
    assert not again.exists(), "all passed, and its files are left"
    assert next(first.rglob("test_red*")).is_dir(), "what a red test left is gone"


def test_the_newest_that_are_left_stay_and_so_do_those_in_use(tmp_path: Path) -> None:
    left = [tmp_path / f"{own_folder.PREFIX}{number}" for number in range(own_folder.KEPT + 3)]
    for folder in left:
        folder.mkdir()
    own_folder.tidy_up(tmp_path)
    assert sorted(tmp_path.iterdir()) == left, "they may not have come to hold theirs"
    for age, folder in enumerate(left, start=1):
        at = time.time() - age * own_folder.JUST_NOW_S - 1
        os.utime(folder, (at, at))
    in_use = os.open(left[-1], os.O_RDONLY)
    try:
        fcntl.flock(in_use, fcntl.LOCK_SH)
        own_folder.tidy_up(tmp_path)
    finally:
        os.close(in_use)
    assert sorted(tmp_path.iterdir()) == [*left[: own_folder.KEPT], left[-1]]
