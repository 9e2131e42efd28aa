"""Attempts on the kernel: the calls that exploits are made of, namespaces, mounts, keys, and what
tells about the machine.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Callable

from refapp.attack.attempt import Attempt, Target, become_root, buffer, path, raw, reached

_NAMESPACES = {"user": 0x10000000, "mount": 0x00020000, "network": 0x40000000, "pid": 0x20000000,
               "ipc": 0x08000000, "uts": 0x04000000, "cgroup": 0x02000000,
               "files": 0x00000400}  # fmt: skip


def _unshare(name: str) -> Attempt:
    def act(t: Target) -> None:
        if name != "user":
            become_root(t)
        raw("unshare", _NAMESPACES[name])

    return Attempt(f"unshare-{name}", f"get a namespace of its own: {name}", "unshare(2), raw", act)


def _as_root(name: str, *arguments: int | bytes) -> Callable[[Target], object]:
    def act(t: Target) -> int:
        become_root(t, _NAMESPACES["mount"])
        return raw(name, *arguments)

    return act


def _chroot(t: Target) -> None:
    become_root(t)
    raw("chroot", path(t.folder))


def _perf(_: Target) -> None:
    """``struct perf_event_attr``: a software clock of this process."""
    attributes, address = buffer(112)
    struct.pack_into("=IIQ", attributes, 0, 1, 112, 0)
    raw("perf_event_open", address, 0, -1, -1, 0)


def _bpf_map(_: Target) -> None:
    attributes, address = buffer(128)
    struct.pack_into("=IIII", attributes, 0, 2, 4, 4, 1)
    raw("bpf", 0, address, 128)


def _bpf_program(_: Target) -> None:
    """The shortest program of all: return 0."""
    code = struct.pack("=BBhi", 0xB7, 0, 0, 0) + struct.pack("=BBhi", 0x95, 0, 0, 0)
    kept, instructions = buffer(len(code))
    kept.raw = code
    licence, licence_address = buffer(4)
    attributes, address = buffer(128)
    struct.pack_into("=IIQQ", attributes, 0, 1, 2, instructions, licence_address)
    raw("bpf", 5, address, 128)
    del kept, licence


def _ring(_: Target) -> None:
    raw("io_uring_setup", 4, buffer(120)[1])


def _aio(_: Target) -> None:
    raw("io_setup", 1, buffer(8)[1])


def _own_mounts(t: Target) -> None:
    """Mounts that only the control sees, and that end with it."""
    become_root(t)
    if t.free:
        raw("unshare", _NAMESPACES["mount"])
        raw("mount", b"none", b"/", None, 0x44000, None)


def _pivot(t: Target) -> None:
    _own_mounts(t)
    if t.free:
        raw("mount", path(t.folder), path(t.folder), None, 0x1000, None)
        os.chdir(t.folder)
    raw("pivot_root", b".", b".")


def _mount(t: Target) -> None:
    _own_mounts(t)
    raw("mount", b"tmpfs", path(f"{t.folder}/empty"), b"tmpfs", 0, None)


def _unmount(t: Target) -> None:
    if t.free:
        _mount(t)
    raw("umount2", path(f"{t.folder}/empty"), 0)


def _mount_flags(t: Target) -> None:
    """Make a mount read-only by the newer call."""
    if t.free:
        _mount(t)
    raw("mount_setattr", -100, path(f"{t.folder}/empty"), 0, struct.pack("=4Q", 1, 0, 0, 0), 32)


def _move(t: Target) -> None:
    tree = 0
    if t.free:
        _mount(t)
        tree = raw("open_tree", -100, path(f"{t.folder}/empty"), 1)
    raw("move_mount", tree, b"", -100, path(t.folder), 4)


def _setns(t: Target) -> None:
    become_root(t, _NAMESPACES["uts"])
    raw("setns", os.open("/proc/self/ns/uts", os.O_RDONLY) if t.free else 0, 0)


def _rename_host(t: Target) -> None:
    """In a namespace of its own, so that the machine keeps its name."""
    become_root(t)
    if t.free:
        raw("unshare", _NAMESPACES["uts"])
    raw("sethostname", b"bait", 4)


def _semaphore(_: Target) -> None:
    raw("semctl", raw("semget", 0, 1, 0o1600), 0, 0, None)


def _queue(_: Target) -> None:
    raw("msgctl", raw("msgget", 0, 0o1600), 0, None)


def _segment(_: Target) -> None:
    raw("shmctl", raw("shmget", 0, 4096, 0o1600), 0, None)


def _posix_queue(_: Target) -> None:
    name = f"refapp-{os.getpid()}".encode()
    raw("mq_open", name, os.O_CREAT | os.O_RDWR, 0o600, None)
    raw("mq_unlink", name)


def _key(_: Target) -> None:
    raw("add_key", b"user", b"refapp-bait", b"x", 1, -2)


def _fetched_key(t: Target) -> None:
    if t.free:
        _key(t)
    raw("request_key", b"user", b"refapp-bait", None, -2)


def _timer(_: Target) -> None:
    raw("timer_create", 1, None, buffer(8)[1])


def _adjtimex(_: Target) -> None:
    raw("adjtimex", buffer(256)[1])


ATTEMPTS = (
    Attempt("io-uring", "have the kernel make calls for it", "io_uring_setup(2), raw", _ring),
    Attempt("aio", "have the kernel read and write for it", "io_setup(2), raw", _aio),
    Attempt("bpf-map", "keep a map in the kernel", "bpf(2), MAP_CREATE", _bpf_map),
    Attempt("bpf-program", "load a program into the kernel", "bpf(2), PROG_LOAD", _bpf_program),
    Attempt("perf", "count events in the kernel", "perf_event_open(2), raw", _perf),
    Attempt("userfaultfd", "stop the kernel in the middle of a copy", "userfaultfd(2), raw",
            lambda _t: raw("userfaultfd", 1)),
    Attempt("keyctl", "read the kernel's key rings", "keyctl(2), GET_KEYRING_ID",
            lambda _t: raw("keyctl", 0, -4, 1)),
    Attempt("keyctl-join", "get a session key ring", "keyctl(2), JOIN_SESSION_KEYRING",
            lambda _t: raw("keyctl", 1, None)),
    Attempt("add-key", "put a key into the kernel", "add_key(2), raw", _key),
    Attempt("request-key", "have a key fetched", "request_key(2), raw",
            _fetched_key),
    *(_unshare(name) for name in _NAMESPACES),
    Attempt("setns", "enter a namespace", "setns(2), raw", _setns),
    Attempt("chroot", "move the root of the file system", "chroot(2), raw", _chroot),
    Attempt("mount", "mount a file system", "mount(2), raw", _mount),
    Attempt("umount", "unmount a file system", "umount2(2), raw", _unmount),
    Attempt("pivot-root", "swap the root of the file system", "pivot_root(2), raw", _pivot),
    Attempt("mount-setattr", "change a mount", "mount_setattr(2), raw", _mount_flags),
    Attempt("fsopen", "prepare a file system", "fsopen(2), raw", _as_root("fsopen", b"tmpfs", 0)),
    Attempt("open-tree", "copy a mount", "open_tree(2), raw",
            _as_root("open_tree", -100, b"/", 0x8001)),
    Attempt("move-mount", "move a mount", "open_tree(2), move_mount(2)", _move),
    Attempt("hostname", "rename the machine", "unshare(2), sethostname(2)", _rename_host),
    Attempt("syslog", "read the kernel's log", "syslog(2), raw",
            lambda _t: raw("syslog", 10, None, 0)),
    Attempt("adjtimex", "ask how the clock is kept", "adjtimex(2), raw", _adjtimex),
    Attempt("ioperm", "reach the machine's ports", "ioperm(2), raw",
            lambda _t: raw("ioperm", 0x80, 1, 1)),
    Attempt("iopl", "reach all of the machine's ports", "iopl(2), raw", lambda _t: raw("iopl", 3)),
    Attempt("init-module", "load a kernel module", "init_module(2), raw",
            lambda _t: reached(errno.ENOEXEC, "init_module", b"", 0, b"")),
    Attempt("finit-module", "load a kernel module from a file", "finit_module(2), raw",
            lambda _t: reached(errno.EINVAL, "finit_module", 0, b"", 0)),
    Attempt("delete-module", "unload a kernel module", "delete_module(2), raw",
            lambda _t: reached(errno.ENOENT, "delete_module", b"none", 0)),
    Attempt("sync", "have all disks written", "sync(2), raw", lambda _t: raw("sync")),
    Attempt("sysv-shm", "share memory with other programs", "shmget(2), raw", _segment),
    Attempt("sysv-message", "send messages to other programs", "msgget(2), raw", _queue),
    Attempt("sysv-semaphore", "share semaphores", "semget(2), raw", _semaphore),
    Attempt("posix-message", "send messages to other programs", "mq_open(2), raw", _posix_queue),
    Attempt("timer", "make a kernel timer", "timer_create(2), raw", _timer),
    Attempt("timerfd", "make a timer to wait on", "timerfd_create(2), raw",
            lambda _t: raw("timerfd_create", 1, 0)),
    Attempt("signalfd", "take its signals as data", "signalfd4(2), raw",
            lambda _t: raw("signalfd4", -1, bytes(8), 8, 0)),
    Attempt("eventfd", "make an event counter", "eventfd2(2), raw",
            lambda _t: raw("eventfd2", 0, 0)),
    Attempt("epoll", "make a set to wait on", "epoll_create1(2), raw",
            lambda _t: raw("epoll_create1", 0)),
    Attempt("membarrier", "interrupt all processors", "membarrier(2), GLOBAL",
            lambda _t: raw("membarrier", 1, 0, 0)),
    Attempt("mempolicy", "choose where memory lies", "set_mempolicy(2), raw",
            lambda _t: raw("set_mempolicy", 0, None, 0)),
    Attempt("uname", "learn the kernel's version", "uname(2), raw",
            lambda _t: raw("uname", buffer(512)[1])),
    Attempt("sysinfo", "learn the machine's load", "sysinfo(2), raw",
            lambda _t: raw("sysinfo", buffer(256)[1])),
    Attempt("getcpu", "learn its processor", "getcpu(2), raw",
            lambda _t: raw("getcpu", buffer(4)[1], buffer(4)[1], None)),
)  # fmt: skip
