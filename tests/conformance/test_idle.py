"""What an adapter passes behind which there is no app at all: nothing, but the one rule that a
login form by itself obeys.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from steps.kit import verdicts

CHECKOUT = Path(__file__).parents[2]
IDLE = CHECKOUT / "tests" / "conformance" / "idle_adapter.py"
LIMIT_S = 600


@pytest.mark.matrix
@pytest.mark.timeout(LIMIT_S)
@pytest.mark.parametrize(
    ("kind", "passes"), [("nothing", set()), ("blank", set()), ("form", {"RS-2"})]
)
def test_who_does_nothing_passes_nothing(kind: str, passes: set[str], tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "pytest", "features", "--sut", f"{sys.executable} {IDLE} {kind}",
        "-q", "--tb=no", "-p", "no:cacheprovider", "--report", str(tmp_path / "idle.json"),
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=CHECKOUT, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout[-3000:]
    report = verdicts.read(tmp_path / "idle.json")
    # That a login form is all there is at the very first start is no more than RS-2 says.
    assert {rule for rule, found in report.rules.items() if found.state == "passed"} == passes
    assert any(found.state == "failed" for found in report.rules.values())
