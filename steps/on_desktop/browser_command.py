"""The desktop driver's ``--browser``: writes the link that it is given into a file, a line each.
The person reads it there.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    with Path(sys.argv[1]).open("a") as links:
        links.write(f"{sys.argv[2]}\n")
