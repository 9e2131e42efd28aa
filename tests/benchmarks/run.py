"""``make bench``: measure the app's own code beside its baselines,
print one table, write it all as JSON.

Exit codes: 0 measured (whatever the figures:
no test and no release depends on a time), 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import compileall
import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
# Not this folder: it has modules that are named after what they measure, and one of those is http.
sys.path[0] = str(ROOT)
SUBJECTS = (
    "counts", "channel", "start", "display", "memory", "http", "storm", "scale", "storage", "notes",
    "busy", "lift", "edit",
)  # fmt: skip


def main() -> int:
    """Run the subjects; the exit code."""
    parser = argparse.ArgumentParser(description="Measure refapp.")
    add = parser.add_argument
    add("--only", choices=SUBJECTS, action="append", help="this subject alone (may be repeated)")
    add("--quick", action="store_true", help="fewer rounds: to see that it runs")
    add("--settings", action="store_true", help="all, under each setting of this machine in turn")
    add("--setting", default="", help="under this one: all processors, one processor, ...")
    place = ROOT / "build" / "bench"
    add("--out", type=Path, default=place, metavar="DIR", help="where the JSON goes")
    options = parser.parse_args()
    # Without byte code on the disk every start would compile everything, and start-up would measure
    # that; and of two runs that are counted, the first would.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPATH"] = str(ROOT)
    os.chdir(ROOT)
    for own in ("refapp", "steps", "tests/benchmarks"):
        compileall.compile_dir(own, quiet=1)
    options.out.mkdir(parents=True, exist_ok=True)
    settings = importlib.import_module("tests.benchmarks.settings")
    rows = importlib.import_module("tests.benchmarks.rows")
    subjects = options.only or SUBJECTS
    if options.settings:
        found = {}
        for setting in settings.SETTINGS:
            # Counts do not depend on it.
            these = [one for one in subjects if one != "counts" or setting == settings.ALL]
            try:
                found[setting] = measured(these, options, setting, settings)
            except settings.NotHere as reason:
                sys.stderr.write(f"{setting}: {reason}\n")
        sys.stdout.write(f"{rows.settings_table(found)}\n")
    else:
        sys.stdout.write(f"{rows.table(measured(subjects, options, options.setting, settings))}\n")
    sys.stdout.write(f"\nAll rounds: {options.out}\n")
    return 0


def measured(
    subjects: Sequence[str], options: argparse.Namespace, setting: str, settings: ModuleType
) -> list[Any]:
    """The rows of the subjects, written as JSON too. Raises NotHere."""
    rows: list[Any] = []
    with settings.under(setting):
        for subject in subjects:
            began = time.monotonic()
            sys.stderr.write(f"{subject} ... ")
            sys.stderr.flush()
            module = importlib.import_module(f"tests.benchmarks.subjects.{subject}")
            rows += module.measure(quick=options.quick, out=options.out)
            sys.stderr.write(f"{time.monotonic() - began:.0f} s\n")
    about = {
        "made": time.strftime("%Y-%m-%d %H:%M:%S %Z"),
        "setting": setting or settings.ALL,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpus": len(os.sched_getaffinity(0)),
        "quick": options.quick,
    }
    place = options.out / f"results{'-' * bool(setting)}{setting.replace(' ', '-')}.json"
    found = {**about, "rows": [row.as_json() for row in rows]}
    place.write_text(json.dumps(found, indent=1) + "\n")
    return rows


if __name__ == "__main__":
    sys.exit(main())
