"""The parent makes itself unreadable to other programs of the same user (SB-2, SB-11).

Owns two switches of the parent's own process and reading them back. Other programs of the user
could otherwise attach to it, or find tokens in a core file; ``closed_process`` sees to it that they
could not before either. Root, and the user's own keychain prompt, are beyond it.
"""

from __future__ import annotations

import ctypes
import sys

from refapp.trusted.wording import start_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from refapp.snapshot import Check

_PR_GET_DUMPABLE = 3
_PR_SET_DUMPABLE = 4
_NO_MORE = [ctypes.c_ulong(0)] * 3

closed_since_it_began = False
"""Whether this process was closed before it ran its first instruction:
``closed_process`` sets it.
"""


def close_up() -> None:
    """Switch both off. Call it before anything secret is read, and before the window process
    exists. Never raises.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, ctypes.c_ulong(0), *_NO_MORE)
    if sys.platform != "win32":
        import resource  # absent on Windows

        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        except OSError:
            return  # contextlib would cost the first paint two milliseconds


def harden() -> list[Check]:
    """``close_up``, and what the system now holds to.
    Imports the codec, for which the window's start does not wait.
    """
    close_up()
    return [_not_dumpable(), _no_core_file()]


def _not_dumpable() -> Check:
    from refapp.snapshot import Check

    name = "The app's memory is closed"
    if sys.platform != "linux":
        return Check(name, held=False, detail=start_words.ONLY_LINUX)
    if ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, ctypes.c_ulong(0), *_NO_MORE) != 0:
        return Check(name, held=False, detail=start_words.KERNEL_REFUSED)
    if tracer := _tracer():
        return Check(name, held=False, detail=start_words.traced_by(tracer))
    if not closed_since_it_began:
        return Check(name, held=False, detail=start_words.NOT_FROM_THE_BEGINNING)
    return Check(name, held=True, detail=start_words.NOT_DUMPABLE)


def _tracer() -> int:
    """The process that traces this one, 0 if none does.
    None can begin to, once this process is not dumpable.
    """
    with open("/proc/self/status", encoding="utf-8") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("TracerPid:")), 0)


def _no_core_file() -> Check:
    from refapp.snapshot import Check

    name = "The app leaves no core file"
    if sys.platform == "win32":
        return Check(name, held=False, detail=start_words.ONLY_LINUX)
    import resource  # absent on Windows

    held = resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
    return Check(name, held, start_words.NO_CORE_FILES if held else start_words.LIMIT_REFUSED)
