"""Attempts to use up what others need:
memory, processes, descriptors, disk, the processor's attention.
"""

from __future__ import annotations

import os
import signal
import struct

from refapp.attack.attempt import Attempt, Target, buffer, gained, raw

_MIB = 2**20
_BEYOND = 300 * _MIB


def _memory_in_pieces(_: Target) -> None:
    kept = [bytearray(_MIB) for _ in range(_BEYOND // _MIB)]
    gained(kept)


def _map(size: int, flags: int) -> None:
    raw("mmap", None, size, 3, flags, -1, 0)


def _grow(_: Target) -> None:
    page = raw("mmap", None, 4096, 3, 0x22, -1, 0)
    raw("mremap", page, 4096, _BEYOND, 1, 0)


def _forks(_: Target) -> None:
    """Twenty at once; more would show no more."""
    children = []
    try:
        for _n in range(20):
            pid = os.fork()
            if pid == 0:
                signal.pause()
                os._exit(0)
            children.append(pid)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _descriptors(_: Target) -> None:
    for _n in range(20):
        os.dup(0)


def _one_descriptor(name: str) -> Attempt:
    def act(_: Target) -> None:
        if name == "dup":
            raw(name, 0)
        elif name == "dup2":
            raw(name, 0, 200)
        else:
            raw(name, 0, 201, 0)

    return Attempt(f"{name}", "make one more descriptor", f"{name}(2), raw", act)


def _fill(t: Target) -> None:
    with open(f"{t.folder}/fill-{os.getpid()}", "wb") as file:
        file.write(bytes(_MIB))


def _pipes(_: Target) -> None:
    for _n in range(10):
        raw("pipe2", buffer(8)[1], 0)


def _lock_memory(_: Target) -> None:
    memory, address = buffer(1024)
    raw("mlock", address, 1024)
    del memory


def _real_time(_: Target) -> None:
    raw("sched_setscheduler", 0, 1, struct.pack("=i", 1))


ATTEMPTS = (
    Attempt("memory", "take 300 MiB at once", "bytearray of Python", lambda _t: bytearray(_BEYOND)),
    Attempt("memory-pieces", "take 300 MiB in pieces", "bytearray of Python", _memory_in_pieces),
    Attempt("memory-map", "map 300 MiB", "mmap(2), raw", lambda _t: _map(_BEYOND, 0x22)),
    Attempt("memory-reserve", "reserve 64 GiB of addresses", "mmap(2), MAP_NORESERVE",
            lambda _t: _map(2**36, 0x4022)),
    Attempt("memory-shared", "map 300 MiB that count as nobody's", "mmap(2), MAP_SHARED",
            lambda _t: _map(_BEYOND, 0x21)),
    Attempt("memory-grow", "grow one page to 300 MiB", "mremap(2), raw", _grow),
    Attempt("memory-lock", "keep memory from being swapped", "mlock(2), raw", _lock_memory),
    Attempt("memory-lock-all", "keep all memory from being swapped", "mlockall(2), raw",
            lambda _t: raw("mlockall", 2)),
    Attempt("forks", "make twenty processes", "fork(3) again and again", _forks),
    Attempt("descriptors", "make twenty descriptors", "dup(3) again and again", _descriptors),
    *(_one_descriptor(name) for name in ("dup", "dup2", "dup3")),
    Attempt("pipes", "make ten pipes", "pipe2(2), raw", _pipes),
    Attempt("disk", "write 1 MiB to the data folder", "open, write of Python", _fill),
    Attempt("real-time", "have itself scheduled before everybody",
            "sched_setscheduler(2), SCHED_FIFO", _real_time),
    Attempt("nice", "change its own priority", "setpriority(2), raw",
            lambda _t: raw("setpriority", 0, 0, 0)),
    Attempt("alarm", "have signals sent to itself", "setitimer(2), raw",
            lambda _t: raw("setitimer", 0, bytes(32), None)),
)  # fmt: skip
