"""The looking: the display, the keychain and the files of this machine, as they are now.

Owns no verdicts (``findings`` does). It changes nothing, unlocks nothing, and of the files it
reads the history alone; every wait has an end.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from refapp.doctor.findings import File, SeenDisplay
from refapp.snapshot import Reason
from refapp.trusted.config import Settings
from refapp.trusted.files.history import everywhere
from refapp.trusted.keys.keychain import OsKeychain
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.recorder import Recorder

SCREEN_LIMIT_S = 10.0
NOTHING_SEEN = SeenDisplay("", reached=False, wrong="")


def screen() -> SeenDisplay:
    """Tk and the display, as a process of its own sees them."""
    command = [sys.executable, "-m", "refapp.doctor.screen"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SCREEN_LIMIT_S, check=False)
        return msgspec.json.decode(done.stdout, type=SeenDisplay)
    except (subprocess.TimeoutExpired, msgspec.MsgspecError):
        return NOTHING_SEEN


def keychain(settings: Settings) -> StorageState:
    """The keychain's state, asked without a prompt."""
    port = OsKeychain(settings.app_id, settings.keychain_deadline_s, Recorder())
    return asyncio.run(port.status())


def lacking_for_a_bus() -> list[str]:
    """The Debian packages that are missing for a session bus of the app's own with a keychain on
    it.
    """
    packages = {"dbus-run-session": "dbus-daemon", "gnome-keyring-daemon": "gnome-keyring"}
    return [package for program, package in packages.items() if shutil.which(program) is None]


def has_demo_server() -> bool:
    """Whether the packages of the embedded server are installed."""
    return all(importlib.util.find_spec(name) for name in ("starlette", "uvicorn"))


def files(folder: Path) -> Sequence[File] | None:
    """The folder and all that is in it; None if there is none, empty if it can't be read."""
    try:
        top = _file(folder, folder)
        if top is None:
            return None
        walk = os.walk(folder, onerror=_unless_gone)
        inside = sorted(
            Path(place, name) for place, folders, names in walk for name in (*folders, *names)
        )
        return [top, *(file for path in inside if (file := _file(path, folder)) is not None)]
    except OSError:
        return []


def _unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def history(folder: Path) -> Sequence[Reason]:
    """Why earlier sessions ended, oldest first."""
    return everywhere(folder)


def _file(path: Path, folder: Path) -> File | None:
    """None: it is gone, as a temporary file soon is.
    Of a link counts what it leads to: its own mode means nothing.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    name = "the folder" if path == folder else str(path.relative_to(folder))
    return File(name, stat.S_IMODE(found.st_mode), found.st_size, stat.S_ISDIR(found.st_mode))
