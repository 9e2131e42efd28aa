"""The app with a Textual window, in a terminal: the front of ``textual_window``.

    python -m refapp.examples.textual_app [--server URL ...]    # the options of refapp run;
                                                                pip install 'refapp[textual]'

It stands in the terminal, and knows nothing but keys and bytes: the terminal passes each key on as
it is pressed, and a change of its size as the sequence that terminals have for it.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import termios
import tty
from pathlib import Path

from refapp.examples import terminal


def size_of_terminal() -> bytes:
    """Its size as a terminal reports a change of it (mode 2048)."""
    across, down = os.get_terminal_size(1)
    return f"\x1b[48;{down};{across};0;0t".encode()


def main() -> int:
    """Run until the app ends; its exit code. 69 without a terminal or Textual."""
    if importlib.util.find_spec("textual") is None:
        sys.stderr.write(
            "Textual is not installed. Install it (pip install 'refapp[textual]'), "
            "then try again.\n"
        )
        return 69
    if not (os.isatty(0) and os.isatty(1)):
        sys.stderr.write(
            "There is no terminal to draw in. Start it in one, or use refapp.examples.terminal.\n"
        )
        return 69
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        program = [sys.executable, "-I", str(Path(__file__).with_name("textual_window.py"))]
        return terminal.front(sys.argv[1:], program, size_of_terminal)
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)


if __name__ == "__main__":
    sys.exit(main())
