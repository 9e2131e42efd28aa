"""The end of the display.
Xlib ends the process as soon as its connection breaks, but calls a function before (NT-1).

Owns that one call from C into Python, and the page of code that it needs: only an unconfined
process can map it, and it is closed to writing at once, for the locked window must have no code
that it can change. Where Tk has an Xlib of its own, nothing happens.
"""

from __future__ import annotations

import ctypes
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

XLIB = "libX11.so.6"
_Handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


_PAGE = os.sysconf("SC_PAGE_SIZE")
_READ, _EXECUTE = 1, 4


class DisplayEnd:
    """Make it before the sandbox; raises OSError if the page stays open. ``act`` is called when the
    display goes away: Tk is of no use then, and when ``act`` returns, the process ends.
    """

    def __init__(self) -> None:
        self.act: Callable[[], None] = lambda: None
        self._call: ctypes._FuncPointer | None = None
        try:
            self._call = _Handler(self._on_end)
        # a system that lets nobody map such a page; what was typed last is lost with the display
        except MemoryError:
            return
        _close_to_writing(self._call)

    def watch(self) -> None:
        """From now on; the display must be open, so that Xlib is loaded."""
        if self._call is None:
            return
        try:
            install = ctypes.CDLL(XLIB).XSetIOErrorHandler
        except (OSError, AttributeError):
            return
        install.restype = ctypes.c_void_p
        install(self._call)

    def _on_end(self, _display: int) -> int:
        self.act()
        return 0


def _close_to_writing(call: ctypes._FuncPointer) -> None:
    where = ctypes.cast(call, ctypes.c_void_p).value or 0
    mprotect = ctypes.CDLL(None, use_errno=True).mprotect
    if mprotect(ctypes.c_void_p(where - where % _PAGE), ctypes.c_size_t(_PAGE), _READ | _EXECUTE):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
