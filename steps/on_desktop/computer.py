"""The private screen and the private keychain that the scenarios of a desktop run share, and
whether what runs there is asleep. Starting them takes a second.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from refapp.tour.desktop import PACKAGES, PrivateDesktop
from refapp.tour.secret_service import PrivateSecretService, missing_programs
from refapp.trusted.errors import StorageError
from refapp.trusted.keys.keychain import key_of
from refapp.trusted.keys.keychain_backend import told_apart

PREFIX = "master-key:"
STEP_S = 0.02
ENDED = (FileNotFoundError, ProcessLookupError)


class Computer:
    """``screen`` and ``keyring``, running until ``close``."""

    def __init__(self) -> None:
        with contextlib.ExitStack() as started:
            self.keyring = started.enter_context(PrivateSecretService())
            self.screen = started.enter_context(PrivateDesktop(self.keyring.env))
            self._started = started.pop_all()

    def keys(self) -> dict[str, bytes]:
        """Every app's master keys by key id; none while the keychain is locked or gone."""
        try:
            with told_apart():
                items = self.keyring.items()
        except StorageError:
            return {}
        found = {
            name.removeprefix(PREFIX): key_of(text)
            for name, text in items.items()
            if name.startswith(PREFIX)
        }
        return {kid: key for kid, key in found.items() if key is not None}

    def close(self) -> None:
        """End both."""
        self._started.close()


def lacking() -> list[str]:
    """The programs that this machine lacks for a private screen and keychain."""
    return missing_programs() + [name for name in PACKAGES if shutil.which(name) is None]


def sleeps(pid: int) -> bool:
    """Whether every thread of ``pid`` waits for something:
    none runs, is about to, or waits for the disk.
    """
    return {_state(text) for text in _of_threads(pid, "stat")} == {b"S"}


def wait_for_sleep(quiet_s: Callable[[], float], limit_s: float, but: int = 0) -> None:
    """Until everything that this process has started, the screen too, was asleep whenever it was
    looked at, for ``quiet_s``; ``limit_s`` at most. ``but``: who does not count.

    What was pressed is under way as long as one of them waits for a processor: on a busy machine
    that can take longer than any time that is set.
    """
    asleep_since = began = time.monotonic()
    while (now := time.monotonic()) - asleep_since < quiet_s() and now - began < limit_s:
        time.sleep(STEP_S)
        if not all(sleeps(pid) for pid in started_by(os.getpid()) if pid != but):
            asleep_since = time.monotonic()


def app_sleeps(started: int) -> bool:
    """Whether the app behind the process that was started does; not before it is there, nor in the
    moment between its end and that of what was started.
    """
    app = children(started)
    return bool(app) and all(sleeps(pid) for pid in app)


def children(pid: int) -> list[int]:
    """The processes that ``pid`` has started and not yet asked how they ended."""
    return [int(child) for text in _of_threads(pid, "children") for child in text.split()]


def command_of(pid: int) -> bytes:
    """Its command line; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except ENDED:
        return b""


def has_ended(pid: int) -> bool:
    """It runs no more, whether or not somebody has asked how it ended."""
    try:
        return _state(_read(f"/proc/{pid}/stat")) in (b"Z", b"X")
    except ENDED:
        return True


def started_by(pid: int) -> Iterator[int]:
    """All that runs: neither what has ended nor what nobody has asked how it did."""
    for child in children(pid):
        if not has_ended(child):
            yield child
            yield from started_by(child)


def _of_threads(pid: int, file: str) -> Iterator[bytes]:
    """Of those that have not ended meanwhile."""
    with contextlib.suppress(*ENDED), os.scandir(f"/proc/{pid}/task") as threads:
        for thread in threads:
            with contextlib.suppress(*ENDED):
                yield _read(f"{thread.path}/{file}")


def _read(path: str) -> bytes:
    # Thousands of times a second: a Path and its file would take as long again as the kernel.
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 1 << 16)
    finally:
        os.close(file)


def _state(stat: bytes) -> bytes:
    return stat.rpartition(b")")[2].split(None, 1)[0]
