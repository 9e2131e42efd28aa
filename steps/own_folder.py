"""Gives each run a folder of its own for temporary files, in memory where there is room: on a disk
half of its time goes into ``fsync``.

pytest's own folders have one parent and are numbered: with many runs beside one another a number
is given again while the run that had it still tidies up, and takes the lock of the new one with
it, whose folder is then deleted under its tests. Each new run closes that parent to others, too.

When a test of its run failed, a folder stays until there are newer ones. A program that a test
starts has its own as a person's would have them. What somebody has named (``TMPDIR``,
``--basetemp``) stays as it is.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = "/dev/shm"
ROOM = 2 * 1024**3
"""In bytes. A whole run needs a third of it."""
PREFIX = "refapp-tests-"
KEPT = 3
"""So many folders of runs that failed stay, as pytest has it."""
JUST_NOW_S = 60.0
"""Within that a run may not have come to hold its own."""

_own: Path | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Before anything asks where temporary files go."""
    global _own
    if "TMPDIR" in os.environ or config.option.basetemp:
        return
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    place = MEMORY if roomy else tempfile.gettempdir()
    _own = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    # Whose lock is held, as long as there is a process of this run.
    fcntl.flock(os.open(_own, os.O_RDONLY | os.O_CLOEXEC), fcntl.LOCK_SH)
    tidy_up(Path(place))
    tempfile.tempdir = str(_own)
    config.option.basetemp = str(_own / "of")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Before there are forks: the first use deletes what is there already, and in a fork that is
    what the tests of another one have.
    """
    session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """When what the last test used has gone. What is left of a run in which all passed is of no
    use to anybody.
    """
    if _own is not None and not session.testsfailed:
        shutil.rmtree(_own, ignore_errors=True)


def tidy_up(place: Path) -> None:
    """Delete all but the newest of those that no run has; another user's stay."""
    left = []
    for folder in place.glob(f"{PREFIX}*"):
        # Not all: another user's, or one that another run deletes just now.
        with contextlib.suppress(OSError), _opened(folder) as it:
            fcntl.flock(it, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.append((folder.stat().st_mtime, folder))
    just_now = time.time() - JUST_NOW_S
    for made, old in sorted(left)[:-KEPT]:
        if made < just_now:
            shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    it = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield it
    finally:
        os.close(it)
