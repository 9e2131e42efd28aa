"""The mark of one run of the app, by which the next start knows how that ended, and up to when it
had kept things (NT-2).

Owns ``run-<random>.lock`` in the app's folder: locked for as long as the run lasts, and gone after
an orderly end. One that is there and that nobody holds is of a run that was killed. In it stands
when something was kept last, in unix seconds, or nothing. It is not written out to the disk: a
power cut then leaves an earlier moment, which is true as well.

Best effort: where the folder takes no file, or its file system has no locks, nothing is known of
how a run ended.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from refapp.trusted.files import atomic_file
from refapp.trusted.files.lease import locked
from refapp.trusted.files.moments import END_OF_TIME

NAMES = "run-*.lock"
_MOMENT = "{:020.3f}"


class RunMark:
    """This run's, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAMES.replace("*", secrets.token_hex(6))
        self._fd = -1

    def begin(self) -> float | None:
        """Put the mark, and take away those of runs that were killed.

        Returns:
            When the last of those had kept something, unix seconds;
            0.0 if none had; None if there was no such run.
        """
        found = [_taken_away(path) for path in self._path.parent.glob(NAMES)]
        with contextlib.suppress(OSError):
            atomic_file.make_folder(self._path.parent)
            self._put()
        return max((at for at in found if at is not None), default=None)

    def _put(self) -> None:
        # Locked before it has its name:
        # else another start could take it for that of a run that has ended.
        unnamed = self._path.with_name(f".{self._path.stem}.tmp")
        self._fd = os.open(unnamed, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            locked(self._fd)
            unnamed.rename(self._path)
        except OSError:
            unnamed.unlink(missing_ok=True)
            self.let_go()

    def kept(self, at: float) -> None:
        """Something that was typed is on the disk since ``at``, unix seconds."""
        if self._fd >= 0:
            with contextlib.suppress(OSError):
                os.pwrite(self._fd, _MOMENT.format(at).encode(), 0)

    def end(self) -> None:
        """This run ends in order."""
        if self._fd >= 0:
            with contextlib.suppress(OSError):
                self._path.unlink()
        self.let_go()

    def let_go(self) -> None:
        """This run ends. Its mark stays for the next start to find, unless ``end`` took it away."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _taken_away(path: Path) -> float | None:
    """What stands in a mark whose run has ended, which is gone then;
    None if it has not, or another start was quicker.
    """
    with contextlib.suppress(OSError):
        fd = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not locked(fd) or not os.fstat(fd).st_nlink:
                return None
            path.unlink()
            said = os.read(fd, len(_MOMENT.format(0.0))).decode(errors="replace")
        finally:
            os.close(fd)
        with contextlib.suppress(ValueError):
            at = float(said)
            return at if 0.0 <= at < END_OF_TIME else 0.0
        return 0.0
    return None
