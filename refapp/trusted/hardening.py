"""The parent makes itself unreadable to other programs of the same user (SB-2).

Owns two switches of the parent's own process and reading them back. Other programs of the user could otherwise attach to it,
or find tokens in a core file. Root, and the user's own keychain prompt, are beyond it.
"""

from __future__ import annotations

import ctypes
import sys

from refapp.snapshot import Check

_PR_GET_DUMPABLE = 3
_PR_SET_DUMPABLE = 4
_NOT_LINUX = "Only Linux can be asked for this; the app does without."


def harden() -> list[Check]:
    """Switch both off, and say what the system now holds to. Call it before anything secret is read. Never raises."""
    return [_not_dumpable(), _no_core_file()]


def _not_dumpable() -> Check:
    name = "The app's memory is closed to other programs"
    if sys.platform != "linux":
        return Check(name, held=False, detail=_NOT_LINUX)
    prctl = ctypes.CDLL(None).prctl
    rest = [ctypes.c_ulong(0)] * 3
    prctl(_PR_SET_DUMPABLE, ctypes.c_ulong(0), *rest)
    held = prctl(_PR_GET_DUMPABLE, ctypes.c_ulong(0), *rest) == 0
    return Check(
        name, held, "Not dumpable: no debugger of the same user attaches." if held else "The kernel refused it."
    )


def _no_core_file() -> Check:
    name = "The app leaves no core file"
    if sys.platform == "win32":
        return Check(name, held=False, detail=_NOT_LINUX)
    import resource  # absent on Windows

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except OSError:
        return Check(name, held=False, detail="The system refused the limit.")
    return Check(name, held=resource.getrlimit(resource.RLIMIT_CORE) == (0, 0), detail="The limit for core files is 0.")
