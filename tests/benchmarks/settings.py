"""The settings of this machine under which the same is measured. A ratio that stays through all of
them can be believed of another machine.

Owns what a setting does to this process and to all that it starts. Less than a processor is a
limit of the kernel's on a group of processes (cgroup, version 1 or 2), which root may set: they are
stopped for what is left of every hundredth of a second.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.one_arm import last_cpu

ALL, ONE, HALF = "all processors", "one processor", "half a processor"
SETTINGS = (ALL, ONE, HALF)
PERIOD_US, SHARE = 10_000, 0.5
QUOTA_US = int(PERIOD_US * SHARE)
GROUPS = {
    Path("/sys/fs/cgroup"): {"cpu.max": f"{QUOTA_US} {PERIOD_US}"},
    Path("/sys/fs/cgroup/cpu"): {"cpu.cfs_period_us": PERIOD_US, "cpu.cfs_quota_us": QUOTA_US},
}


class NotHere(Exception):
    """This setting can't be had on this machine; one sentence for people."""


@contextlib.contextmanager
def under(setting: str) -> Iterator[None]:
    """This process and what it starts, inside the block. Raises NotHere."""
    with contextlib.ExitStack() as undo:
        if setting == ONE:
            undo.callback(os.sched_setaffinity, 0, os.sched_getaffinity(0))
            os.sched_setaffinity(0, {last_cpu()})
        if setting == HALF:
            undo.enter_context(_limited())
        yield


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    for above, limits in GROUPS.items():
        group = above / f"refapp-bench-{os.getpid()}"
        try:
            group.mkdir()
            for name, limit in limits.items():
                (group / name).write_text(str(limit))
            (group / "cgroup.procs").write_text("0")
        except OSError:
            with contextlib.suppress(OSError):
                group.rmdir()
            continue
        try:
            yield
        finally:
            (above / "cgroup.procs").write_text("0")
            with contextlib.suppress(OSError):  # what was started here may be ending still
                group.rmdir()
        return
    raise NotHere("no limit can be put on processes here: it needs root, and the cgroup's cpu part")
