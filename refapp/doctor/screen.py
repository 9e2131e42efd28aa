"""``python -m refapp.doctor.screen``: looks at Tk and the display, and prints what it saw as JSON.

A process of its own, because a display may not answer at all.
It goes the way that ``run`` goes, up to the window.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from pathlib import Path

from refapp.trusted.start.display import Display, NoDisplay, NoGate
from refapp.trusted.start.spawn import environment


def main() -> None:
    """Print ``{"tk", "reached", "wrong"}``."""
    try:
        tk = str(importlib.import_module("_tkinter").TK_VERSION)
    except ImportError:
        tk = ""
    reached, wrong = _display()
    sys.stdout.write(json.dumps({"tk": tk, "reached": reached, "wrong": wrong}))


def _display() -> tuple[bool, str]:
    display = Display(environment(os.environ, str(Path.home())), tempfile.gettempdir())
    try:
        display.admit()
    except NoDisplay as error:
        return False, str(error)
    except NoGate as error:
        return True, str(error)
    finally:
        display.close()
    return True, ""


if __name__ == "__main__":
    main()
