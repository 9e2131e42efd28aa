"""How an arm is run, in a process of its own, and which processor pinned arms share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

LIMIT_S = 300.0


def arm(
    env: Mapping[str, str],
    module: str,
    *words: object,
    under: Sequence[str] = (),
    limit_s: float = LIMIT_S,
) -> Any:
    """Run ``tests.benchmarks.arms.<module>`` with ``words`` in a process of its own;
    the JSON that it prints. ``under``: a program that runs it, and looks on.
    """
    command = [sys.executable, "-m", f"tests.benchmarks.arms.{module}", *map(str, words)]
    done = subprocess.run(
        [*under, *command],
        env=env, capture_output=True, text=True, timeout=limit_s, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[2:])}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def last_cpu() -> int:
    """The processor that pinned arms share."""
    return max(os.sched_getaffinity(0))
