"""Runs what the site has no result for, or one of older code:
in one process all of it, which takes seconds.

A real desktop takes minutes and programs that may not be there;
its old results are shown as old (``frame.warnings``).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from steps.gherkin import specification
from steps.site import record
from steps.site.results import Results


def run(checkout: Path, records: Path) -> bool:
    """Run the features in one process if that is needed; whether it was. Raises RecordDamaged."""
    features = [
        specification.read(path) for path in sorted((checkout / "features").glob("*.feature"))
    ]
    found = record.read(records / "inproc.ndjson")
    standing = Results(features, {"inproc": found}, record.code_hash(checkout)).standings["inproc"]
    if standing.run is not None and not standing.old and not standing.partial:
        return False
    # Whether something failed is for the site to say.
    subprocess.run(
        [sys.executable, "-m", "pytest", "features", "--record", "-q"], cwd=checkout, check=False
    )
    return True
