"""The conformance kit as it is installed: ``steps`` and ``features`` lie in this package, so that
they meet no other project's.

Owns the way in: in a process of the kit, and in no other, ``steps`` is found here.
"""

import sys
from pathlib import Path


def main() -> int:
    """The command ``refapp-conformance``; its exit code."""
    sys.path.insert(0, str(Path(__file__).parent))
    from steps.kit.__main__ import main

    return main(sys.argv[1:])
