"""Attempts to start something: a program, a process, a thread."""

from __future__ import annotations

import _thread
import ctypes
import os
import platform
import signal
import struct
import subprocess
import threading
from collections.abc import Callable

from refapp.attack.attempt import Attempt, Target, buffer, gained, path, raw

_TRUE = "/bin/true"
_LOADERS = {"x86_64": b"/lib64/ld-linux-x86-64.so.2", "aarch64": b"/lib/ld-linux-aarch64.so.1"}
_LOADER = _LOADERS.get(platform.machine(), b"/none")


def _ended_well(pid: int) -> None:
    """In the child of a fork: end. In its parent: reap it."""
    if pid == 0:
        os._exit(0)
    gained(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0)


def _vector(*words: bytes) -> tuple[object, int]:
    """A NULL-terminated array of strings, and its address."""
    array = (ctypes.c_char_p * (len(words) + 1))(*words, None)
    return array, ctypes.addressof(array)


def _execve(program: bytes, *words: bytes) -> None:
    """In a forked child if there can be one, so that the process can say that it worked;
    else here and now.
    """
    kept, address = _vector(program, *words)
    _in_a_child(lambda: raw("execve", program, address, None))
    del kept


def _in_a_child(act: Callable[[], object]) -> None:
    try:
        pid = os.fork()
    except OSError:
        act()
        return
    if pid == 0:
        try:
            act()
        finally:
            os._exit(99)
    gained(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0)


def _execveat(_: Target) -> None:
    kept, address = _vector(_TRUE.encode())
    _in_a_child(lambda: raw("execveat", -100, _TRUE.encode(), address, None, 0))
    del kept


def _from_memory(_: Target) -> None:
    """A program that never was a file."""
    program = raw("memfd_create", b"x", 0)
    with open(_TRUE, "rb") as file:
        os.write(program, file.read())
    _in_a_child(lambda: os.execve(f"/proc/self/fd/{program}", ["true"], {}))


def _script(t: Target) -> None:
    place = f"{t.folder}/script"
    _in_a_child(lambda: os.execv(place, [place]))


def _spawn(_: Target) -> None:
    _ended_well(os.posix_spawn(_TRUE, ["true"], {}))


def _clone3(_: Target) -> None:
    arguments = struct.pack("=4QQ6Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 0, 0, 0)
    _ended_well(raw("clone3", arguments, len(arguments)))


def _clone(flags: int) -> Callable[[Target], None]:
    return lambda _t: _ended_well(raw("clone", flags | signal.SIGCHLD, 0, 0, 0, 0))


def _thread_of_python(_: Target) -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.set)
    thread.start()
    gained(done.wait(10))
    thread.join()


def _bare_thread(_: Target) -> None:
    lock = _thread.allocate_lock()
    lock.acquire()
    _thread.start_new_thread(lock.release, ())
    gained(lock.acquire(timeout=10))


_LIBC = ctypes.CDLL(None, use_errno=True)


def _pthread(_: Target) -> None:
    """A thread that Python does not know of; it runs getpid(3) and ends."""
    kept, handle = buffer(8)
    code = _LIBC.pthread_create(ctypes.c_void_p(handle), None, _LIBC.getpid, None)
    del kept
    if code:
        raise OSError(code, os.strerror(code))


def _system(_: Target) -> None:
    status = _LIBC.system(b"/bin/true")
    if status == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    gained(status == 0)


ATTEMPTS = (
    Attempt("execve", "become another program", "execve(2), raw", lambda _t: _execve(b"/bin/true")),
    Attempt("execveat", "become another program", "execveat(2), raw", _execveat),
    Attempt("exec-script", "become a script", "execve(2) of a #! file", _script),
    Attempt("exec-loader", "have the loader run a program", "execve(2) of the dynamic loader",
            lambda _t: _execve(_LOADER, path(_TRUE))),
    Attempt("exec-memory", "run a program out of memory", "memfd_create(2), execve(2)",
            _from_memory),
    Attempt("exec-sudo", "run a program with its owner's rights", "execve(2) of su",
            lambda _t: _execve(b"/bin/su", b"--version")),
    Attempt("posix-spawn", "start a program", "posix_spawn(3)", _spawn),
    Attempt("subprocess", "start a program", "subprocess of Python",
            lambda _t: subprocess.run([_TRUE], check=True)),
    Attempt("system", "start a shell", "system(3)", _system),
    Attempt("popen", "start a shell and read from it", "os.popen",
            lambda _t: gained(os.popen("echo x").read())),
    Attempt("fork", "make a process", "fork(3)", lambda _t: _ended_well(os.fork())),
    Attempt("fork-raw", "make a process", "fork(2), raw", lambda _t: _ended_well(raw("fork"))),
    Attempt("clone", "make a process", "clone(2), raw", _clone(0)),
    Attempt("clone3", "make a process", "clone3(2), raw", _clone3),
    Attempt("clone-user", "make a process with rights of its own", "clone(2), CLONE_NEWUSER",
            _clone(0x10000000)),
    Attempt("clone-parent", "make a process beside itself", "clone(2), CLONE_UNTRACED",
            _clone(0x00800000)),
    Attempt("forkpty", "make a process with a terminal", "forkpty(3)",
            lambda _t: _ended_well(os.forkpty()[0])),
    Attempt("thread", "start a thread", "threading of Python", _thread_of_python),
    Attempt("thread-bare", "start a thread", "_thread of Python", _bare_thread),
    Attempt("thread-native", "start a thread", "pthread_create(3)", _pthread),
)  # fmt: skip
