"""What is looked at on a screen is looked at once nothing is under way, however long that takes."""

from __future__ import annotations

import subprocess
import sys

from steps.on_desktop.computer import app_sleeps, wait_for_sleep

QUIET_S, LIMIT_S = 0.1, 20.0
COMPUTES = "import time\nwhile time.process_time() < 0.5: pass\nprint(flush=True)\ntime.sleep(60)"


def test_what_computes_is_waited_for_and_what_sleeps_or_has_ended_is_not() -> None:
    with (
        subprocess.Popen([sys.executable, "-c", ""]),
        subprocess.Popen([sys.executable, "-c", COMPUTES], stdout=subprocess.PIPE) as program,
    ):
        assert program.stdout is not None
        wait_for_sleep(lambda: QUIET_S, LIMIT_S)
        program.kill()
        assert program.stdout.read() == b"\n"


def test_an_app_that_is_not_there_yet_or_any_more_is_not_asleep() -> None:
    """What was started has no child then, and may have ended itself a moment later."""
    waits = "import sys; sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", waits], stdin=subprocess.PIPE) as started:
        assert not app_sleeps(started.pid)
    assert not app_sleeps(started.pid)
