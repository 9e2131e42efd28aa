"""What the file system under the app's folder can't do, as a sentence for people.
It is tried, not guessed from a name.

Some network and FUSE file systems can't confirm that something is on the disk, or have no locks.
The app works there (``atomic_file``, ``lease``), and says what that is worth. A full disk takes
nothing at all. Blocking; changes nothing.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

from refapp.trusted.wording import file_words

if sys.platform != "win32":
    import fcntl

NOT_OFFERED = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK})
"""A file system that does not have the call at all;
any other number says that it failed this once.
"""


def limits(folder: Path) -> str:
    """Nothing to say is the empty string, and so is a folder that is not there yet."""
    if sys.platform == "win32":
        return ""
    try:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return ""
    said = []
    try:
        with contextlib.suppress(OSError):
            space = os.statvfs(fd)
            # Without blocks it is none that counts them.
            if space.f_blocks and not space.f_bavail:
                said.append(file_words.NO_SPACE)
        with contextlib.suppress(OSError):
            if not confirmed(fd):
                said.append(file_words.CAN_NOT_CONFIRM)
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in NOT_OFFERED:
                said.append(file_words.NO_LOCKS)
    finally:
        os.close(fd)
    return " ".join(said)


def confirmed(fd: int) -> bool:
    """Write out what ``fd`` is about; False: its file system can't say when.
    Raises OSError if it did not take it.
    """
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno in NOT_OFFERED:
            return False
        raise
    return True
