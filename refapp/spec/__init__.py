"""The specification as a site: its features, and what happened when they were last run, readable without scripts.

``run`` builds it. Exit codes: 0 built, and nothing that ran failed; 1 built, and something did; 2 it can't be built here.
"""

from __future__ import annotations

import sys
from pathlib import Path

from refapp.trusted.errors import RefappError

USAGE = 2


class SpecificationMissing(RefappError):
    """The site is made from the features and the step library, which are in the checkout alone."""

    code = "specification_missing"


def run(out: Path) -> int:
    """Write the site to ``out``; the exit code."""
    checkout = Path(__file__).parent.parent.parent
    if not (checkout / "features").is_dir():
        raise SpecificationMissing("The specification is in the project's checkout, and not in the installed package.")
    # An installed command does not have the folder that it was installed from on its path.
    sys.path.append(str(checkout))
    try:
        from refapp.spec import frame, record, site
    except ImportError as error:
        raise SpecificationMissing(f"Reading the features needs {error.name}: pip install 'refapp[test]'") from error
    from refapp.spec.results import State

    try:
        results = site.build(checkout, checkout / record.PLACE, out)
    except OSError as error:
        sys.stderr.write(f"refapp: {error.filename}: {error.strerror}\n")
        return USAGE
    failed = 0
    for one in results.standings.values():
        failed += one.states[State.FAILED]
        passed = f"{one.states[State.PASSED]} passed, {one.states[State.FAILED]} failed"
        sys.stdout.write(f"{frame.NAMES[one.driver]}: {passed}{'; old' * one.old}{'; partial' * one.partial}\n")
    sys.stdout.write(f"The site: {(out / 'index.html').absolute().as_uri()}\n")
    return 1 if failed else 0
