"""The few calls into the Linux kernel that Python has no function for:
raw system calls, prctl, capset.

Owns the ctypes seam and nothing else: no policy stands here. A failed call raises OSError with the
kernel's errno. Importing it is harmless on any system; calling it is meant for Linux on x86-64 and
aarch64.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38

_CAPABILITY_VERSION_3 = 0x20080522
_CAPSET = {"x86_64": 126, "aarch64": 91}
_LAST_CAPABILITY_EVER = 63
_libc: list[ctypes.CDLL] = []


def _library() -> ctypes.CDLL:
    """Opened once: a lock is eighty calls, and each opening makes a class."""
    if not _libc:
        _libc.append(ctypes.CDLL(None, use_errno=True))
    return _libc[0]


def call(number: int, *arguments: int | bytes | None) -> int:
    """The system call ``number``.
    Bytes are passed by address and must hold until the call returns. Raises OSError.
    """
    syscall = _library().syscall
    syscall.restype = ctypes.c_long
    # A bare Python int would be passed with 32 bits.
    words = [
        ctypes.c_long(word) if isinstance(word, int) else ctypes.c_char_p(word)
        for word in arguments
    ]
    result = int(syscall(ctypes.c_long(number), *words))
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def prctl(option: int, value: int = 0) -> int:
    """prctl(2) with one argument;
    the rest is zero, which newer options insist on. Raises OSError.
    """
    function = _library().prctl
    result = int(
        function(ctypes.c_int(option), *(ctypes.c_ulong(word) for word in (value, 0, 0, 0)))
    )
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def drop_capabilities(machine: str) -> None:
    """Give up every capability of this thread for good, root's included. Raises OSError.

    The bounding set goes first, while the right to shrink it is still there;
    an ordinary user has no such right and no need.
    """
    for capability in range(_LAST_CAPABILITY_EVER + 1):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EINVAL):
                raise
            break
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    call(_CAPSET[machine], header, bytes(24))


def address_of(data: bytes) -> int:
    """Where ``data`` lies in memory, for structures that point at others;
    good as long as the caller keeps ``data``.
    """
    return ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0
