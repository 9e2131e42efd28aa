"""The app in a terminal, a line of text at a time: for screen readers, braille lines and ssh.

    python -m refapp.examples.terminal [--server URL ...]    # the options of refapp run;
                                                             "help" lists what can be entered

The front: it stands in the terminal and knows nothing but lines. It starts the app with
``terminal_window`` as its window (``--ui``), and carries lines between the keyboard and two named
pipes, of which a confined process may be given the ends.
"""

from __future__ import annotations

import os
import selectors
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence

from refapp.examples import terminal_talk, terminal_window

WINDOW = (sys.executable, "-I", "-S", terminal_window.__file__)


def front(
    options: list[str], program: Sequence[str] = WINDOW, size: Callable[[], bytes] | None = None
) -> int:
    """The process in the terminal: the app's exit code.
    ``size``: what ``program`` is to read when the terminal has another.
    """
    with tempfile.TemporaryDirectory(prefix="refapp-terminal-") as folder:
        keys, words = f"{folder}/keys", f"{folder}/words"
        for pipe in (keys, words):
            os.mkfifo(pipe, 0o600)
        typed, spoken = os.open(keys, os.O_RDWR), os.open(words, os.O_RDWR)
        ui = shlex.join([*program, keys, words])
        command = [sys.executable, "-m", "refapp", "run", "--ui", ui, *options]
        with (
            subprocess.Popen(command, stdin=subprocess.DEVNULL) as app,
            selectors.SelectSelector() as selector,
        ):
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, lambda *_: app.terminate())
            if size is not None:
                signal.signal(signal.SIGWINCH, lambda *_: terminal_window.write_all(typed, size()))
                terminal_window.write_all(typed, size())
            selector.register(0, selectors.EVENT_READ, typed)
            selector.register(spoken, selectors.EVENT_READ, 1)
            while app.poll() is None:
                for key, _ in selector.select(timeout=0.2):
                    data = os.read(key.fd, 65_536)
                    if not data:
                        selector.unregister(key.fd)
                        data = f"{terminal_talk.NO_MORE}\n".encode()
                    terminal_window.write_all(key.data, data)
            os.set_blocking(spoken, False)
            while True:
                try:
                    terminal_window.write_all(1, os.read(spoken, 65_536))
                except BlockingIOError:
                    return app.returncode


def main() -> int:
    """Run until the app ends; its exit code."""
    try:
        return front(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
