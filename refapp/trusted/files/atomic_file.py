"""A small file that is always whole: the old one or the new one, at any crash or power cut (SS-11).

Owns how bytes reach the disk: a temporary file in the same folder, written out, renamed over the
old one, and the folder written out too (without that a power cut brings the old file back). Files
are 0600, their folder is 0700. Blocking.

A file system that can't write out on demand takes the file all the same;
``disk_limits`` says so to the person.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from refapp.trusted.errors import NotAFile, StorageFault, WriteFailed, WriteNotDurable
from refapp.trusted.files.disk_limits import confirmed
from refapp.trusted.wording import file_words

LIMIT = 1 << 20
TRIES_ON_WINDOWS, BETWEEN_TRIES_S = 20, 0.01


def called(path: Path) -> str:
    """What ``path`` is to a person: a file's name has a hash in it, which says nothing to her."""
    kind = path.name.partition("-")[0]
    if kind in file_words.OF:
        return file_words.OF[kind]
    return (
        file_words.OF_NOTES if "notes" in (path.parent.name, path.parent.parent.name) else path.name
    )


class Signature(msgspec.Struct, frozen=True):
    """Tells one version of a file from another without reading it. A rename keeps it."""

    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, found: os.stat_result) -> Signature:
        return cls(found.st_ino, found.st_size, found.st_mtime_ns)


def signature(path: Path) -> Signature | None:
    """The signature of the file that is there now, None if there is none (or it can't be told)."""
    try:
        return Signature.of(path.stat())
    except OSError:
        return None


def read(path: Path) -> tuple[bytes, Signature] | None:
    """The file's bytes and signature, None if there is not a file.

    Raises:
        NotAFile: it is a folder, a pipe, a socket, a device, a link to itself, or over 1 MiB.
        StorageFault: it is there but the disk or its permissions keep it from being read.
    """
    try:
        # A pipe would be waited for.
        with open(path, "rb", opener=_without_waiting) as file:
            there = os.fstat(file.fileno())
            if not stat.S_ISREG(there.st_mode):
                raise NotAFile(file_words.not_a_file(called(path)))
            data = file.read(min(there.st_size, LIMIT) + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.EISDIR, errno.ENXIO, errno.ELOOP):
            raise NotAFile(file_words.not_a_file(called(path))) from None
        cure = (
            file_words.MAKE_IT_YOURS
            if isinstance(error, PermissionError)
            else file_words.CHECK_THE_DISK
        )
        raise StorageFault(file_words.not_read(called(path)), cure) from None
    if len(data) > LIMIT:
        raise NotAFile(file_words.too_large(called(path)))
    return data, Signature.of(there)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def replace(path: Path, data: bytes, *, durable: bool = True) -> Signature:
    """Put ``data`` in place of what ``path`` holds, if anything.

    Raises:
        WriteFailed: the old file is still there, whole; or ``read`` would not take the new one.
        WriteNotDurable: the new file is there, but the disk did not confirm that it will stay.
    """
    if len(data) > LIMIT:
        raise WriteFailed(file_words.would_be_too_large(called(path)), file_words.CURE_TOO_LARGE)
    temporary: str | None = None
    try:
        make_folder(path.parent)
        fd, temporary = _temporary(path)
        with os.fdopen(fd, "wb", buffering=0) as file:
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
            if durable:
                confirmed(fd)
            written = Signature.of(os.fstat(fd))
        _put_in_place(temporary, path)
    except OSError:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise WriteFailed(file_words.not_written(called(path))) from None
    if durable:
        _sync_folder(path)
    return written


@contextlib.contextmanager
def unconfirmed_too(note: Callable[[], None]) -> Iterator[None]:
    """``note`` the block's change also where the disk did not confirm it: it was made all the same.
    One that was confirmed is the caller's to note.
    """
    try:
        yield
    except WriteNotDurable:
        note()
        raise


def _put_in_place(temporary: str, path: Path) -> None:
    """Windows refuses while anybody reads what is to be replaced,
    which takes a reader of ours a moment.
    """
    for _ in range(TRIES_ON_WINDOWS if sys.platform == "win32" else 0):
        try:
            os.replace(temporary, path)  # noqa: PTH105 - pathlib takes longer than the kernel
        except PermissionError:
            time.sleep(BETWEEN_TRIES_S)
        else:
            return
    os.replace(temporary, path)  # noqa: PTH105 - as above


def _temporary(path: Path) -> tuple[int, str]:
    """A new file beside ``path``, open for writing; ``sweep`` knows its name."""
    name = f"{path.parent}{os.sep}.{path.stem}.{secrets.token_hex(4)}.tmp"
    flags = (
        os.O_WRONLY
        | os.O_CREAT
        | os.O_EXCL
        | getattr(os, "O_NOFOLLOW", 0)
        | getattr(os, "O_BINARY", 0)
    )
    return os.open(name, flags, 0o600), name


def remove(path: Path, *, durable: bool = True) -> bool:
    """Delete the file; False if there was none.

    Raises:
        NotAFile: it is a folder.
        WriteFailed: the file is still there.
        WriteNotDurable: it is gone, but the disk did not confirm that it will stay so.
    """
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except IsADirectoryError:
        raise NotAFile(file_words.is_a_folder(called(path))) from None
    except OSError:
        raise WriteFailed(file_words.not_deleted(called(path))) from None
    if durable:
        _sync_folder(path)
    return True


def set_aside(path: Path, why: str, at: float) -> Path:
    """Rename the file, so that nothing overwrites it: ``<name>.<why>-<unix seconds>.json``.
    Raises WriteFailed.
    """
    for number in range(100):
        ending = f"-{number}" if number else ""
        aside = path.with_name(f"{path.stem}.{why}-{int(at)}{ending}{path.suffix}")
        if not aside.exists():
            try:
                return path.rename(aside)
            except OSError:
                break
    raise WriteFailed(file_words.not_set_aside(called(path)))


def sweep(path: Path) -> None:
    """Delete the temporary files that earlier writers of ``path`` left when they were killed. Best
    effort.
    """
    with contextlib.suppress(OSError):
        for stale in path.parent.glob(f".{path.stem}.*.tmp"):
            stale.unlink()


def make_folder(folder: Path) -> None:
    """Make the app's folder, for its owner alone. Raises OSError."""
    try:
        mode = folder.stat().st_mode
    except FileNotFoundError:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
    if mode & 0o077:
        folder.chmod(0o700)


def _sync_folder(path: Path) -> None:
    if sys.platform == "win32":
        return  # a folder can't be opened there
    try:
        fd = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            confirmed(fd)
        finally:
            os.close(fd)
    except OSError:
        raise WriteNotDurable(file_words.not_confirmed(called(path))) from None
