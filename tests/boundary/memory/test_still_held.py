"""What of a session's secrets is still in use: one pair while signed in, nothing after a sign-out,
the password never.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = Path(__file__).with_name("still_held.py")


def test_one_pair_is_held_while_signed_in_and_nothing_after_a_sign_out(tmp_path: Path) -> None:
    command = [sys.executable, str(PROGRAM), str(tmp_path)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "signed in|TokenPair TokenPair|",
        "renewed|TokenPair TokenPair|",
        "signed out||",
    ]
