"""Where the cookie for one window lies until that has come in: a private folder of this run's, and
what killed runs left.

Owns the folders ``refapp-<random>`` in a place that others may use too (the runtime folder, or
/tmp). One is locked for as long as it is somebody's: a parent that is killed between a cookie and
its window's first word can't delete it, so the next start does. The window waits for this, so it
imports next to nothing.
"""

from __future__ import annotations

import fcntl
import os

NAME, DIGITS = "refapp-", 16
_COOKIE = "cookie"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class CookiePlace:
    """This run's folder in ``place``. It is there while it holds a cookie."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._folder = f"{place}/{NAME}{os.urandom(DIGITS // 2).hex()}"
        self._fd = -1

    def keep(self, cookie: bytes) -> str:
        """Put ``cookie`` in place of what is there; its path. Raises OSError."""
        if self._fd < 0:
            sweep(self._place)
        while self._fd < 0:
            self._take()
        fd = os.open(
            _COOKIE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600, dir_fd=self._fd
        )
        try:
            os.write(fd, cookie)
        finally:
            os.close(fd)
        return f"{self._folder}/{_COOKIE}"

    def _take(self) -> None:
        """Make the folder ours,
        unless somebody else's start has taken it away before it was locked.
        """
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        try:
            fd = os.open(self._folder, _FOLDER)
        except FileNotFoundError:
            return
        fcntl.flock(fd, fcntl.LOCK_SH)
        if os.fstat(fd).st_nlink:
            self._fd = fd
        else:
            os.close(fd)

    def forget(self) -> None:
        """Delete the cookie, and the folder with it."""
        fd, self._fd = self._fd, -1
        try:
            if fd >= 0:
                _delete(fd, self._folder)
        except OSError:
            return  # somebody has cleared the place
        finally:
            if fd >= 0:
                os.close(fd)


def sweep(place: str) -> None:
    """Delete what runs that were killed have left in ``place``. Best effort."""
    try:
        names = os.listdir(place)
    except OSError:
        return
    for name in names:
        if not name.startswith(NAME) or len(name) != len(NAME) + DIGITS:
            continue
        try:
            fd = os.open(f"{place}/{name}", _FOLDER)
        except OSError:
            continue  # another user's, or gone
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(fd).st_uid == os.getuid():
                _delete(fd, f"{place}/{name}")
        except OSError:
            continue  # somebody's
        finally:
            os.close(fd)


def _delete(folder: int, path: str) -> None:
    if _COOKIE in os.listdir(folder):
        os.unlink(_COOKIE, dir_fd=folder)
    os.rmdir(path)
