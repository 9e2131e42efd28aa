"""A private screen for whatever draws in a benchmark, and its environment for the arms."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from refapp.tour.desktop import PrivateDesktop

LIMIT_S = 300.0


def arm(desktop: PrivateDesktop, module: str, *words: str) -> Any:
    """Run ``tests.benchmarks.arms.<module>`` with ``words`` in a process of its own;
    the JSON that it prints.
    """
    command = [sys.executable, "-m", f"tests.benchmarks.arms.{module}", *words]
    done = subprocess.run(
        command, env=desktop.env, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[2:])}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def last_cpu() -> int:
    """The processor that pinned arms share."""
    return max(os.sched_getaffinity(0))
