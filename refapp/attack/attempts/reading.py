"""Attempts on files: to read one, or to learn that it is there."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pkgutil  # noqa: F401 - runpy loads it on first use, which would be the end of that attempt
import runpy
import struct

from refapp.attack.attempt import Attempt, Target, buffer, gained, path, raw, read_all, secret

_AT_FDCWD = -100
_HANDLE = struct.pack("=Ii", 128, 0) + bytes(128)


def _handle(t: Target) -> None:
    """Open by the number that the file system knows the file by, without a path: only root may."""
    _handle, address = buffer(136)
    ctypes.memmove(address, struct.pack("=Ii", 128, 0), 8)
    _mount, mount_address = buffer(4)
    folder = 0
    if t.free:
        raw("name_to_handle_at", _AT_FDCWD, path(t.token), address, mount_address, 0)
        folder = os.open(t.folder, os.O_RDONLY)
    secret(read_all(raw("open_by_handle_at", folder, address, os.O_RDONLY)))


def _stat(name: str) -> Attempt:
    def act(t: Target) -> None:
        _, address = buffer(512)
        if name == "statx":
            raw(name, _AT_FDCWD, path(t.token), 0, 0x7FF, address)
        else:
            raw(name, path(t.token), address)

    return Attempt(f"stat-{name}", "learn size and age of the token file", f"{name}(2), raw", act)


def _access(name: str) -> Attempt:
    def act(t: Target) -> None:
        if name == "access":
            raw(name, path(t.token), os.R_OK)
        else:
            raw(name, _AT_FDCWD, path(t.token), os.R_OK, 0)

    return Attempt(f"exists-{name}", "learn whether the token file exists", f"{name}(2), raw", act)


def _list(t: Target) -> None:
    memory, address = buffer(4096)
    raw("getdents64", os.open(t.folder, os.O_RDONLY | os.O_DIRECTORY), address, 4096)
    gained(b"tokens.json" in memory.raw)


def _link(name: str) -> Attempt:
    def act(_: Target) -> None:
        memory, address = buffer(256)
        if name == "readlink":
            raw(name, b"/proc/self/exe", address, 256)
        else:
            raw(name, _AT_FDCWD, b"/proc/self/exe", address, 256)
        gained(memory.value)

    return Attempt(
        f"link-{name}", "learn where the interpreter lies", f"{name}(2) of /proc/self/exe, raw", act
    )


def _from_its_folder(t: Target) -> None:
    os.chdir(t.folder)
    secret(open("tokens.json", "rb").read())


def _attribute(t: Target) -> None:
    _, address = buffer(256)
    raw("listxattr", path(t.token), address, 256)


def _watch(t: Target) -> None:
    raw("inotify_add_watch", raw("inotify_init1", 0) if t.free else 0, path(t.folder), 0xFFF)


def _read_path(place: str) -> Attempt:
    name = place.strip("/").replace("/", "-")
    return Attempt(
        f"read-{name}", f"read {place}", "open(2)", lambda _t: gained(open(place, "rb").read(64))
    )


def _keys(t: Target) -> None:
    if t.free:
        # The list of somebody who was never asked for a key ring is empty: he gets one.
        raw("keyctl", 0, -4, 1)
    gained(open("/proc/keys", "rb").read(64))


def _module(t: Target) -> None:
    spec = importlib.util.spec_from_file_location("bait", f"{t.folder}/bait.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


def _how(flags: int) -> bytes:
    """``struct open_how`` for reading."""
    return struct.pack("=QQQ", flags, 0, 0)


ATTEMPTS = (
    Attempt("open", "read the token file", "open(2), raw",
            lambda t: secret(read_all(raw("open", path(t.token), 0)))),
    Attempt(
        "openat", "read the token file", "openat(2), raw",
        lambda t: secret(read_all(raw("openat", _AT_FDCWD, path(t.token), 0))),
    ),
    Attempt(
        "openat-absolute", "read the token file",
        "openat(2) with a bad folder and an absolute path",
        lambda t: secret(read_all(raw("openat", -1, path(t.token), 0))),
    ),
    Attempt(
        "openat2", "read the token file", "openat2(2), raw",
        lambda t: secret(read_all(raw("openat2", _AT_FDCWD, path(t.token), _how(0), 24))),
    ),
    Attempt(
        "o-path", "get a handle on the token file without opening it", "openat(2), O_PATH",
        lambda t: raw("openat", _AT_FDCWD, path(t.token), os.O_PATH),
    ),
    Attempt("handle-get", "get a handle on the token file by name", "name_to_handle_at(2), raw",
            lambda t: raw("name_to_handle_at", _AT_FDCWD, path(t.token), _HANDLE, buffer(4)[1], 0)),
    Attempt("handle", "open the token file by its handle", "name_to_handle_at, open_by_handle_at",
            _handle),
    Attempt("python-open", "read the token file", "open() of Python",
            lambda t: secret(open(t.token, "rb").read())),
    Attempt(
        "libc-fopen", "read the token file", "fopen(3) of the C library",
        lambda t: gained(ctypes.CDLL(None).fopen(path(t.token), b"r")),
    ),
    Attempt("dot-dot", "read the token file by a way around", "open(2) of /proc/self/root/...",
            lambda t: secret(open(f"/proc/self/root{t.token}", "rb").read())),
    Attempt("cwd", "read the token file from its folder", "chdir(2), then a relative path",
            _from_its_folder),
    Attempt("symlink", "read the token file through a link to it", "open(2) of a symbolic link",
            lambda t: secret(open(f"{t.folder}/shortcut", "rb").read())),
    Attempt("list-getdents", "list the data folder", "getdents64(2), raw", _list),
    Attempt("list-python", "list the data folder", "os.scandir",
            lambda t: gained(os.listdir(t.folder))),
    Attempt("list-root", "list /", "os.scandir", lambda _t: gained(os.listdir("/"))),
    Attempt("list-home", "list the home folder", "os.scandir",
            lambda _t: os.listdir(os.path.expanduser("~"))),
    # newfstatat is not among them: with it Xft looks at fonts that it has opened, and so a window
    # can learn of any file that it is there, how large and how old. What stands in it can't be read
    # by that.
    *(_stat(name) for name in ("stat", "lstat", "statx")),
    *(_access(name) for name in ("access", "faccessat", "faccessat2")),
    *(_link(name) for name in ("readlink", "readlinkat")),
    Attempt("listxattr", "learn the token file's attributes", "listxattr(2), raw", _attribute),
    Attempt("statfs", "learn what disk the data lies on", "statfs(2), raw",
            lambda t: raw("statfs", path(t.folder), buffer(256)[1])),
    Attempt("chdir", "go to the data folder", "chdir(2), raw",
            lambda t: raw("chdir", path(t.folder))),
    Attempt("watch-inotify", "watch the data folder", "inotify_add_watch(2), raw", _watch),
    Attempt("watch-fanotify", "watch a whole disk", "fanotify_init(2), raw",
            lambda _t: raw("fanotify_init", 0, 0)),
    *(_read_path(place) for place in (
        "/etc/passwd", "/etc/shadow", "/etc/machine-id", "/proc/self/maps", "/proc/self/environ",
        "/proc/cpuinfo", "/proc/net/tcp", "/proc/self/mountinfo", "/dev/urandom", "/dev/mem",
        "/dev/kmsg", "/usr/bin/env",
    )),
    Attempt("read-proc-keys", "read /proc/keys", "open(2)", _keys),
    Attempt("list-proc", "list all processes", "os.listdir of /proc",
            lambda _t: gained(os.listdir("/proc"))),
    Attempt("import", "load Python code from a file", "importlib", _module),
    Attempt("runpy", "run Python code from a file", "runpy",
            lambda t: runpy.run_path(f"{t.folder}/bait.py")),
    Attempt("dlopen", "load a library that is not loaded yet", "dlopen(3)",
            lambda _t: ctypes.CDLL("libutil.so.1")),
    Attempt("lazy-import", "import a module that is not loaded yet", "import this of Python",
            lambda _t: __import__("wave")),
)  # fmt: skip
