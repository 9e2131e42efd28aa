"""The start of the app in the in-process driver, as a program of the person's sees it that looks in
from the first moment on.

A part of ``inproc``:
a fork plays the process that is started, since the real one has no beginning here.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from typing import NoReturn

from refapp.lock import kernel
from refapp.trusted.start import closed_process
from steps.scenario.people import ADA


class InProcessLooker:
    """What becomes of memory that was opened before the app had closed it."""

    def look_into_the_app(self) -> None:
        """See ``driver.Driver``: each start is played when the looker is asked."""

    def looker_sees_a_secret(self) -> bool:
        """See ``driver.Driver``."""
        orders, reports = os.pipe(), os.pipe()
        started = os.fork()
        if started == 0:
            _begin(lambda: os.read(orders[0], 1), lambda said: os.write(reports[1], said))
        os.read(reports[0], 1)
        memory = os.open(f"/proc/{started}/mem", os.O_RDONLY)
        os.write(orders[1], b".")
        password = ADA.password.encode()
        try:
            return os.pread(memory, len(password), int(os.read(reports[0], 100))) == password
        finally:
            os.write(orders[1], b".")
            os.waitpid(started, 0)
            for fd in (*orders, *reports, memory):
                os.close(fd)


def _begin(wait: Callable[[], bytes], say: Callable[[bytes], int]) -> NoReturn:
    """In a fork: be started, open as any process is;
    then go on as the app does, and have a password typed.
    """
    try:
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
        say(b".")
        wait()
        closed_process.go_on()
        typed = ctypes.create_string_buffer(ADA.password[::-1].encode())
        typed.value = typed.value[::-1]
        say(str(ctypes.addressof(typed)).encode())
        wait()
    finally:
        os._exit(0)
