"""Attempts on the app itself:
its memory, environment and descriptors, signals to it, and what it may use.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import struct

from refapp.attack.attempt import MARK, Attempt, Target, buffer, gained, path, raw, read_all, secret

_ATTACH, _DETACH, _SEIZE, _PEEK = 16, 17, 0x4206, 2
_WALL = 0x40000000


def _attach(t: Target) -> None:
    raw("ptrace", _ATTACH, t.app, None, None)
    os.waitpid(t.app, _WALL)
    memory, address = buffer(8)
    raw("ptrace", _PEEK, t.app, t.address, address)
    raw("ptrace", _DETACH, t.app, None, None)
    gained(memory.raw == MARK[:8])


def _vectors(t: Target, address: int) -> tuple[bytes, bytes]:
    """``struct iovec`` for here and for there."""
    return struct.pack("=QQ", address, len(MARK)), struct.pack("=QQ", t.address, len(MARK))


def _read_memory(t: Target) -> None:
    memory, address = buffer(len(MARK))
    here, there = _vectors(t, address)
    raw("process_vm_readv", t.app, here, 1, there, 1, 0)
    secret(memory.raw)


def _write_memory(t: Target) -> None:
    memory, address = buffer(len(MARK))
    memory.raw = MARK
    here, there = _vectors(t, address)
    raw("process_vm_writev", t.app, here, 1, there, 1, 0)


def _proc_memory(t: Target) -> None:
    with open(f"/proc/{t.app}/mem", "rb", buffering=0) as memory:
        memory.seek(t.address)
        secret(memory.read(len(MARK)))


def _write_proc_memory(t: Target) -> None:
    with open(f"/proc/{t.app}/mem", "r+b", buffering=0) as memory:
        memory.seek(t.address)
        memory.write(MARK)


def _pidfd(t: Target) -> int:
    """A handle on the app; the window, which gets none, tries with what it has."""
    return raw("pidfd_open", t.app, 0) if t.free else 0


def _borrow(t: Target) -> None:
    descriptor = raw("pidfd_getfd", _pidfd(t), t.app_file, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    secret(read_all(descriptor))


def _pidfd_signal(t: Target) -> None:
    raw("pidfd_send_signal", _pidfd(t), signal.SIGUSR1, None, 0)


def _queue(t: Target, call: str) -> None:
    _info, address = buffer(128)
    ctypes.memmove(address, struct.pack("=iii", signal.SIGUSR1, 0, -1), 12)
    arguments = (t.app, t.app) if call == "rt_tgsigqueueinfo" else (t.app,)
    raw(call, *arguments, signal.SIGUSR1, address)


def _owned_signal(t: Target) -> None:
    """Have the kernel signal the app when a pipe becomes ready."""
    raw("fcntl", 0, fcntl.F_SETOWN, t.app)
    raw("fcntl", 0, fcntl.F_SETFL, os.O_ASYNC)


def _limits(t: Target) -> None:
    raw("prlimit64", t.app, 7, None, buffer(16)[1])


def _lower_limit(t: Target) -> None:
    old, address = buffer(16)
    if t.free:
        raw("prlimit64", t.app, 4, None, address)
    raw("prlimit64", t.app, 4, old.raw, None)


def _affinity(t: Target) -> None:
    mask, address = buffer(128)
    if t.free:
        raw("sched_getaffinity", t.app, 128, address)
    raw("sched_setaffinity", t.app, 128, mask.raw)


def _read(what: str) -> Attempt:
    place = what.replace("/", "-")
    return Attempt(
        f"proc-{place}",
        f"read the app's {what}",
        f"open(2) of /proc/PID/{what}",
        lambda t: _read_from(t, what),
    )


def _read_from(t: Target, what: str) -> None:
    with open(f"/proc/{t.app}/{what}", "rb") as file:
        gained(file.read(4096))


def _write(what: str, value: bytes) -> Attempt:
    def act(t: Target) -> None:
        with open(f"/proc/{t.app}/{what}", "wb", buffering=0) as file:
            file.write(value)

    return Attempt(f"set-{what}", f"change the app's {what}", f"write(2) to /proc/PID/{what}", act)


def _environment(t: Target) -> None:
    with open(f"/proc/{t.app}/environ", "rb") as file:
        secret(file.read())


def _through_descriptor(t: Target) -> None:
    with open(f"/proc/{t.app}/fd/{t.app_file}", "rb") as file:
        secret(file.read())


def _through_root(t: Target) -> None:
    with open(f"/proc/{t.app}/root{t.token}", "rb") as file:
        secret(file.read())


def _join(t: Target) -> None:
    """Enter the app's own network namespace by its process."""
    raw("setns", _pidfd(t), 0x40000000)


ATTEMPTS = (
    Attempt("ptrace-attach", "debug the app", "ptrace(2), ATTACH and PEEK", _attach),
    Attempt("ptrace-seize", "debug the app without stopping it", "ptrace(2), SEIZE",
            lambda t: raw("ptrace", _SEIZE, t.app, None, None)),
    Attempt("vm-read", "read the app's memory", "process_vm_readv(2), raw", _read_memory),
    Attempt("vm-write", "change the app's memory", "process_vm_writev(2), raw", _write_memory),
    Attempt("mem-read", "read the app's memory", "/proc/PID/mem", _proc_memory),
    Attempt("mem-write", "change the app's memory", "/proc/PID/mem", _write_proc_memory),
    Attempt("environ", "read the app's environment", "/proc/PID/environ", _environment),
    Attempt("fd-reopen", "open the app's token file by its descriptor", "/proc/PID/fd/N",
            _through_descriptor),
    Attempt("fd-list", "list the app's descriptors", "os.listdir of /proc/PID/fd",
            lambda t: gained(os.listdir(f"/proc/{t.app}/fd"))),
    Attempt("fd-link", "learn what the app has open", "readlink(2) of /proc/PID/fd/N",
            lambda t: gained(os.readlink(f"/proc/{t.app}/fd/{t.app_file}"))),
    Attempt("fd-borrow", "take a descriptor from the app", "pidfd_getfd(2)", _borrow),
    Attempt("root", "read the token file through the app's root", "/proc/PID/root", _through_root),
    Attempt("exe", "learn what program the app is", "readlink(2) of /proc/PID/exe",
            lambda t: gained(os.readlink(f"/proc/{t.app}/exe"))),
    *(_read(what) for what in ("maps", "smaps", "pagemap", "auxv", "cmdline", "status", "stat",
                               "io", "syscall", "stack",
                               "limits", "mountinfo", "cgroup", "net/unix")),
    Attempt("tasks", "list the app's threads", "os.listdir of /proc/PID/task",
            lambda t: gained(os.listdir(f"/proc/{t.app}/task"))),
    _write("oom_score_adj", b"1000"),
    _write("coredump_filter", b"0x7f"),
    _write("clear_refs", b"1"),
    Attempt("pidfd", "get a handle on the app", "pidfd_open(2), raw",
            lambda t: raw("pidfd_open", t.app, 0)),
    Attempt("pidfd-signal", "signal the app", "pidfd_send_signal(2)", _pidfd_signal),
    Attempt("kill", "signal the app", "kill(2), raw", lambda t: raw("kill", t.app, signal.SIGUSR1)),
    Attempt("kill-exists", "learn that the app runs", "kill(2), signal 0",
            lambda t: raw("kill", t.app, 0)),
    Attempt("kill-parent", "signal its own parent", "kill(2), signal 0",
            lambda _t: raw("kill", os.getppid(), 0)),
    Attempt("kill-all", "signal every process", "kill(2), process -1 and signal 0",
            lambda _t: raw("kill", -1, 0)),
    Attempt("tkill", "signal the app's thread", "tkill(2), raw",
            lambda t: raw("tkill", t.app, signal.SIGUSR1)),
    Attempt("tgkill", "signal the app's thread", "tgkill(2), raw",
            lambda t: raw("tgkill", t.app, t.app, signal.SIGUSR1)),
    Attempt("sigqueue", "signal the app with a value", "rt_sigqueueinfo(2), raw",
            lambda t: _queue(t, "rt_sigqueueinfo")),
    Attempt("tgsigqueue", "signal the app's thread with a value", "rt_tgsigqueueinfo(2), raw",
            lambda t: _queue(t, "rt_tgsigqueueinfo")),
    Attempt("sigio", "have the kernel signal the app", "fcntl(2), F_SETOWN and O_ASYNC",
            _owned_signal),
    Attempt("kcmp", "compare descriptors with the app's", "kcmp(2), raw",
            lambda t: raw("kcmp", os.getpid(), t.app, 0, 0, 0)),
    Attempt("limits-read", "read the app's limits", "prlimit64(2), raw", _limits),
    Attempt("limits-set", "set the app's limits", "prlimit64(2), raw", _lower_limit),
    Attempt("priority", "slow the app down", "setpriority(2), raw",
            lambda t: raw("setpriority", 0, t.app, 1)),
    Attempt("scheduler", "have the app scheduled last", "sched_setscheduler(2), SCHED_IDLE",
            lambda t: raw("sched_setscheduler", t.app, 5, struct.pack("=i", 0))),
    Attempt("affinity", "choose the app's processor", "sched_setaffinity(2), raw", _affinity),
    Attempt("io-priority", "slow the app's disk use", "ioprio_set(2), raw",
            lambda t: raw("ioprio_set", 1, t.app, 3 << 13)),
    Attempt("move-pages", "move the app's memory", "move_pages(2), raw",
            lambda t: raw("move_pages", t.app, 0, None, None, None, 0)),
    Attempt("robust-list", "learn addresses in the app", "get_robust_list(2), raw",
            lambda t: raw("get_robust_list", t.app, buffer(8)[1], buffer(8)[1])),
    Attempt("madvise", "swap the app out", "process_madvise(2), MADV_COLD",
            lambda t: raw("process_madvise", _pidfd(t),
                          struct.pack("=QQ", t.address & ~4095, 4096), 1, 20, 0)),
    Attempt("setns", "enter the app's network", "setns(2) with a pidfd", _join),
    Attempt("capget", "read the app's capabilities", "capget(2), raw",
            lambda t: raw("capget", struct.pack("=Ii", 0x20080522, t.app), buffer(24)[1])),
    Attempt("session", "learn the app's session", "getsid(2), raw", lambda t: raw("getsid", t.app)),
    Attempt("group", "learn the app's process group", "getpgid(2), raw",
            lambda t: raw("getpgid", t.app)),
    Attempt("code", "change the app's code on disk", "open(2) for writing",
            lambda t: os.open(path(f"{t.folder}/bait.py"), os.O_RDWR)),
)  # fmt: skip
