"""Runs what the site has no result for, or one of older code:
in one process all of it, which takes seconds.

A real desktop takes minutes and programs that may not be there;
its old results are shown as old (``frame.warnings``).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from refapp.trusted.errors import RefappError
from steps.gherkin import specification, strictness
from steps.site import record
from steps.site.results import Results

RAN = (0, 1)
"""What pytest ends with if everything ran: all passed, or something failed."""
WRITES_WITHIN_S = 20.0
"""For a run that was interrupted."""


class NotRun(RefappError):
    """The run ended before its end."""

    code = "not_run"
    cure = "Why is above. What did run is recorded; no site was made."


def run(checkout: Path, records: Path) -> bool:
    """Run the features in one process if that is needed; whether it was.

    Raises:
        NotGherkin: a feature can't be read.
        NotRun: the run did not come to its end.
    """
    features = [
        specification.read(path) for path in sorted((checkout / "features").glob("*.feature"))
    ]
    try:
        found = record.read(records / "inproc.ndjson")
    except record.RecordDamaged:
        found = None  # the run makes it anew
    standing = Results(features, {"inproc": found}, record.code_hash(checkout)).standings["inproc"]
    # What the run would refuse has no result, though an example of its name may have one.
    sound = not any(strictness.complaints(features))
    if sound and standing.run is not None and not standing.old and not standing.partial:
        return False
    code = ended([sys.executable, "-m", "pytest", "features", "--record", "-q"], checkout)
    # Whether something failed is for the site to say.
    if code not in RAN:
        raise NotRun(f"The specification did not run to its end: pytest ended with {code}.")
    return True


def ended(command: list[str], folder: Path) -> int:
    """What ``command`` ends with."""
    with subprocess.Popen(command, cwd=folder) as run:
        try:
            return run.wait()
        except KeyboardInterrupt:
            # The run has been interrupted too, and writes down what it has.
            return run.wait(WRITES_WITHIN_S)
