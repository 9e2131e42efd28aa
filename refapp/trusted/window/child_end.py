"""The end of a child process, seen from the loop: how it is noticed and reaped, and how the child
is killed if necessary.

Linux has a descriptor for a process; elsewhere a thread waits. Either way a signal never goes to a
number that another process has taken over since: it is sent only while the child is not reaped.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable


class ChildEnd:
    """``gone(code)`` is called once, on the loop, when ``pid`` has ended and is reaped;
    ``code`` negative for a signal.
    """

    def __init__(self, pid: int, gone: Callable[[int], None]) -> None:
        self._pid = pid
        self._gone = gone
        self._loop = asyncio.get_running_loop()
        self.reaped = False
        self._pidfd = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None

    def watch(self) -> None:
        """Begin to wait."""
        if self._pidfd is not None:
            self._loop.add_reader(self._pidfd, self._ended)
        else:
            threading.Thread(target=self._wait, daemon=True).start()

    def kill(self) -> None:
        """End the child, if it still runs."""
        if not self.reaped:
            with contextlib.suppress(ProcessLookupError):
                if self._pidfd is not None:
                    signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
                else:
                    os.kill(self._pid, signal.SIGKILL)

    def _ended(self) -> None:
        if self._pidfd is not None:
            self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
        self.reaped = True
        _, status = os.waitpid(self._pid, 0)
        self._gone(os.waitstatus_to_exitcode(status))

    def _wait(self) -> None:
        # Without reaping it: its number stays taken until the loop knows.
        os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOWAIT)
        with contextlib.suppress(RuntimeError):  # the loop may have ended first
            self._loop.call_soon_threadsafe(self._ended)
