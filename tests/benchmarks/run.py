"""``make bench``: measure the app's own code beside its baselines,
print one table, write it all as JSON.

Exit codes: 0 measured (whatever the figures:
no test and no release depends on a time), 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Not this folder: it has modules that are named after what they measure, and one of those is http.
sys.path[0] = str(ROOT)
SUBJECTS = (
    "channel",
    "start",
    "display",
    "memory",
    "http",
    "storm",
    "scale",
    "storage",
    "notes",
    "lift",
)


def main() -> int:
    """Run the subjects; the exit code."""
    parser = argparse.ArgumentParser(description="Measure refapp.")
    parser.add_argument(
        "--only", choices=SUBJECTS, action="append", help="this subject alone (may be repeated)"
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds: to see that it runs")
    parser.add_argument(
        "--out",
        type=Path,
        default=ROOT / "build" / "bench",
        metavar="DIR",
        help="where the JSON goes",
    )
    options = parser.parse_args()
    # Without byte code on the disk every start would compile everything,
    # and start-up would measure that.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPATH"] = str(ROOT)
    os.chdir(ROOT)
    options.out.mkdir(parents=True, exist_ok=True)
    rows_module = importlib.import_module("tests.benchmarks.rows")
    rows = []
    for subject in options.only or SUBJECTS:
        began = time.monotonic()
        sys.stderr.write(f"{subject} ... ")
        sys.stderr.flush()
        rows += importlib.import_module(f"tests.benchmarks.{subject}").measure(
            quick=options.quick, out=options.out
        )
        sys.stderr.write(f"{time.monotonic() - began:.0f} s\n")
    about = {
        "made": time.strftime("%Y-%m-%d %H:%M:%S %Z"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpus": len(os.sched_getaffinity(0)),
        "quick": options.quick,
    }
    place = options.out / "results.json"
    place.write_text(
        json.dumps({**about, "rows": [row.as_json() for row in rows]}, indent=1) + "\n"
    )
    sys.stdout.write(f"{rows_module.table(rows)}\n\nAll rounds: {place}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
