"""Much in the notes: 2,000 of them, one of 200 KB, one line of 100,000 characters.
Does typing stay quick, beside bare Tk?
"""

from __future__ import annotations

from pathlib import Path

from refapp.tour.desktop import PrivateDesktop
from tests.benchmarks.one_arm import arm
from tests.benchmarks.rows import Row

STATES = {"many": "2,000 notes", "long": "note of 200 KB", "line": "line of 100,000"}
MEASURED = {
    "open_ms": ("start to shown", 500.0),
    "key_at_the_start_ms": ("a key at the start", 20.0),
    "key_at_the_end_ms": ("a key at the end", 20.0),
    "scroll_ms": ("scrolled", 20.0),
    "snapshot_ms": ("a saved note comes to the top", 40.0),
}


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of the notes; the goal is for ours, bare Tk's stands beside it."""
    del out
    rows = []
    with PrivateDesktop() as desktop:
        for state, name in STATES.items():
            found = {which: [] for which in ("ours", "bare")}  # type: dict[str, list[dict[str, float]]]
            for number in range(1 if quick else 3):
                for which in ("ours", "bare") if number % 2 else ("bare", "ours"):
                    found[which].append(arm(desktop.env, "notes_arm", which, state))
            for field, (what, goal) in MEASURED.items():
                if field in found["ours"][0]:
                    ours, bare = (
                        [one[field] for one in found[which]] for which in ("ours", "bare")
                    )
                    rows.append(Row(f"{name}: {what}", "ms", ours, goal=goal))
                    rows.append(Row(f"{name}: {what}, beside it", "ms", ours, "bare Tk", bare))
    return rows
