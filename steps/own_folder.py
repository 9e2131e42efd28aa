"""Gives each run a folder of its own for temporary files, in memory where there is room: on a disk
half of its time goes into ``fsync``.

pytest's own folders have one parent and are numbered: with many runs beside one another a number
is given again while the run that had it still tidies up, and takes the lock of the new one with
it, whose folder is then deleted under its tests. Each new run closes that parent to others, too.

A folder stays for a day when a test of its run failed. A program that a test starts has its own
as a person's would have them. What somebody has named (``TMPDIR``, ``--basetemp``) stays as it is.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest

MEMORY = "/dev/shm"
ROOM = 2 * 1024**3
"""In bytes. A whole run needs a third of it."""
PREFIX = "refapp-tests-"
KEPT_S = 24 * 60 * 60

_own: Path | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Before anything asks where temporary files go."""
    global _own
    if "TMPDIR" in os.environ or config.option.basetemp:
        return
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    place = MEMORY if roomy else tempfile.gettempdir()
    for old in Path(place).glob(f"{PREFIX}*"):
        _delete_if_old(old)
    _own = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
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


def _delete_if_old(folder: Path) -> None:
    """Another user's stays, and so does one that another run deletes just now."""
    try:
        if folder.stat().st_mtime < time.time() - KEPT_S:
            shutil.rmtree(folder, ignore_errors=True)
    except FileNotFoundError:
        pass
