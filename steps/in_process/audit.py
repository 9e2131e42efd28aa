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
    "os.mknod", "os.chown", "os.utime", "os.setxattr", "os.removexattr",
    "socket.gethostbyname", "socket.gethostbyaddr", "sqlite3.connect",
}  # fmt: skip
_DEEDS = {
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "socket.bind", *_OTHER_WAYS,
}  # fmt: skip
_LOOPBACK = {"127.0.0.1", "::1"}
OTHERS = 0o077
"""What a file's mode lets others do."""


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
        name, folder = arguments
        _tell("deleted", _path(name, folder))
    elif event == "os.rename":
        name, new, folder, its_folder = arguments
        _tell("moved", _path(name, folder), _path(new, its_folder))
    elif event in ("os.mkdir", "os.rmdir"):
        path = _path(arguments[0], arguments[-1])
        if path is not None and not path.is_relative_to(_heard[-1].folder.parent):
            _heard[-1].other_way(f"{event} {path}")
    elif event == "os.chmod":
        name, mode, folder = arguments
        path = _path(name, folder)
        private = isinstance(mode, int) and not mode & OTHERS
        if not (private and path is not None and path.is_relative_to(_heard[-1].folder)):
            _heard[-1].other_way(f"{event} {name}")
    elif event == "socket.bind":
        address = arguments[1]
        if isinstance(address, tuple) and address[0] not in _LOOPBACK:
            _heard[-1].other_way(f"{event} {address}")
    else:
        where = arguments[1:] if event == "socket.connect" else arguments  # a fork has none
        _heard[-1].other_way(f"{event} {where[0]}" if where else event)


def _opened(name: object, flags: int) -> None:
    # A descriptor was opened under its name. Where a name counts from is not told here: one that is
    # not whole is taken to be where this process is, and no scenario states such a change.
    path = _path(name, None)
    if not (flags & os.O_EXCL and path is not None and os.path.lexists(path)):
        _tell("written", path)


def _tell(kind: Kind, path: Path | None, new: Path | None = None) -> None:
    if path is None or str(path) == os.devnull or _is_byte_code(path):
        return
    folder = kind == "deleted" and path.is_dir() and not path.is_symlink()
    if kind == "written" or (os.path.lexists(path) and not folder):
        _heard[-1].file(Change(kind, path, new))


def _is_byte_code(path: Path) -> bool:
    """Python's own, which is nobody's data."""
    return "__pycache__" in str(path) and not path.is_relative_to(_heard[-1].folder)


def _path(name: object, folder: object) -> Path | None:
    """``folder``: the descriptor of the one that ``name`` counts from, or none."""
    # Not ``resolve``: a link is changed where it lies.
    if not isinstance(name, str | bytes | os.PathLike):
        return None
    path = os.fsdecode(name)
    if path.startswith("/"):
        return Path(path)
    known = isinstance(folder, int) and folder >= 0
    return Path(os.readlink(f"/proc/self/fd/{folder}") if known else os.getcwd(), path)  # noqa: PTH109, PTH115
