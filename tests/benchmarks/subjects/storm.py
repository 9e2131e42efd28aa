"""A hundred requests that all meet 401 at once, at a server that rotates its tokens and ends the
session on a replay; and a thousand.

Beside the app: the floor, "one refresh, then a hundred good requests" with httpx as it comes; and
the recipe's refresh, which must be seen to fail here, or the test would prove nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.benchmarks.one_arm import arm
from tests.benchmarks.rows import Row, interleaved
from tests.benchmarks.signed_in_app import canned_server

CALLS, MANY = 100, 1000
REFRESH_MS = 20
# A good network, and one on which an answer may be 600 ms late.
NEAR_MS, FAR_MS = 25, 300
FLOOR = "1 refresh + 100 GETs"


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of the storm."""
    del out
    rounds = 3 if quick else 20
    with canned_server() as origin:

        def storm(which: str, calls: int, seed: int, api_ms: int, count: int = 1) -> list[Any]:
            words = (which, origin, calls, seed, api_ms, REFRESH_MS, count)
            found: list[Any] = arm(os.environ, "storm_arm", *words)
            return found

        thousands: list[Any] = []
        done = dict.fromkeys(("ours", "floor", "recipe"), 0)

        def near(which: str) -> float:
            # The same seed for all arms of a round.
            done[which] += 1
            took: float = storm(which, CALLS, done[which], NEAR_MS)[0]["took_ms"]
            return took

        def thousand() -> float:
            thousands.append(storm("ours", MANY, len(thousands), NEAR_MS)[0])
            return float(thousands[-1]["took_ms"] / MANY)

        arms = {which: lambda which=which: near(which) for which in done}  # type: ignore[misc]
        timed = interleaved(min(rounds, 9), {**arms, "thousand": thousand})
        # Counted, not timed: all of them in one process.
        ours, recipe = (storm(which, CALLS, 0, FAR_MS, rounds) for which in ("ours", "recipe"))
    each = [took / CALLS for took in timed["ours"]]
    worst = {key: float(max(one[key] for one in ours)) for key in ("refreshes", "failed", "ended")}
    return [
        Row("storm of 100 401s, time", "ms", timed["ours"], FLOOR, timed["floor"], 1.6),
        Row("the recipe's refresh, time", "ms", timed["recipe"], FLOOR, timed["floor"]),
        Row("1,000 at once, time of each", "ms", timed["thousand"], "100 at once", each, 1.2),
        Row("refreshes of 1,000 at once", "", [one["refreshes"] for one in thousands], goal=1),
        Row("failed of 1,000 at once", "", [one["failed"] for one in thousands], goal=0),
        Row(f"refreshes in a storm, worst of {rounds}", "", [worst["refreshes"]], goal=1),
        Row(f"failed of 100 calls, worst of {rounds}", "", [worst["failed"]], goal=0),
        Row(f"sessions ended by the storm, worst of {rounds}", "", [worst["ended"]], goal=0),
        *(
            Row(f"the recipe's {what} (it must fail)", "", [one[key] for one in recipe], goal=goal,
                at_least=True)
            for what, key, goal in (
                ("refreshes in a storm", "refreshes", 2),
                ("failed of 100 calls", "failed", 1),
            )
        ),
    ]  # fmt: skip
