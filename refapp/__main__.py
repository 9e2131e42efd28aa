"""``python -m refapp``, the same as ``refapp``."""

import sys

from refapp.cli import main

if __name__ == "__main__":
    sys.exit(main())
