"""A program of the same user that looks into the app from its first moment on sees no secret
(SB-11); raced 250 times, where the racer wins within 20 if there is anything to win.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

RACER = Path(__file__).with_name("looked_into.py")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


def got(rounds: int, way: str) -> tuple[int, int]:
    """In how many rounds it saw the secret through what it had opened early, and had something of
    the process later.
    """
    command = [sys.executable, str(RACER), str(rounds), way]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    early, late = done.stdout.split()
    return int(early), int(late)


def test_the_racer_wins_where_the_process_closes_itself_late_or_not_at_all() -> None:
    early, late = got(20, "late")
    assert early > 0
    assert late == 0, "what is closed can't be opened any more"
    early, late = got(5, "open")
    assert (early, late) == (5, 5)


@pytest.mark.timeout(600)
def test_all_races_are_lost_where_the_app_goes_on_in_a_closed_fork() -> None:
    assert got(250, "fork") == (0, 0)
