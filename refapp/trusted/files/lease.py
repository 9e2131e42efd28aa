"""The lease on one token file:
while a copy of the app holds it, no other copy reads-then-writes that file.

Owns a lock file beside the token file (never the file itself: a rename would leave the lock on the
old one) and the count of holders in this process. The lock is the kernel's, so that a killed holder
releases it at once. It is polled without blocking: a wait can be cancelled or given up, ends at a
deadline, is said while it lasts, and never holds up the loop. The file says which process holds it,
for the person to see who is in the way.

Somebody may delete the lock file while it is held, and a lock on a new one would then keep nobody
out. So each holder has a second lock, a shared one on the folder, and whoever finds no lock file
makes one only while nobody has that (LY-4). That lock is one for all accounts in the folder. So it
is not asked for where nothing is stored, which is where a first sign-in finds no lock file: it
would wait for another account's renewal. What is not kept out is a lock file that is deleted during
the very write that stores an account's first session.

Within this process the lease is shared: a sign-out may clear while the refresh that it overtakes
still waits for an answer. What may be done while it is shared is the caller's business
(``auth_store``'s generations).
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import stat
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from refapp.trusted.errors import LockTimeout, WriteFailed
from refapp.trusted.files import atomic_file
from refapp.trusted.files.disk_limits import NOT_OFFERED
from refapp.trusted.wording import file_words

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

POLL_S = 0.02
BRIEFLY_S = 0.5
SHOWN_AFTER_S = 2.0
"""As long as a renewal usually takes: nobody is told of that."""


class Lease:
    """``path`` is the lock file; it stays behind. ``waiting`` says who is waited for, empty if
    nobody is; ``changed`` is called when that is another. ``guarded`` False: it is held for a
    moment at a time, and needs no second lock.
    """

    def __init__(self, path: Path, deadline_s: float, *, guarded: bool = True) -> None:
        self._path = path
        self._deadline_s = deadline_s
        self._guarded = (
            guarded and sys.platform != "win32"
        )  # there a file that is open can't be deleted
        self._held = contextlib.ExitStack()
        self._holders = 0
        self._taking = asyncio.Lock()
        self._given_up = 0
        self.waiting = ""
        self.changed: Callable[[], None] = lambda: None

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Hold the lease inside the block.

        Raises:
            LockTimeout: another copy of the app held it all the time, or the person gave up waiting
            for that. WriteFailed: the folder can't be written to.
        """
        await self._take()
        try:
            yield
        finally:
            self.leave()

    def stay(self) -> bool:
        """Hold it beyond the block that holds it now, until ``leave``; False: no block does."""
        if self._holders:
            self._holders += 1
            return True
        return False

    def leave(self) -> None:
        """One holder less; the last one gives it back."""
        self._holders -= 1
        if not self._holders:
            self._give_back()

    def give_up(self) -> None:
        """Wait no longer, whoever does."""
        self._given_up += 1

    def _give_back(self) -> None:
        self._held.close()

    async def _take(self) -> None:
        given_up = self._given_up
        shown = asyncio.get_running_loop().call_later(
            SHOWN_AFTER_S, lambda: self._show(self._who_is_busy())
        )
        try:
            async with asyncio.timeout(self._deadline_s), self._taking:
                while not self._holders and not self._try():
                    if given_up != self._given_up:
                        raise TimeoutError
                    await asyncio.sleep(POLL_S)
                self._holders += 1
        except TimeoutError:
            raise LockTimeout(self._who_is_busy()) from None
        finally:
            shown.cancel()
            self._show("")

    def _show(self, sentence: str) -> None:
        if sentence != self.waiting:
            self.waiting = sentence
            self.changed()

    def _who_is_busy(self) -> str:
        process = ""
        with contextlib.suppress(OSError, ValueError):
            process = f" (process {int(self._path.read_text())})"
        return file_words.copy_is_busy(process)

    def _try(self) -> bool:
        """Take the lock if nobody has it. Raises WriteFailed."""
        with contextlib.ExitStack() as undo:
            fd = self._opened()
            if fd is None:
                return False
            undo.callback(_close, fd)
            try:
                # A lock on a file that somebody has deleted meanwhile would keep nobody out.
                taken = locked(fd) and os.fstat(fd).st_nlink > 0 and self._guard(undo, alone=False)
            except OSError as error:
                # Where there are no locks nobody can be kept out.
                # The app works all the same, and says so (``disk_limits``).
                taken = error.errno in NOT_OFFERED
                if not taken:
                    raise WriteFailed(
                        file_words.not_locked(atomic_file.called(self._path))
                    ) from None
            if taken:
                _sign(fd)
                self._held = undo.pop_all()
            return taken

    def _opened(self) -> int | None:
        """The lock file, made if that is due;
        None: it is not there, and somebody may hold the one that was.
        """
        try:
            with contextlib.suppress(FileNotFoundError):
                return self._open(0)
            atomic_file.make_folder(self._path.parent)
            with contextlib.ExitStack() as undo:
                free = not self._path.with_suffix(".json").exists() or self._guard(undo, alone=True)
                return self._open(os.O_CREAT) if free else None
        except OSError as error:
            if error.errno in (errno.EISDIR, errno.ELOOP, errno.ENXIO):
                raise self._not_a_file() from None
            raise WriteFailed(file_words.FOLDER_NOT_WRITTEN) from None

    def _open(self, more: int) -> int:
        """Raises WriteFailed where there is no file: a pipe would be waited for."""
        flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        fd = os.open(self._path, os.O_RDWR | more | flags, 0o600)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            _close(fd)
            raise self._not_a_file()
        return fd

    def _not_a_file(self) -> WriteFailed:
        return WriteFailed(file_words.not_a_lock(self._path.name), file_words.CURE_NOT_A_FILE)

    def _guard(self, undo: contextlib.ExitStack, *, alone: bool) -> bool:
        """Whether the folder is locked, beside other holders or ``alone``.
        One that can't be locked guards nothing.
        """
        if self._guarded:
            with contextlib.suppress(OSError):
                folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                undo.callback(_close, folder)
                try:
                    fcntl.flock(folder, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
        return True


@contextlib.contextmanager
def briefly(path: Path) -> Iterator[None]:
    """Keep other copies of the app out of a small file while it is read, changed and written;
    ``path`` is the lock file.

    Blocking, for ``BRIEFLY_S`` at the most: nothing is awaited inside the block, so nobody holds it
    for longer than a write.

    Raises:
        LockTimeout, WriteFailed: as ``Lease.held``.
    """
    lease, give_up = Lease(path, BRIEFLY_S, guarded=False), time.monotonic() + BRIEFLY_S
    while not lease._try():
        if time.monotonic() > give_up:
            raise LockTimeout(file_words.ANOTHER_COPY_IS_BUSY)
        time.sleep(POLL_S / 10)
    try:
        yield
    finally:
        lease._give_back()


def _close(fd: int) -> None:
    # A lock file whose close is reported as failed is closed all the same, and the lock with it.
    with contextlib.suppress(OSError):
        os.close(fd)


def _sign(fd: int) -> None:
    """Say in the lock file which process holds it, beside the byte that Windows locks.
    A full disk costs the name only. What is said already is not written again, to no disk.
    """
    said = b" %-10d" % os.getpid()
    with contextlib.suppress(OSError):
        if os.read(fd, len(said)) != said:
            os.lseek(fd, 0, os.SEEK_SET)
            os.write(fd, said)


def locked(fd: int) -> bool:
    """Whether the whole file is locked now, for this process alone, until the descriptor is closed;
    False: others have it.

    Raises:
        OSError: this file can't be locked by anybody.
    """
    try:
        if sys.platform == "win32":
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
