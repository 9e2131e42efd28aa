"""What a test leaves is told of at that test, whichever the collector would have come by at."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from steps import garbage

TESTS = """
import socket
import pytest

class Ring:
    def __init__(self):
        self.held, self.itself = socket.socket(), self

@pytest.fixture
def left_behind():
    yield
    Ring()

@pytest.fixture
def given():
    return Ring()

@pytest.fixture
def given_plain():
    return socket.socket()

def test_leaves_one():
    Ring()

def test_leaves_none():
    pass

def test_has_a_fixture_that_leaves_one(left_behind):
    pass

def test_is_given_one_that_nobody_closes(given):
    pass

def test_is_given_one_that_is_in_no_ring(given_plain):
    pass

def test_comes_after_that():
    pass
"""


def test_a_connection_that_nobody_closed_is_an_error_of_the_test_that_left_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "steps.garbage"]
    run = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-W", "error", "test_it.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(garbage.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    blamed = re.findall(r"ERROR at (\w+) of (\w+)", run.stdout)
    leaving = [
        "test_leaves_one",
        "test_has_a_fixture_that_leaves_one",
        "test_is_given_one_that_nobody_closes",
        "test_is_given_one_that_is_in_no_ring",
    ]
    assert blamed == [("teardown", test) for test in leaving], run.stdout
