"""Landlock: the second wall, and the only one while the window warms up (landlock(7)).

Owns the kernel's numbers and one operation: put a layer on the calling thread that denies
everything it can name except reading below some paths. Layers add up and never come off. A layer
holds for the calling thread and those it starts later: the first one must be taken while there is
one thread only. Stat, chdir and connecting to a UNIX socket by its path are beyond it.
"""

from __future__ import annotations

import errno
import os
import stat
import struct

from refapp.lock import kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

ABSTRACT_SOCKETS = 1
SIGNALS = 2
SCOPES_SINCE = 6
TCP_SINCE = 4

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_BIND_AND_CONNECT = 0b11


def abi() -> int:
    """The version of the kernel's Landlock, 0 if there is none or it is switched off."""
    try:
        return kernel.call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def file_rights(version: int) -> int:
    """All rights on files that Landlock ``version`` can deny: 13 at first;
    then rename across, truncate, device ioctls.
    """
    count = 13 + (version >= 2) + (version >= 3) + (version >= 5)
    return (1 << count) - 1


def ruleset(version: int, scopes: int) -> bytes:
    """``struct landlock_ruleset_attr``, cut to what ``version`` knows:
    everything that can be denied is.
    """
    words = [file_rights(version)]
    if version >= TCP_SINCE:
        words.append(_BIND_AND_CONNECT)
    if version >= SCOPES_SINCE:
        words.append(scopes)
    return struct.pack(f"={len(words)}Q", *words)


def restrict(readable: Iterable[str], scopes: int) -> None:
    """One more layer on this thread: nothing but reading files below ``readable`` (those that
    exist). Raises OSError.

    No new privileges must already be set. Libraries found below ``readable`` can still be loaded:
    mapping for execution is no right of its own; starting a program is, and it is never given.
    """
    attributes = ruleset(abi(), scopes)
    handle = kernel.call(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for path in readable:
            _allow_reading(handle, path)
        kernel.call(_RESTRICT_SELF, handle, 0)
    finally:
        os.close(handle)


def _allow_reading(handle: int, path: str) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EACCES):
            return
        raise
    try:
        is_directory = stat.S_ISDIR(os.fstat(place).st_mode)
        rights = _READ_FILE | (_READ_DIR if is_directory else 0)
        kernel.call(_ADD_RULE, handle, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
