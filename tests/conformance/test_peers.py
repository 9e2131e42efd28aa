"""An app on the pattern that most Python programs have, run against the specification: its list of
failures is the truth.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from steps.kit import verdicts

CHECKOUT = Path(__file__).parents[2]
PEERS = CHECKOUT / "tests" / "peers"
LIMIT_S = 600


@pytest.mark.matrix
@pytest.mark.timeout(LIMIT_S)
def test_it_finds_what_the_usual_pattern_with_a_keyring_gets_wrong(tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "pytest", "features", "--sut",
        f"{sys.executable} {PEERS / 'keyring_adapter.py'}", "-q", "--expected-failures",
        str(PEERS / "keyring_known.txt"), "--report", str(tmp_path / "keyring.json"), "--tb=short",
        "-p", "no:cacheprovider",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=CHECKOUT, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert done.returncode == 0, done.stdout[-5000:]
    report = verdicts.read(tmp_path / "keyring.json")
    # It keeps its tokens where most do, and that is no fault:
    # nothing of the ledger's disk is asked of it.
    assert "keyring" in report.capabilities
    assert report.rules["RF-1"].state != "failed"
    assert report.rules["OF-2"].level == "must"
    assert report.rules["RS-10"].state == "failed as known"
