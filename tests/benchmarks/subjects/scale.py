"""Many events, and a window that misbehaves: does either side ever stand still, or grow?"""

from __future__ import annotations

from pathlib import Path

from refapp.tour.desktop import PrivateDesktop
from tests.benchmarks.one_arm import arm
from tests.benchmarks.rows import Row


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of scale."""
    del out
    rounds = 1 if quick else 3
    rows: list[Row] = []
    with PrivateDesktop() as desktop:
        for kind, name in (
            ("flood", "100,000 snapshots at once"),
            ("steady", "10,000 snapshots/s for 3 s"),
        ):
            found = [arm(desktop.env, "scale_arm", kind) for _ in range(rounds)]
            rows += [
                Row(
                    f"{name}: UI timer late, most", "ms", [one["late_ms"] for one in found], goal=30
                ),
                Row(
                    f"{name}: redraw waits, most",
                    "ms",
                    [one["redraw_ms"] for one in found],
                    goal=50,
                ),
                Row(f"{name}: window grows", "MiB", [one["grown_mib"] for one in found], goal=10),
                Row(f"{name}: took", "s", [one["took_s"] for one in found]),
            ]
        stopped, quiet = [], []
        for _ in range(rounds):
            stopped.append(arm(desktop.env, "scale_arm", "stopped"))
            quiet.append(arm(desktop.env, "scale_arm", "quiet"))
        endless = [arm(desktop.env, "scale_arm", "endless") for _ in range(rounds)]
    return [
        *rows,
        Row(
            "window stopped: parent's loop stalls, most",
            "ms",
            [one["stall_ms"] for one in stopped],
            goal=20,
        ),
        Row(
            "the same loop without a window: stalls, most", "ms", [one["stall_ms"] for one in quiet]
        ),
        Row("window stopped: parent grows", "MiB", [one["grown_mib"] for one in stopped], goal=2),
        Row(
            "window stopped: noticed, of the limit",
            "x",
            [one["noticed"] for one in stopped],
            goal=1.2,
        ),
        Row(
            "200 MiB without a newline: parent grows",
            "MiB",
            [one["grown_mib"] for one in endless],
            goal=2,
        ),
        Row(
            "200 MiB without a newline: loop stalls, most",
            "ms",
            [one["stall_ms"] for one in endless],
            goal=20,
        ),
    ]
