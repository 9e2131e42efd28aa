"""Whether the window process is really locked in,
as the kernel tells it and not as the window says (SB-3).

Owns the reading of /proc about a child that is still unreaped, the limits that the parent sets for
it, and what this kernel offers (for ``refapp doctor``). What /proc does not show it does not claim:
Landlock, the parent-death signal, and what the system call filter lets through, which the kernel
tells root alone. For the app's own window that is in the code that the app started, before anything
from outside was read; for another program's (``--ui``) it is that program's word.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from refapp.snapshot import Check
from refapp.trusted.errors import WindowRefused
from refapp.trusted.wording import window_words

_FILTER_MODE = "2"
_MOST_LISTINGS = 20
_NO_CAPABILITIES = ("CapInh", "CapPrm", "CapEff", "CapAmb")
_LIMITS = {
    "Max core file size": "core files",
    "Max file size": "files",
    "Max processes": "processes",
}


def verify(pid: int) -> list[Check]:
    """What the kernel holds ``pid`` to, in every thread;
    the limits are set here, whatever it set itself.

    Call it after ``confined`` came, before anything but ``Welcome`` is sent.

    ``pid`` must be an unreaped child, so that the number can't have passed to another process.
    Raises WindowRefused if a thread is not locked, if threads still come and go (a locked one can
    start none), or if the process is gone.
    """
    if sys.platform != "linux":
        raise WindowRefused(window_words.no_such_system(sys.platform))
    try:
        threads = _verify_threads(Path(f"/proc/{pid}/task"))
        _set_limits(pid)
        limits = _limits(Path(f"/proc/{pid}/limits").read_text())
    except (FileNotFoundError, ProcessLookupError) as error:
        raise WindowRefused(window_words.ENDED_UNCHECKED) from error
    except OSError as error:
        raise WindowRefused(window_words.PROC_CLOSED) from error
    count = f"{threads} thread{'s' if threads > 1 else ''} checked in /proc"
    return [
        Check(
            "System calls are filtered",
            held=True,
            detail=f"seccomp, {count}. {window_words.WINDOW_S_WORD}",
        ),
        Check("No new privileges", held=True, detail=f"{count}."),
        Check("No capabilities", held=True, detail=f"{count}."),
        *limits,
    ]


def _verify_threads(tasks: Path) -> int:
    """How many threads there are, all of them locked.
    Only a listing that has no other afterwards misses none.
    """
    for _ in range(_MOST_LISTINGS):
        verified = set()
        for thread in _names(tasks):
            try:
                status = (tasks / thread / "status").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended since
            _verify_thread(thread, status)
            verified.add(thread)
        if verified == _names(tasks):
            return len(verified)
    raise WindowRefused(window_words.KEEPS_STARTING_THREADS)


def _names(tasks: Path) -> set[str]:
    return {entry.name for entry in tasks.iterdir()}


def _verify_thread(thread: str, status: str) -> None:
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    if fields.get("State", "Z")[0] in "ZX":
        raise WindowRefused(window_words.ENDED_UNCHECKED)
    if fields.get("Seccomp") != _FILTER_MODE:
        raise WindowRefused(window_words.thread_without_filter(thread))
    if fields.get("NoNewPrivs") != "1":
        raise WindowRefused(window_words.thread_may_gain_privileges(thread))
    if any(int(fields.get(name, "1"), 16) for name in _NO_CAPABILITIES):
        raise WindowRefused(window_words.thread_with_capabilities(thread))


def _set_limits(pid: int) -> None:
    """No core file, no file with anything in it, no process: what a process can't take back, and
    another can set for it.
    """
    import resource  # absent on systems that are refused above

    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        resource.prlimit(pid, limit, (0, 0))


def _limits(table: str) -> list[Check]:
    checks = []
    for line in table.splitlines():
        for row, what in _LIMITS.items():
            if line.startswith(row):
                hard = line[len(row) :].split()[1]
                checks.append(
                    Check(f"No {what}", held=hard == "0", detail=window_words.kernel_limit(hard))
                )
    return checks


def abilities() -> list[Check]:
    """What this system could hold a window to. Starts nothing, changes nothing."""
    if sys.platform != "linux":
        return [Check("Confinement", held=False, detail=window_words.not_written_for(sys.platform))]
    return [_machine(), _seccomp(), _landlock(), _proc(), _yama(), _terminal_injection()]


def _machine() -> Check:
    machine = os.uname().machine
    held = machine in ("x86_64", "aarch64")
    return Check(
        "Processor", held, f"{machine}." if held else window_words.filter_does_not_know(machine)
    )


def _read(path: str) -> str | None:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return None


def _seccomp() -> Check:
    actions = (_read("/proc/sys/kernel/seccomp/actions_avail") or "").split()
    held = {"kill_process", "errno", "allow"} <= set(actions)
    return Check("System call filter", held, "seccomp." if held else window_words.NO_SECCOMP)


_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_ASK_VERSION = 1
_LANDLOCK_SCOPES_SINCE = 6


def _landlock() -> Check:
    syscall = ctypes.CDLL(None).syscall
    syscall.restype = ctypes.c_long
    version = syscall(
        *(ctypes.c_long(word) for word in (_LANDLOCK_CREATE_RULESET, 0, 0, _LANDLOCK_ASK_VERSION))
    )
    if version < 1:
        return Check("Landlock", held=False, detail=window_words.NO_LANDLOCK)
    whole = version >= _LANDLOCK_SCOPES_SINCE
    return Check(
        "Landlock",
        whole,
        window_words.landlock(version) if whole else window_words.landlock_files_alone(version),
    )


def _proc() -> Check:
    held = (
        _read("/proc/self/task/self/status") is not None
        or _read(f"/proc/self/task/{os.getpid()}/status") is not None
    )
    return Check(
        "State of processes",
        held,
        window_words.PROC_READABLE if held else window_words.PROC_CLOSED_TO_DOCTOR,
    )


def _yama() -> Check:
    scope = _read("/proc/sys/kernel/yama/ptrace_scope")
    if scope is None:
        return Check("Debugging of other processes", held=False, detail=window_words.NO_YAMA)
    return Check("Debugging of other processes", held=scope != "0", detail=window_words.yama(scope))


def _terminal_injection() -> Check:
    allowed = _read("/proc/sys/dev/tty/legacy_tiocsti")
    detail = {"0": window_words.REFUSES_TERMINAL_INPUT, "1": window_words.ALLOWS_TERMINAL_INPUT}
    return Check(
        "No typing into terminals",
        held=allowed == "0",
        detail=detail.get(allowed or "", window_words.NO_SWITCH),
    )
