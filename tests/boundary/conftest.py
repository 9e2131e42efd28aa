"""A screen for the boundary's tests, of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator

import pytest


@pytest.fixture
def display(x_server: tuple[str, subprocess.Popen[bytes]]) -> dict[str, str]:
    """The environment of a private X server."""
    return {"DISPLAY": x_server[0]}


@pytest.fixture
def end_display(x_server: tuple[str, subprocess.Popen[bytes]]) -> Callable[[], None]:
    """Ends the X server."""
    return x_server[1].kill


@pytest.fixture
def x_server(request: pytest.FixtureRequest) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A private X server on whatever number is free; ended by its own id.
    The parameter: its size, "1280x800".
    """
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    readable, writable = os.pipe()
    server = subprocess.Popen(
        [
            "Xvfb",
            "-displayfd",
            str(writable),
            "-screen",
            "0",
            f"{getattr(request, 'param', '800x600')}x24",
            "-noreset",
            "-nolisten",
            "tcp",
            "-extension",
            "GLX",
        ],
        pass_fds=[writable],
        stderr=subprocess.DEVNULL,
    )
    os.close(writable)
    with os.fdopen(readable) as pipe:
        number = pipe.readline().strip()
    yield f":{number}", server
    server.terminate()
    server.wait(30)
