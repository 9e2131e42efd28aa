"""The lease on one token file: while a copy of the app holds it, no other copy reads-then-writes that file.

Owns a lock file beside the token file (never the file itself: a rename would leave the lock on the old one) and the count of
holders in this process. The lock is the kernel's, so that a killed holder releases it at once. It is polled without blocking:
a wait can be cancelled, ends at a deadline, and never holds up the loop.

Within this process the lease is shared: a sign-out may clear while the refresh that it overtakes still waits for an answer.
What may be done while it is shared is the caller's business (``auth_store``'s generations).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from refapp.trusted.errors import LockTimeout, WriteFailed
from refapp.trusted.files import atomic_file
from refapp.trusted.files.disk_limits import NOT_OFFERED

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

POLL_S = 0.02
BRIEFLY_S = 0.5


class Lease:
    """``path`` is the lock file; it stays behind, empty."""

    def __init__(self, path: Path, deadline_s: float) -> None:
        self._path = path
        self._deadline_s = deadline_s
        self._fd = -1
        self._holders = 0
        self._taking = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Hold the lease inside the block.

        Raises:
            LockTimeout: another copy of the app held it all the time.
            WriteFailed: the folder can't be written to.
        """
        await self._take()
        try:
            yield
        finally:
            self._holders -= 1
            if not self._holders:
                self._give_back()

    def _give_back(self) -> None:
        fd, self._fd = self._fd, -1
        # A lock file whose close is reported as failed is closed all the same, and the lock with it.
        with contextlib.suppress(OSError):
            os.close(fd)

    async def _take(self) -> None:
        try:
            async with asyncio.timeout(self._deadline_s), self._taking:
                while not self._holders and not self._try():  # noqa: ASYNC110  # no event crosses processes
                    await asyncio.sleep(POLL_S)
                self._holders += 1
        except TimeoutError:
            raise LockTimeout("Another copy of this app is busy with the stored session.") from None

    def _try(self) -> bool:
        try:
            fd = self._open()
        except OSError:
            raise WriteFailed("The app's folder can't be written to.") from None
        try:
            # A lock on a file that somebody has deleted meanwhile would keep nobody out.
            taken = locked(fd) and os.fstat(fd).st_nlink > 0
        except OSError as error:
            # Where there are no locks nobody can be kept out. The app works all the same, and says so (``disk_limits``).
            taken = error.errno in NOT_OFFERED
            if not taken:
                os.close(fd)
                raise WriteFailed(f"The file {self._path.name} could not be locked.") from None
        if taken:
            self._fd = fd
        else:
            os.close(fd)
        return taken

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        try:
            return os.open(self._path, flags, 0o600)
        except FileNotFoundError:
            atomic_file.make_folder(self._path.parent)
            return os.open(self._path, flags, 0o600)


@contextlib.contextmanager
def briefly(path: Path) -> Iterator[None]:
    """Keep other copies of the app out of a small file while it is read, changed and written; ``path`` is the lock file.

    Blocking, for ``BRIEFLY_S`` at the most: nothing is awaited inside the block, so nobody holds it for longer than a write.

    Raises:
        LockTimeout, WriteFailed: as ``Lease.held``.
    """
    lease, give_up = Lease(path, BRIEFLY_S), time.monotonic() + BRIEFLY_S
    while not lease._try():
        if time.monotonic() > give_up:
            raise LockTimeout("Another copy of this app is busy with this file.")
        time.sleep(POLL_S / 10)
    try:
        yield
    finally:
        lease._give_back()


def locked(fd: int) -> bool:
    """Whether the whole file is locked now, for this process alone, until the descriptor is closed; False: others have it.

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
