"""Keeps the temporary files of a run in memory, where there is room: on a disk half of its time
goes into ``fsync``.

A program that a test starts has its own as a person's would have them.
A folder that somebody has named (``TMPDIR``, ``--basetemp``) stays what it is.
"""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

MEMORY = "/dev/shm"
ROOM = 2 * 1024**3
"""In bytes. A whole run needs a third of it."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Before anything asks where temporary files go."""
    if (
        "TMPDIR" not in os.environ
        and os.access(MEMORY, os.W_OK)
        and shutil.disk_usage(MEMORY).free >= ROOM
    ):
        tempfile.tempdir = MEMORY
