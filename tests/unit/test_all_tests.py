"""``.ci/tests`` says that a part failed, whatever part it was, and leaves nothing when it is
interrupted.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2] / ".ci" / "tests"
PARTS = 18
LIMIT_S = 20
PYTHON = """#!/bin/sh
echo "$@" >>"$SAID"
case "$*" in *"$FAILS"*) echo "1 failed"; exit 2 ;; esac
[ -z "$WAITS" ] || sleep 60
echo "3 passed"
"""
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("xargs") is None, reason="it runs on Linux"
)


def started(folder: Path, *, fails: str = "none", waits: str = "") -> subprocess.Popen[str]:
    """With a Python that runs nothing, in a folder with a blank in its name."""
    project = folder / "a project"
    (project / ".ci").mkdir(parents=True)
    (folder / "tmp").mkdir()
    shutil.copy(TESTS, project / ".ci")
    python = project / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    told = {"SAID": str(folder / "said"), "FAILS": fails, "WAITS": waits}
    return subprocess.Popen(
        [project / ".ci" / "tests", python],
        env={**os.environ, **told, "TMPDIR": str(folder / "tmp")},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # As in a terminal, also where this runs in the background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def test_all_parts_pass_and_each_is_named(tmp_path: Path) -> None:
    run = started(tmp_path)
    said = run.communicate(timeout=LIMIT_S)[0].splitlines()
    assert run.returncode == 0
    assert sum(line.endswith(": 3 passed") for line in said) == PARTS
    assert sum(line == "3 passed" for line in said) == PARTS
    assert not list((tmp_path / "tmp").iterdir())


@pytest.mark.parametrize("part", ["--driver=desktop features/s*", "tests/crash", "--ignore"])
def test_one_that_fails_fails_all_and_the_others_are_run(tmp_path: Path, part: str) -> None:
    run = started(tmp_path, fails=part)
    run.communicate(timeout=LIMIT_S)
    assert run.returncode == 1
    assert len((tmp_path / "said").read_text().splitlines()) == PARTS


def sleeping(session: int) -> int:
    """How many of the programs that were started together are ``sleep``."""
    found = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        # What has nothing to do with this ends while it is looked at.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            name, _, rest = entry.read_text().partition("(")[2].rpartition(")")
            found += (name, rest.split()[3]) == ("sleep", str(session))
    return found


def test_interrupted_it_leaves_no_part_and_no_log(tmp_path: Path) -> None:
    run = started(tmp_path, waits="yes")
    at_once, give_up = min(PARTS, 4 * len(os.sched_getaffinity(0))), time.monotonic() + LIMIT_S
    # A shell may not hear of what comes just as it begins a program: all have begun theirs.
    while sleeping(run.pid) < at_once:
        assert time.monotonic() < give_up
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGINT)
    run.communicate(timeout=LIMIT_S)  # the pipe's end: no part has it any more
    assert run.returncode == 130
    assert not list((tmp_path / "tmp").iterdir())
