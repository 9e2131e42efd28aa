"""A screen for the boundary's tests, of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest


@pytest.fixture
def display() -> Iterator[dict[str, str]]:
    """The environment of a private X server on whatever number is free; ended by its own id."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    readable, writable = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writable), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=[writable],
        stderr=subprocess.DEVNULL,
    )
    os.close(writable)
    with os.fdopen(readable) as pipe:
        number = pipe.readline().strip()
    yield {"DISPLAY": f":{number}"}
    server.terminate()
    server.wait(30)
