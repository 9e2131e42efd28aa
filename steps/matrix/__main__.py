"""``python -m steps.matrix``: try every row and write the table into the guide;
``--check``: exit 1 if that would change it.

Exit codes: 0 done, 1 the table differs (with ``--check``), 2 a release of BetterAuth is not
installed. About two minutes.
"""

from __future__ import annotations

import argparse
import difflib
import sys

from steps.matrix import table
from steps.matrix.run import RELEASES, tried
from steps.matrix.ways import WAYS
from steps.servers.hosts.running import ServerMissing


def main() -> int:
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.matrix", description="Try every row of the guide's matrix."
    )
    parser.add_argument(
        "--check", action="store_true", help="say what would change, and write nothing"
    )
    check = parser.parse_args().check
    try:
        new = table.text_of(tried(_tell), list(WAYS), list(RELEASES))
    except ServerMissing as missing:
        _tell(str(missing))
        return 2
    if not check:
        table.write(new)
        return 0
    old = table.in_guide()
    for line in difflib.unified_diff(
        old.splitlines(), new.splitlines(), "the guide", "this run", lineterm="", n=0
    ):
        sys.stdout.write(f"{line}\n")
    return int(old != new)


def _tell(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    sys.exit(main())
