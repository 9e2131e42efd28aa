"""What really happened between the parts of a run: the one place that every message, request, key
access and write passes.

Owns the record and its masking. It is what ``--trace`` writes, what the tour draws from that, and
what the specification's ledger compares. Invariants: it stays small, a trace of years too (LY-7);
no secret enters it. Callers give names, paths, statuses and counts; the values of ``MASKED`` fields
are replaced here all the same, before anything is kept. A trace that can't be written ends, and
nothing else.
"""

from __future__ import annotations

import collections
import contextlib
import errno
import logging
import os
import stat
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from refapp.trusted.wording import command_words

Actor = Literal["window", "parent", "server", "keychain", "disk", "browser"]
Detail = Mapping[str, object]
Said = Detail | msgspec.Struct

MASKED = frozenset(
    {
        "password",
        "value",
        "token",
        "accessToken",
        "refreshToken",
        "code",
        "verifier",
        "secret",
        "pasted",
    }
)
PLAIN = frozenset({str, int, float, bool, type(None)})
KEPT_IN_MEMORY = 500
LARGEST_TRACE = 4 * 2**20
"""Bytes. A trace that gets larger goes on in a new file; one earlier file is kept beside it."""

log = logging.getLogger("refapp")


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One thing that went from ``source`` to ``target``. ``at`` is unix seconds."""

    at: float
    source: Actor
    target: Actor
    what: str
    detail: Detail


class Recorder:
    """Keeps the newest entries in memory; appends all of them to ``trace`` (NDJSON, 0600) if one is
    given, the older ones to ``<trace>.1``, the oldest to nothing.
    """

    def __init__(
        self, trace: Path | None = None, clock: Callable[[], float] = lambda: time.time()
    ) -> None:
        self._entries: collections.deque[Entry] = collections.deque(maxlen=KEPT_IN_MEMORY)
        self._clock = clock
        self._path = trace
        self._fd = None if trace is None else _opened(trace)
        self._listeners: list[Callable[[Entry], None]] = []

    def note(self, source: Actor, target: Actor, what: str, detail: Said | None = None) -> None:
        """Record that ``what`` went from ``source`` to ``target``."""
        entry = Entry(self._clock(), source, target, what, masked({} if detail is None else detail))
        self._entries.append(entry)
        if self._fd is not None:
            self._trace(self._fd, msgspec.json.encode(entry) + b"\n")
        for listener in self._listeners:
            listener(entry)

    def _trace(self, fd: int, line: bytes) -> None:
        try:
            if os.write(fd, line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            # Not a terminal or a pipe, which have no size.
            if self._path is not None and os.fstat(fd).st_size > LARGEST_TRACE:
                _make_way(self._path, fd)
                self._fd = _opened(self._path)
                os.close(fd)
        except OSError as error:
            self._fd = None
            with contextlib.suppress(OSError):
                os.close(fd)
            log.error(command_words.TRACE_ENDS, error.strerror)

    def entries(self) -> list[Entry]:
        """The newest entries, oldest first."""
        return list(self._entries)

    def listen(self, listener: Callable[[Entry], None]) -> None:
        """Call ``listener`` with each entry from now on."""
        self._listeners.append(listener)


def _opened(trace: Path) -> int:
    """In a folder that others can write to, what they have put there may be meant to be written to,
    or read: it is not.

    Raises OSError.
    """
    mine = {0, os.getuid()}
    with contextlib.suppress(FileNotFoundError):
        if os.path.islink(trace) and os.lstat(trace).st_uid not in mine:  # noqa: PTH114 - as os.lstat
            raise PermissionError(errno.EPERM, "it is a link of another user's")
    fd = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    found = os.fstat(fd)
    if stat.S_ISREG(found.st_mode) and found.st_uid not in mine:
        os.close(fd)
        raise PermissionError(errno.EPERM, "it is a file of another user's")
    with contextlib.suppress(OSError):
        if stat.S_ISREG(found.st_mode) and found.st_size and _last_byte(trace) != b"\n":
            # A copy that was killed left half a line.
            os.write(fd, b"\n")
    return fd


def _last_byte(trace: Path) -> bytes:
    """Raises OSError."""
    with trace.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read()


def _make_way(trace: Path, fd: int) -> None:
    """The file that has become too large gets its other name, unless another copy of the app has
    seen to that: its new one would go in place of what all of them have written. Raises OSError.
    """
    with contextlib.suppress(FileNotFoundError):
        if os.path.samestat(os.fstat(fd), trace.stat()):
            trace.replace(f"{trace}.1")


def masked(detail: Said) -> Detail:
    """``detail`` with the value of every masked field replaced, at any depth."""
    fields = msgspec.structs.asdict(detail) if isinstance(detail, msgspec.Struct) else detail
    # Every message comes by here, both ways, and most have nothing to replace: seen at a glance.
    if MASKED.isdisjoint(fields) and PLAIN.issuperset(map(type, fields.values())):
        return dict(fields)
    return {key: "…" if key in MASKED else _masked_value(value) for key, value in fields.items()}


def _masked_value(value: object) -> object:
    if type(value) in PLAIN:
        return value
    if isinstance(value, (msgspec.Struct, Mapping)):
        return masked(value)
    if isinstance(value, (list, tuple)):
        return [_masked_value(item) for item in value]
    return value
