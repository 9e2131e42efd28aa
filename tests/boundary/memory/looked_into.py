"""Who looks into a process from its first moment on: ``python looked_into.py ROUNDS WAY``, a racer
that starts what it attacks.

WAY is how the process under attack closes itself: ``fork`` (``closed_process``), ``late``
(``hardening.close_up`` alone, as if there were no other), ``open`` (not at all). Each round it
starts one, opens its memory at once, has a secret typed into it, and looks for that where the
process says that it is: through what it had opened, and in every way that it can try then. It
prints in how many rounds it got something, by the first and by the second. As root it gives up all
capabilities first, for a program of the same user has none either.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
LIBC = ctypes.CDLL(None, use_errno=True)
UNDER_ATTACK = """
import ctypes, os, sys
sys.path.insert(0, sys.argv[1])
from refapp.trusted.start import closed_process, hardening
{"fork": closed_process.go_on, "late": hardening.close_up, "open": int}[sys.argv[2]]()
held = ctypes.create_string_buffer(os.read(0, 100))
print(os.getpid(), ctypes.addressof(held), flush=True)
os.read(0, 1)
"""


class _Piece(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def give_up_capabilities() -> None:
    """Start this program again without any."""
    lines = Path("/proc/self/status").read_text().splitlines()
    if "CapBnd:\t0000000000000000" in lines or os.getuid() != 0:
        return
    for number in range(64):
        LIBC.prctl(24, number, 0, 0, 0)  # PR_CAPBSET_DROP
    os.execv(sys.executable, [sys.executable, *sys.argv])


def read_at(memory: int, address: int, length: int) -> bytes:
    try:
        return os.pread(memory, length, address)
    except OSError:
        return b""


def afterwards(pid: int, address: int, length: int) -> list[bytes]:
    """What can be had of process ``pid`` now:
    its memory's file, another process's reads, a debugger.
    """
    found = []
    with contextlib.suppress(OSError):
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
        found.append(read_at(memory, address, length))
        os.close(memory)
    here = ctypes.create_string_buffer(length)
    ours, theirs = _Piece(ctypes.addressof(here), length), _Piece(address, length)
    if LIBC.process_vm_readv(pid, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0) > 0:
        found.append(here.raw)
    if LIBC.ptrace(0x4206, pid, 0, 0) == 0:  # PTRACE_SEIZE
        found.append(b"attached")
    for name in ("environ", "maps", "auxv"):
        with contextlib.suppress(OSError):
            found.append(Path(f"/proc/{pid}/{name}").read_bytes())
    return [one for one in found if one]


def attack(way: str) -> tuple[bool, bool]:
    """One round: whether the secret was seen through what was opened at the start, and whether
    anything was had later.
    """
    secret = secrets.token_hex(16).encode()
    down, up = os.pipe(), os.pipe()
    command = [sys.executable, "-I", "-S", "-c", UNDER_ATTACK, str(ROOT), way]
    streams = [(os.POSIX_SPAWN_DUP2, down[0], 0), (os.POSIX_SPAWN_DUP2, up[1], 1)]
    pid = os.posix_spawn(sys.executable, command, {}, file_actions=streams)
    memory = -1
    with contextlib.suppress(PermissionError):  # it was closed sooner than it could be opened
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    os.write(down[1], secret)
    app, address = map(int, os.read(up[0], 100).split())
    early = read_at(memory, address, len(secret)) == secret
    late = afterwards(app, address, len(secret))
    for fd in (*down, *up, *([memory] if memory >= 0 else [])):
        os.close(fd)
    _, status = os.waitpid(pid, 0)
    assert status == 0, status
    return early, bool(late)


if __name__ == "__main__":
    give_up_capabilities()
    rounds = [attack(sys.argv[2]) for _ in range(int(sys.argv[1]))]
    sys.stdout.write(f"{sum(early for early, _ in rounds)} {sum(late for _, late in rounds)}\n")
