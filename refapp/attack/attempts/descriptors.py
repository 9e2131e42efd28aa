"""Attempts with descriptors: those left open by mistake, the pipes to the app, and a terminal."""

from __future__ import annotations

import array
import contextlib
import fcntl
import os
import socket
import struct
import termios

from refapp.attack.attempt import MARK, Attempt, Target, buffer, gained, raw, read_all, secret

_TIOCSTI = 0x5412
_TIOCSCTTY = 0x540E
_FIOASYNC = 0x5452
_FIOCLEX = 0x5451
_F_SETPIPE_SZ = 1031
_F_DUPFD_CLOEXEC = 1030
_F_SETSIG = 10


def _inherited(t: Target) -> None:
    secret(os.pread(t.inherited_file, 4096, 0))


def _inherited_read(t: Target) -> None:
    os.lseek(t.inherited_file, 0, os.SEEK_SET)
    secret(read_all(t.inherited_file))


def _inherited_map(t: Target) -> None:
    raw("mmap", None, 4096, 1, 2, t.inherited_file, 0)


def _inherited_folder(t: Target) -> None:
    secret(read_all(raw("openat", t.inherited_folder, b"tokens.json", 0)))


def _fchdir(t: Target) -> None:
    raw("fchdir", t.inherited_folder)


def _inherited_socket(t: Target) -> None:
    with socket.socket(fileno=os.dup(t.inherited_socket)) as connection:
        connection.send(b"x")


def _written_socket(t: Target) -> None:
    os.write(t.inherited_socket, b"x")


def _all_descriptors(t: Target) -> None:
    """Read whatever is open beyond the pipes."""
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            if MARK in os.pread(descriptor, 4096, 0):
                return
    raise PermissionError(f"nothing of {t.folder} is open")


def _hand_over(_: Target) -> None:
    """Send a descriptor along with data, as a socket lets one."""
    ours, theirs = socket.socketpair()
    ours.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))])
    gained(theirs.recvmsg(1, 100)[1])


def _reopen(_: Target) -> None:
    """Open the other end of its own input pipe."""
    os.open("/proc/self/fd/0", os.O_WRONLY)


def _ioctl(descriptor: int, request: int, argument: int | bytes) -> None:
    raw("ioctl", descriptor, request, argument)


def _pipe(t: Target) -> tuple[int, int]:
    """A pipe with something in it, or the two that the window has."""
    if not t.free:
        return 0, 2
    readable, writable = os.pipe()
    os.write(writable, b"x")
    return readable, writable


def _vmsplice(t: Target) -> None:
    data, where = buffer(8)
    raw("vmsplice", _pipe(t)[1], struct.pack("=QQ", where, 8), 1, 0)
    del data


def _splice(t: Target) -> None:
    raw("splice", _pipe(t)[0], None, _pipe(t)[1], None, 1, 2)


def _tee(t: Target) -> None:
    raw("tee", _pipe(t)[0], _pipe(t)[1], 1, 2)


def _type_into(t: Target) -> None:
    """Take the terminal as its own and push a key into it, for the shell behind it to read."""
    terminal = os.open(t.terminal, os.O_RDWR)
    raw("ioctl", terminal, _TIOCSCTTY, 0)
    raw("ioctl", terminal, _TIOCSTI, b"x")


def _own_terminal(t: Target) -> None:
    """The control, which has no terminal any more, takes one first."""
    if t.free:
        os.open(t.terminal, os.O_RDWR)
    terminal = os.open("/dev/tty", os.O_RDWR)
    raw("ioctl", terminal, _TIOCSTI, b"x")


def _escape_codes(t: Target) -> None:
    with open(t.terminal, "wb", buffering=0) as terminal:
        terminal.write(b"\x1b]0;taken\x07")


def _settings(t: Target) -> None:
    terminal = os.open(t.terminal, os.O_RDWR | os.O_NOCTTY)
    termios.tcsetattr(terminal, termios.TCSANOW, termios.tcgetattr(terminal))


def _new_terminal(_: Target) -> None:
    os.openpty()


ATTEMPTS = (
    Attempt("inherited-file", "read a token file that was left open", "pread(2)", _inherited),
    Attempt("inherited-read", "read a token file that was left open", "read(2)", _inherited_read),
    Attempt("inherited-map", "map a token file that was left open", "mmap(2), raw", _inherited_map),
    Attempt("inherited-folder", "open a file in a folder that was left open", "openat(2), raw",
            _inherited_folder),
    Attempt("inherited-chdir", "go to a folder that was left open", "fchdir(2), raw", _fchdir),
    Attempt("inherited-socket", "send over a connection that was left open", "send(2)",
            _inherited_socket),
    Attempt("inherited-write", "write to a connection that was left open", "write(2)",
            _written_socket),
    Attempt("inherited-all", "read whatever was left open", "pread(2) of each", _all_descriptors),
    Attempt("hand-over", "pass a descriptor to another process", "sendmsg(2), SCM_RIGHTS",
            _hand_over),
    Attempt("reopen", "open the app's end of its own pipe", "open(2) of /proc/self/fd/0", _reopen),
    Attempt("dupfd", "copy a descriptor", "fcntl(2), F_DUPFD",
            lambda _t: raw("fcntl", 0, fcntl.F_DUPFD, 100)),
    Attempt("dupfd-cloexec", "copy a descriptor", "fcntl(2), F_DUPFD_CLOEXEC",
            lambda _t: raw("fcntl", 0, _F_DUPFD_CLOEXEC, 100)),
    Attempt("pipe-size", "take a MiB of the kernel's memory for a pipe", "fcntl(2), F_SETPIPE_SZ",
            lambda _t: raw("fcntl", 0, _F_SETPIPE_SZ, 2**20)),
    Attempt("own-signal", "choose the signal for ready input", "fcntl(2), F_SETSIG",
            lambda _t: raw("fcntl", 0, _F_SETSIG, 10)),
    Attempt("file-lock", "lock a file that others use", "fcntl(2), F_SETLK",
            lambda t: fcntl.lockf(t.inherited_file, fcntl.LOCK_SH | fcntl.LOCK_NB)),
    Attempt("lease", "be told of and delay others' opens", "fcntl(2), F_SETLEASE",
            lambda t: raw("fcntl", t.inherited_file, 1024, fcntl.F_RDLCK)),
    Attempt("notify", "be told of changes in a folder", "fcntl(2), F_NOTIFY",
            lambda t: raw("fcntl", t.inherited_folder, 1026, 2)),
    Attempt("ioctl-async", "have signals sent for ready input", "ioctl(2), FIOASYNC",
            lambda _t: _ioctl(0, _FIOASYNC, struct.pack("=i", 0))),
    Attempt("ioctl-cloexec", "reach a driver with any request", "ioctl(2), FIOCLEX",
            lambda _t: _ioctl(0, _FIOCLEX, 0)),
    Attempt("close-range", "close what the sandbox keeps open", "close_range(2), raw",
            lambda _t: raw("close_range", 100, 200, 0)),
    Attempt("splice", "have the kernel move data between pipes", "splice(2), raw", _splice),
    Attempt("tee", "have the kernel copy data between pipes", "tee(2), raw", _tee),
    Attempt("vmsplice", "map its memory into a pipe", "vmsplice(2), raw", _vmsplice),
    Attempt("sendfile", "send a file over a descriptor", "sendfile(2), raw",
            lambda t: raw("sendfile", t.inherited_socket, t.inherited_file, None, 1)),
    Attempt("terminal-inject", "type into a terminal", "ioctl(2), TIOCSTI", _type_into),
    Attempt("terminal-own", "type into the terminal that started the app", "/dev/tty, TIOCSTI",
            _own_terminal),
    Attempt("terminal-escape", "write escape codes to a terminal", "open(2), write(2)",
            _escape_codes),
    Attempt("terminal-settings", "change a terminal's settings", "tcsetattr(3)", _settings),
    Attempt("terminal-new", "make a terminal", "openpty(3)", _new_terminal),
)  # fmt: skip
