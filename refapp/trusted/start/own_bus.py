"""A session bus for the app where the desktop has none: startx, ssh -X, a container. Without one no keychain can be reached.

Owns the question whether there is one, as GLib and sd-bus look for it, and the start beneath dbus-run-session(1): that bus, and
the keychain that it starts, end with the app. Runs before the first window, so it imports next to nothing.
"""

from __future__ import annotations

import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RUNNER = "dbus-run-session"
STARTED = "This desktop has no session bus, and without one there is no keychain: the app has one of its own until it is closed."
MISSING = (
    f"This desktop has no session bus, and {RUNNER} is not installed: sudo apt-get install dbus-daemon gnome-keyring"
)


def is_there(environment: Mapping[str, str]) -> bool:
    """Whether a program would find a session bus: a named one, or the socket in the user's own runtime folder."""
    if environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    try:
        found = os.stat(f"{environment['XDG_RUNTIME_DIR']}/bus")
    except (KeyError, OSError):
        return False
    return stat.S_ISSOCK(found.st_mode)


def have_one(words: Sequence[str]) -> None:
    """Go on where there is a bus, or no display and so no window; else start ``refapp`` with ``words`` once more, on one.

    Returns too where that can't be done: it is said, and the app starts without a keychain.
    """
    if not os.environ.get("DISPLAY") or is_there(os.environ):
        return
    runner = next((path for path in _places() if os.access(path, os.X_OK)), None)
    sys.stderr.write(f"refapp: {STARTED if runner else MISSING}\n")
    sys.stderr.flush()
    if runner is not None:
        os.execv(runner, [RUNNER, "--", sys.executable, "-m", "refapp", *words])  # noqa: S606


def _places() -> list[str]:
    return [f"{folder}/{RUNNER}" for folder in os.environ.get("PATH", os.defpath).split(":") if folder]
