"""The app's process is closed to other programs of the same user from its first instruction
(SB-11).

Whoever opens a process's memory keeps it open, also once that has closed itself, and a desktop
starts a process open: in its first milliseconds any program of the user can look in, for good. So
the process that was started closes itself and forks. The fork's memory is another one, which nobody
has opened, and being closed is inherited. The app goes on in the fork. The first process holds
nothing that is secret: it waits, hands on what tells it to end, and ends as the app does.

Owns the first process, and what binds the two. Runs before everything else and imports next to
nothing. What it can't keep out: who writes to the first process in those milliseconds can change
what the app is, as can who changes its files; who traces it by then goes on tracing (``hardening``
looks for that).
"""

from __future__ import annotations

import ctypes
import os
import sys
from _signal import (  # type: ignore[import-not-found]  # signal itself would import enum
    SIG_BLOCK,
    SIG_DFL,
    SIG_SETMASK,
    SIGCHLD,
    SIGHUP,
    SIGINT,
    SIGKILL,
    SIGTERM,
    pthread_sigmask,
    signal,
    sigwaitinfo,
)

from refapp.trusted.start import hardening

HANDED_ON = SIGHUP, SIGINT, SIGTERM
_PR_SET_PDEATHSIG = 1


def go_on() -> None:
    """Return in the fork; the process that called never returns, and ends as the fork does.

    Where there is no fork (no memory, or not on Linux) this process goes on itself, and
    ``hardening`` says so.
    """
    if sys.platform != "linux":
        return
    hardening.close_up()
    signal(SIGCHLD, SIG_DFL)  # inherited as ignored, the fork's end would be nobody's to hear of
    before = pthread_sigmask(SIG_BLOCK, (*HANDED_ON, SIGCHLD))
    first = os.getpid()
    try:
        app = os.fork()
    except OSError:
        pthread_sigmask(SIG_SETMASK, before)
        return
    if app:
        _wait(app)
    # However the first process ends, the app is told to, and saves what there is.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(SIGTERM))
    if os.getppid() != first:
        os.kill(os.getpid(), SIGTERM)
    hardening.closed_since_it_began = True
    pthread_sigmask(SIG_SETMASK, before)


def _wait(app: int) -> None:
    """Until the app has ended; then end in the same way."""
    while True:
        heard = sigwaitinfo((*HANDED_ON, SIGCHLD))
        if heard.si_signo != SIGCHLD:
            # A terminal tells every process of its foreground itself;
            # only what was sent to this one alone is handed on.
            if heard.si_code <= 0:
                os.kill(app, heard.si_signo)
            continue
        ended, status = os.waitpid(app, os.WNOHANG)
        if ended:
            break
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != SIGKILL:
            signal(number, SIG_DFL)
        pthread_sigmask(SIG_SETMASK, ())
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
