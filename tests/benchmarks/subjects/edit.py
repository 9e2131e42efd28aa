"""How long one changed line waits for its answer: the scenarios that have it in them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.rows import Row

ROOT = Path(__file__).parents[3]
CHANGED = ROOT / "refapp" / "trusted" / "shell" / "renewal.py"
WORDS = "refresh_token and server"
MOST_S = 2.0


def measure(*, quick: bool, out: Path) -> list[Row]:
    """The row; ``out`` is left alone."""
    del out
    return [
        Row("one changed line to the answer of its scenarios", "s", [_answer() for _ in
            range(2 if quick else 7)], goal=MOST_S)
    ]  # fmt: skip


def _answer() -> float:
    os.utime(CHANGED)  # as an editor leaves it: its byte code is stale
    command = [sys.executable, "-m", "pytest", "-q", "features", "-k", WORDS]
    began = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began
