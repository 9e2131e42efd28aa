"""Attempts on files: to change, create, remove or re-label one."""

from __future__ import annotations

import os
import stat

from refapp.attack.attempt import Attempt, Target, path, raw

_AT_FDCWD = -100
_O_TMPFILE = 0o20200000
_S_IFIFO, _S_IFSOCK, _S_IFCHR = stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFCHR


def _new(t: Target, name: str) -> bytes:
    """A path in the data folder at which nothing is, whatever ran before."""
    place = f"{t.folder}/{name}-{os.getpid()}"
    return path(place)


def _made(t: Target, name: str) -> bytes:
    """A file of our own to act on where files can be made, else just its path: the call under test
    is to answer then.
    """
    place = _new(t, name)
    try:
        os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError:
        return path(f"{t.folder}/victim")
    return place


def _folder(t: Target, name: str) -> bytes:
    place = _new(t, name)
    try:
        os.mkdir(place)
    except OSError:
        return path(f"{t.folder}/empty")
    return place


def _device(t: Target) -> None:
    raw("mknodat", _AT_FDCWD, _new(t, "zero"), _S_IFCHR | 0o600, os.makedev(1, 5))


def _shared_memory(place: str) -> None:
    open(place, "wb").close()
    os.unlink(place)


def _append(place: str) -> None:
    with open(place, "ab") as file:
        file.write(b"\n")


ATTEMPTS = (
    Attempt("write-token", "change the token file", "open(2) for writing",
            lambda t: os.open(t.token, os.O_WRONLY)),
    Attempt("create-open", "create a file", "openat(2), O_CREAT",
            lambda t: raw("openat", _AT_FDCWD, _new(t, "a"), os.O_CREAT | os.O_WRONLY, 0o600)),
    Attempt("create-creat", "create a file", "creat(2), raw",
            lambda t: raw("creat", _new(t, "b"), 0o600)),
    Attempt("create-tmpfile", "create a file without a name", "openat(2), O_TMPFILE",
            lambda t: raw("openat", _AT_FDCWD, path(t.folder), _O_TMPFILE | os.O_RDWR, 0o600)),
    Attempt("create-memfd", "create a file in memory", "memfd_create(2), raw",
            lambda _t: raw("memfd_create", b"x", 0)),
    Attempt("create-secret", "create hidden memory", "memfd_secret(2), raw",
            lambda _t: raw("memfd_secret", 0)),
    Attempt("create-shm", "create a file in /dev/shm", "open(2), O_CREAT",
            lambda _t: _shared_memory(f"/dev/shm/refapp-{os.getpid()}")),
    Attempt("plant-module", "plant code beside the app's own", "open(2) for appending",
            lambda t: _append(f"{t.folder}/bait.py")),
    Attempt("truncate", "empty a file", "truncate(2), raw",
            lambda t: raw("truncate", _made(t, "c"), 0)),
    Attempt("rename", "rename a file", "rename(2), raw",
            lambda t: raw("rename", _made(t, "d"), _new(t, "d2"))),
    Attempt("renameat", "rename a file", "renameat(2), raw",
            lambda t: raw("renameat", _AT_FDCWD, _made(t, "e"), _AT_FDCWD, _new(t, "e2"))),
    Attempt("exchange", "swap two files", "renameat2(2), RENAME_EXCHANGE",
            lambda t: raw("renameat2", _AT_FDCWD, _made(t, "f"), _AT_FDCWD, _made(t, "g"), 2)),
    Attempt("unlink", "delete a file", "unlink(2), raw", lambda t: raw("unlink", _made(t, "h"))),
    Attempt("unlinkat", "delete a file", "unlinkat(2), raw",
            lambda t: raw("unlinkat", _AT_FDCWD, _made(t, "i"), 0)),
    Attempt("mkdir", "make a folder", "mkdir(2), raw", lambda t: raw("mkdir", _new(t, "j"), 0o700)),
    Attempt("mkdirat", "make a folder", "mkdirat(2), raw",
            lambda t: raw("mkdirat", _AT_FDCWD, _new(t, "k"), 0o700)),
    Attempt("rmdir", "remove a folder", "rmdir(2), raw", lambda t: raw("rmdir", _folder(t, "l"))),
    Attempt("link", "give a file a second name", "link(2), raw",
            lambda t: raw("link", _made(t, "m"), _new(t, "m2"))),
    Attempt("linkat", "give a file a second name", "linkat(2), raw",
            lambda t: raw("linkat", _AT_FDCWD, _made(t, "n"), _AT_FDCWD, _new(t, "n2"), 0)),
    Attempt("symlink", "make a symbolic link", "symlink(2), raw",
            lambda t: raw("symlink", path(t.token), _new(t, "o"))),
    Attempt("symlinkat", "make a symbolic link", "symlinkat(2), raw",
            lambda t: raw("symlinkat", path(t.token), _AT_FDCWD, _new(t, "p"))),
    Attempt("fifo", "make a named pipe", "mknod(2), raw",
            lambda t: raw("mknod", _new(t, "q"), _S_IFIFO | 0o600, 0)),
    Attempt("socket-file", "make a socket file", "mknodat(2), raw",
            lambda t: raw("mknodat", _AT_FDCWD, _new(t, "r"), _S_IFSOCK | 0o600, 0)),
    Attempt("device", "make a device file", "mknodat(2), raw", _device),
    Attempt("chmod", "open a file to everybody", "chmod(2), raw",
            lambda t: raw("chmod", _made(t, "s"), 0o666)),
    Attempt("fchmodat", "open a file to everybody", "fchmodat(2), raw",
            lambda t: raw("fchmodat", _AT_FDCWD, _made(t, "t"), 0o666)),
    Attempt("setuid-bit", "make a program run as its owner", "fchmodat(2), 4755",
            lambda t: raw("fchmodat", _AT_FDCWD, _made(t, "u"), 0o4755)),
    Attempt("chown", "give a file away", "chown(2), raw",
            lambda t: raw("chown", _made(t, "v"), os.getuid(), -1)),
    Attempt("fchownat", "give a file away", "fchownat(2), raw",
            lambda t: raw("fchownat", _AT_FDCWD, _made(t, "w"), os.getuid(), -1, 0)),
    Attempt("utimensat", "change a file's age", "utimensat(2), raw",
            lambda t: raw("utimensat", _AT_FDCWD, _made(t, "x"), None, 0)),
    Attempt("setxattr", "label a file", "setxattr(2), raw",
            lambda t: raw("setxattr", _made(t, "y"), b"user.refapp", b"1", 1, 0)),
)  # fmt: skip
