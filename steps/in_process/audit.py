"""What the app does to files, sockets and programs in this process, as Python itself reports it:
audit events (PEP 578), and that a file is written out to the disk, of which Python reports none.

Owns the one hook of this process, which can't be taken back: it does nothing while nobody looks.
An event comes before its deed; what can't happen, since the file is not there or is a folder, is
left out.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from steps.scenario.disk_words import Change, Kind

_CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_OTHER_WAYS = {
    "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "subprocess.Popen",
    "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn",
    "os.startfile", "ctypes.dlopen", "os.link", "os.symlink", "os.truncate", "os.mkfifo",
    "os.mknod",
}  # fmt: skip
_DEEDS = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", *_OTHER_WAYS}


class Listener(Protocol):
    """Who looks. ``folder`` is the app's."""

    folder: Path

    def file(self, change: Change) -> None:
        """A file changes."""

    def written_out(self, inode: int) -> None:
        """The disk is told to keep that file, or what is in that folder."""

    def other_way(self, what: str) -> None:
        """Something leaves the app by no way that the specification knows."""


_write_out = os.fsync
_heard: list[Listener] = []
_installed: list[Callable[[str, tuple[object, ...]], None]] = []


@contextlib.contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Within, ``listener`` is told; it is the app alone that runs there."""
    if not _installed:
        _installed.append(_hook)
        sys.addaudithook(_hook)
        vars(os)["fsync"] = _written_out
    _heard.append(listener)
    try:
        yield
    finally:
        _heard.pop()


def _written_out(fd: int) -> None:
    if _heard:
        _heard[-1].written_out(os.fstat(fd).st_ino)
    _write_out(fd)


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    # Hundreds of thousands of events come, most of them of files that are opened to be read.
    if event == "open":
        if isinstance(flags := arguments[2], int) and flags & _CHANGES and _heard:
            _opened(arguments[0], flags)
    elif event not in _DEEDS or not _heard:
        return
    elif event == "os.remove":
        _tell("deleted", arguments[0])
    elif event == "os.rename":
        _tell("moved", arguments[0], arguments[1])
    elif event in ("os.mkdir", "os.rmdir"):
        path = _path(arguments[0])
        if path is not None and not path.is_relative_to(_heard[-1].folder.parent):
            _heard[-1].other_way(f"{event} {path}")
    else:
        where = arguments[1:] if event == "socket.connect" else arguments  # a fork has none
        _heard[-1].other_way(f"{event} {where[0]}" if where else event)


def _opened(name: object, flags: int) -> None:
    # A descriptor was opened under its name; Python's byte code is nobody's data.
    if not (isinstance(name, str) and "__pycache__" in name) and not (
        flags & os.O_EXCL and isinstance(name, str | Path) and os.path.lexists(name)
    ):
        _tell("written", name)


def _tell(kind: Kind, name: object, new: object = None) -> None:
    path = _path(name)
    if path is None or str(path) == os.devnull or "__pycache__" in str(path):
        return
    folder = kind == "deleted" and path.is_dir() and not path.is_symlink()
    if kind == "written" or (os.path.lexists(path) and not folder):
        _heard[-1].file(Change(kind, path, _path(new)))


def _path(name: object) -> Path | None:
    # Not ``resolve``: a link is changed where it lies.
    if not isinstance(name, str | bytes | os.PathLike):
        return None
    path = os.fsdecode(name)
    return Path(path) if path.startswith("/") else Path.cwd() / path
