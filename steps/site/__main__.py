"""``python -m steps.site``: builds the site.

Exit codes: 0 built, and nothing that ran failed; 1 built, and something did; 2 it could not be built.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from refapp.trusted.errors import RefappError
from steps.site import frame, record, site
from steps.site.results import State

CHECKOUT = Path(__file__).parents[2]
USAGE = 2


def main(words: list[str]) -> int:
    """Write the site to ``--out``; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m steps.site", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("build/spec/site"), metavar="DIR", help="where the site goes")
    out = parser.parse_args(words).out
    try:
        results = site.build(CHECKOUT, CHECKOUT / record.PLACE, out)
    except RefappError as error:
        sys.stderr.write(f"{error.sentence} {error.cure}\n")
        return USAGE
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return USAGE
    failed = 0
    for one in results.standings.values():
        failed += one.states[State.FAILED]
        passed = f"{one.states[State.PASSED]} passed, {one.states[State.FAILED]} failed"
        sys.stdout.write(f"{frame.NAMES[one.driver]}: {passed}{'; old' * one.old}{'; partial' * one.partial}\n")
    sys.stdout.write(f"The site: {(out / 'index.html').absolute().as_uri()}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
