"""Sees the files that a program writes, without its help: the kernel's own list of what happened in
a folder (inotify), and what is in them now.

Nothing is lost between two looks: the kernel queues each event when it happens, so an event before
a request is seen before it. But for a folder that is new: what was written there before the next
look is found lying there, however often it was written.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import select
import struct
from collections.abc import Iterator
from pathlib import Path

from steps.scenario.disk_words import Change

_CLOSE_WRITE, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE = 0x8, 0x40, 0x80, 0x100, 0x200
_IS_FOLDER = 0x40000000
_HEAD = struct.Struct("iIII")
_ROOM = 65536
SECOND_WITHIN_S = 1.0


class Watch:
    """The changes in ``folder``, which is there, and below."""

    def __init__(self, folder: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        self._folders: dict[int, Path] = {}
        self._found: dict[Path, tuple[int, int]] = {}
        self._add(folder)

    def _add(self, folder: Path) -> list[Change]:
        """Watch ``folder`` and those in it; the files that lie there."""
        mask = _CLOSE_WRITE | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE
        number = self._libc.inotify_add_watch(self._descriptor, os.fsencode(folder), mask)
        if number < 0:
            return []  # it has gone again
        self._folders[number] = folder
        found: list[Change] = []
        with contextlib.suppress(FileNotFoundError):
            lying = sorted(folder.iterdir())
            for path in lying:
                if path.is_dir() and not path.is_symlink():
                    found += self._add(path)
                    continue
                with contextlib.suppress(FileNotFoundError):  # that one has gone; others are there
                    self._found[path] = _state(path)
                    found.append(Change("written", path))
        return found

    def changes(self) -> list[Change]:
        """What has changed since the last look, in order."""
        found: list[Change] = []
        leaving: dict[int, Path] = {}
        self._take(found, leaving)
        # A move is two events, and the second may be queued after the look at the first.
        while leaving and select.select([self._descriptor], [], [], SECOND_WITHIN_S)[0]:
            self._take(found, leaving)
        return found + [Change("deleted", path) for path in leaving.values()]

    def _take(self, found: list[Change], leaving: dict[int, Path]) -> None:
        for number, mask, cookie, name in self._events():
            path = self._folders[number] / name
            if mask & _MOVED_FROM:
                leaving[cookie] = path
            elif mask & _MOVED_TO and cookie in leaving:
                found.append(Change("moved", leaving.pop(cookie), path))
            elif mask & _IS_FOLDER:
                found += self._add(path) if mask & (_CREATE | _MOVED_TO) else []
            elif mask & _DELETE:
                found.append(Change("deleted", path))
            elif mask & (_CLOSE_WRITE | _MOVED_TO) and not self._was_found(path):
                found.append(Change("written", path))

    def _was_found(self, path: Path) -> bool:
        """Whether it is as it was found lying in a new folder: that was told already."""
        with contextlib.suppress(FileNotFoundError):
            return self._found.pop(path, None) == _state(path)
        return False

    def _events(self) -> Iterator[tuple[int, int, int, str]]:
        while True:
            try:
                data = os.read(self._descriptor, _ROOM)
            except OSError as error:
                if error.errno == errno.EAGAIN:
                    return
                raise
            at = 0
            while at < len(data):
                number, mask, cookie, length = _HEAD.unpack_from(data, at)
                name = data[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0")
                at += _HEAD.size + length
                if number in self._folders:
                    yield number, mask, cookie, os.fsdecode(name)

    def close(self) -> None:
        os.close(self._descriptor)


def _state(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return found.st_ino, found.st_mtime_ns


def contents(folder: Path) -> dict[str, bytes]:
    """What is in each file below ``folder``, by its path there, but for one that the app renames or
    deletes meanwhile.
    """
    found = {}
    for at, _, names in os.walk(folder):
        for path in (Path(at, name) for name in names):
            with contextlib.suppress(FileNotFoundError):
                if path.is_file():
                    found[str(path).removeprefix(f"{folder}/")] = path.read_bytes()
    return found
