"""Sees the files that a program writes, without its help: the kernel's own list of what happened in a folder (inotify).

Nothing is lost between two looks: the kernel queues each event when it happens, so an event before a request is seen before it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["written", "deleted"]

_CLOSE_WRITE, _MOVED_TO, _CREATE, _DELETE = 0x8, 0x80, 0x100, 0x200
_IS_FOLDER = 0x40000000
_HEAD = struct.Struct("iIII")
_ROOM = 65536


class Change(NamedTuple):
    """A file that was written (also: put in place) or deleted."""

    kind: Kind
    path: Path


class Watch:
    """The changes in ``folder``, which is there, and below."""

    def __init__(self, folder: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        self._folders: dict[int, Path] = {}
        self._add(folder)

    def _add(self, folder: Path) -> None:
        mask = _CLOSE_WRITE | _MOVED_TO | _CREATE | _DELETE
        number = self._libc.inotify_add_watch(self._descriptor, os.fsencode(folder), mask)
        if number >= 0:
            self._folders[number] = folder

    def changes(self) -> list[Change]:
        """What has changed since the last look, in order."""
        found = []
        for number, mask, name in self._events():
            path = self._folders[number] / name
            if mask & _IS_FOLDER:
                if mask & (_CREATE | _MOVED_TO):
                    self._add(path)
            elif mask & (_CLOSE_WRITE | _MOVED_TO):
                found.append(Change("written", path))
            elif mask & _DELETE:
                found.append(Change("deleted", path))
        return found

    def _events(self) -> Iterator[tuple[int, int, str]]:
        while True:
            try:
                data = os.read(self._descriptor, _ROOM)
            except OSError as error:
                if error.errno == errno.EAGAIN:
                    return
                raise
            at = 0
            while at < len(data):
                number, mask, _, length = _HEAD.unpack_from(data, at)
                name = data[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0")
                at += _HEAD.size + length
                if number in self._folders:
                    yield number, mask, os.fsdecode(name)

    def close(self) -> None:
        os.close(self._descriptor)
