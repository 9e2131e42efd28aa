"""A session bus for the app where the desktop has none: startx, ssh -X, a container.
Without one no keychain can be reached.

Owns the question whether there is one, as GLib and sd-bus look for it, and a bus that ends with the
app, however that ends, and the keychain with it. The app itself stays the process that was started:
what tells that to end reaches it, and its last words are heard (NT-1). Runs before the first
window, so it imports next to nothing.
"""

from __future__ import annotations

import os
import stat
import sys

from refapp.trusted.wording import start_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

RUNNER = "dbus-run-session"
MISSING = start_words.bus_not_installed(RUNNER)
FAILED = start_words.no_bus(RUNNER)


def is_there(environment: Mapping[str, str]) -> bool:
    """Whether a program would find a session bus: a named one, or the socket in the user's own
    runtime folder.
    """
    if environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    try:
        found = os.stat(f"{environment['XDG_RUNTIME_DIR']}/bus")
    except (KeyError, OSError):
        return False
    return stat.S_ISSOCK(found.st_mode)


def have_one() -> None:
    """Go on where there is a bus, or no display and so no window;
    else start one, for this process and its children.

    Where that can't be done it is said, and the app starts without a keychain.
    """
    if not os.environ.get("DISPLAY") or is_there(os.environ):
        return
    runner = next((path for path in _places() if os.access(path, os.X_OK)), None)
    address = _started(runner) if runner else ""
    if address:
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
    sys.stderr.write(
        f"refapp: {start_words.OWN_BUS if address else FAILED if runner else MISSING}\n"
    )
    sys.stderr.flush()


def _started(runner: str) -> str:
    """The address of a new bus; "" if none came up."""
    said, tells = os.pipe()
    lives, life = os.pipe()
    # The shell reads until the app's end of ``life`` is gone, by an exit or a kill; the bus ends
    # with the shell. A session of its own keeps Ctrl-C, which is for the app, from ending the
    # keychain before the app has done with it.
    command = [runner, "--", "/bin/sh", "-c", 'echo "$DBUS_SESSION_BUS_ADDRESS"; read -r _']
    streams = [
        (os.POSIX_SPAWN_DUP2, lives, 0),
        (os.POSIX_SPAWN_DUP2, tells, 1),
        (
            os.POSIX_SPAWN_OPEN,
            2,
            os.devnull,
            os.O_WRONLY,
            0,
        ),  # it notes each service that it starts
    ]
    try:
        os.posix_spawn(runner, command, os.environ, file_actions=streams, setsid=True)
    except OSError:
        os.close(tells)
        return ""
    os.close(lives)
    os.close(tells)
    with open(said, encoding="ascii", errors="replace") as words:
        address = words.readline().strip()
    if not address:
        os.close(life)
    return address


def _places() -> list[str]:
    return [
        f"{folder}/{RUNNER}" for folder in os.environ.get("PATH", os.defpath).split(":") if folder
    ]
