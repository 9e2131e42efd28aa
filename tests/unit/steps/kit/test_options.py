"""An option of the features' run that would change nothing is refused: whoever gives it would take
the result for what it is not.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--server=betterauth-1.7"],
            "--server is about a real desktop: it needs --driver=desktop",
        ),
        (["--sut=false", "--driver=desktop"], "--sut is another app: it runs under no --driver"),
        (["--sut=false", "--record"], "--record is about this app: with --sut, --report FILE"),
    ],
)
def test_an_option_that_changes_nothing_is_refused(words: list[str], said: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--collect-only"]
    done = subprocess.run(
        [*command, "features/services.feature", *words],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert said in done.stderr
