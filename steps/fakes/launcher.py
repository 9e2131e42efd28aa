"""A terminal in which somebody starts the app: the real command line, from its words to its exit
code, in this process or in a fork of it, with a window program that is a few words of a shell.

Owns what the command finds around it (``outer``; a screen gets smaller when a window says so by a
signal), what was said, which window processes it has begun, and that a signal to it ends it and not
the tests. Time is real here, for processes have no other.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import logging
import os
import re
import select
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from freezegun import api as frozen

from refapp import cli
from refapp.display_gate import process
from refapp.lock import kernel
from refapp.trusted.composition import launch, launch_app
from refapp.trusted.keys.keychain import Keychain
from refapp.trusted.start import closed_process, first_window, own_bus, x11
from refapp.trusted.start.spawn import ENDING, Child, own_window, spawn
from refapp.trusted.window.screen_watch import ScreenWatch
from steps.fakes.start_looked_at import keys_of, left_open, left_to_others
from steps.fakes.x_server import answering
from steps.scenario.around_it import XServer

OUT_OF_REACH = {
    "XAUTHORITY": os.devnull,
    "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
}
FIRST_LINE_S = 0.05
IMPORTED_ONCE = closed_process, own_bus
"""Each fork would import them anew."""
MOST_OPEN = 1024
_fork = os.fork
ENDS_WITHIN_S, GONE_WITHIN_S, LOOK_EVERY_S = 10.0, 2.0, 0.005


class Told(BaseException):
    """A signal that the app has not heeded."""


class Launcher:
    """``outer``: what else the environment says; None: it does not say it.
    ``begun``: the window processes of the newest start, by number; ``words``: the command of the
    last. ``x_server``: there is one, and what it does; ``cookie``: what it may want; ``settings``:
    the desktop's there. ``nohup``: whoever started it has a hang-up ignored. ``has_no_gate``: the
    display's gate can't listen. ``gate_says``: what it says of one window after the other, in place
    of the real one. ``heeds_signals``: the app does when the window begins, as it does whenever one
    takes another's place. ``waits_for_the_screen``: the window ends only when it has heard of
    it. ``around``: what else is entered while it runs.
    """

    def __init__(self) -> None:
        self.outer: dict[str, str | None] = {}
        self.begun: list[int] = []
        self._forked: list[int] = []
        self.x_server: XServer | None = None
        self.has_no_gate = False
        self.settings = ""
        self.words: Sequence[str] = ()
        self.gate_says: Sequence[bytes] = ()
        self.cookie = os.urandom(16)
        self.nohup = False
        self.around: Callable[[], AbstractContextManager[None]] = contextlib.nullcontext
        self.heeds_signals = self.waits_for_the_screen = False
        self.held: dict[Path, int] = {}

    def hold(self, place: Path) -> None:
        """See ``around_it.Launcher``."""
        self.held[place] = os.open(place, os.O_RDONLY)
        fcntl.flock(self.held[place], fcntl.LOCK_SH)

    def let_go(self) -> None:
        """That start has ended, and whoever comes next may clear up after it."""
        while self.held:
            os.close(self.held.popitem()[1])

    @property
    def display(self) -> str:
        """What DISPLAY says: each process that runs examples has an X server of its own."""
        return f":{20_000 + os.getpid() % 40_000}" if self.x_server else ":4711"

    @property
    def own_window(self) -> str:
        """The command of the window that comes with the app, not confined."""
        return shlex.join(own_window(on_violation="refuse", unsandboxed=True))

    def run(self, words: Sequence[str], keychain: Keychain) -> tuple[int, str]:
        """Start the app in this process: its exit code, and all that it said."""
        said = io.StringIO()
        with (
            self._around(words, keychain),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            code = _code(words)
            # As httpcore does, whose words may hold a token.
            logging.getLogger("a library").debug("what is no business of a terminal's")
        return code, _steady(said.getvalue())

    def run_apart(self, words: Sequence[str], keychain: Keychain) -> tuple[int, str]:
        """As a desktop does it: in a process of its own. It has ended when nobody holds its streams
        any more, whoever told its caller that it had.
        """
        read, write = os.pipe()
        first = os.fork()
        if not first:
            os.close(read)
            os.setsid()
            for number in (1, 2):
                os.dup2(write, number)
            os.close(write)
            _apart(self, words, keychain)
        os.close(write)
        said, late = _until_closed(read)
        if late:
            os.killpg(first, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])
        return code, _steady(said) + ("It still runs.\n" if late else "")

    def left(self) -> list[int]:
        """The processes that were begun and that the app has not ended, a moment later: its windows
        and the keeper of their display's gate.
        """
        until = frozen.real_monotonic() + GONE_WITHIN_S
        while (
            left := [pid for pid in [*self.begun, *self._forked] if _is_left(pid)]
        ) and frozen.real_monotonic() < until:
            time.sleep(LOOK_EVERY_S)
        return left

    def _keep(self, orders: int, reports: int, *_: object) -> None:
        """See ``process.keep``: a cookie comes, and then the window that has it; so for each of
        what is to be said. It ends with the app.
        """
        for number in {*range(3, MOST_OPEN)} - {orders, reports}:
            with contextlib.suppress(OSError):
                os.close(number)
        for says in self.gate_says:
            os.read(orders, 4096)
            os.write(reports, b"at 4711\n")
            window = int(os.read(orders, 4096))
            if says.startswith(b"gone"):
                # Nobody hears of that before the window's own end, which may be over by now.
                with contextlib.suppress(ProcessLookupError):
                    select.select([os.pidfd_open(window)], [], [], ENDS_WITHIN_S)
                while Path(f"/proc/{window}").exists():
                    os.sched_yield()
            os.write(reports, says)
        os.read(orders, 4096)

    @contextlib.contextmanager
    def _around(self, words: Sequence[str], keychain: Keychain) -> Iterator[None]:
        self.begun, self._forked = [], []
        # As whoever starts a program leaves it.
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)

        def forked() -> int:
            sys.stderr.write(left_open())
            if pid := _fork():
                self._forked.append(pid)
            return pid

        def recorded(command: Sequence[str], env: Mapping[str, str]) -> Child:
            heeded = ENDING if self.heeds_signals else ()
            held = signal.pthread_sigmask(signal.SIG_UNBLOCK, heeded)
            try:
                child = spawn(command, env)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, held)
            self.begun.append(child.pid)
            self.words = command
            sys.stderr.write(left_open() + left_to_others(env))
            return child

        outer = {**OUT_OF_REACH, "DISPLAY": self.display, **self.outer}
        missing = [name for name, value in outer.items() if value is None]
        with (
            mock.patch.dict(os.environ, {n: v for n, v in outer.items() if v is not None}),
            mock.patch.object(time, "monotonic", frozen.real_monotonic),
            mock.patch.object(first_window, "spawn", recorded),
            mock.patch.object(os, "fork", forked),
            mock.patch.object(launch, "FIRST_LINE_S", FIRST_LINE_S),
            # The X server here is a thread of a process that a busy computer may keep waiting.
            mock.patch.object(x11, "LIMIT_S", ENDS_WITHIN_S),
            mock.patch.object(process, "NUMBERS", () if self.has_no_gate else process.NUMBERS),
            mock.patch.object(process, "keep", self._keep if self.gate_says else process.keep),
            mock.patch.object(launch_app, "OsKeychain", partial(keys_of, keychain, words)),
            contextlib.nullcontext()
            if self.waits_for_the_screen
            else mock.patch.object(ScreenWatch, "begin", mock.AsyncMock()),
            mock.patch.object(logging.root, "handlers", []),
            mock.patch.object(logging.root, "level", logging.WARNING),
            _signals_heard(nohup=self.nohup),
            self.around(),
            self._screen(),
        ):
            for name in missing:
                os.environ.pop(name, None)
            yield

    @contextlib.contextmanager
    def _screen(self) -> Iterator[None]:
        if self.x_server is None:
            yield
            return
        with answering(self.display, self.x_server, self.cookie, self.settings) as resize:
            before = signal.signal(signal.SIGWINCH, lambda *_: resize())
            # Whoever measures a run, as ``perf`` does, may have left it blocked.
            held = signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGWINCH})
            try:
                yield
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, held)
                signal.signal(signal.SIGWINCH, before)


def _code(words: Sequence[str] | None) -> int:
    try:
        return cli.main(words)
    except SystemExit as ended:
        return int(ended.code or 0)
    except Told as told:
        return -int(told.args[0])


def _apart(launcher: Launcher, words: Sequence[str], keychain: Keychain) -> None:
    """In a fork, and never back."""
    code = 99
    try:
        with launcher._around(words, keychain):
            sys.argv = ["refapp", *words]
            sys.stdout = os.fdopen(1, "w", closefd=False)
            sys.stderr = os.fdopen(2, "w", closefd=False)
            code = _code(None)
            sys.stdout.flush()
            sys.stderr.flush()
    finally:
        os._exit(code & 0xFF)


def _until_closed(read: int) -> tuple[str, bool]:
    """What comes, and whether it still came when it should have ended."""
    said, until = b"", frozen.real_monotonic() + ENDS_WITHIN_S
    with os.fdopen(read, "rb", buffering=0) as stream:
        while (left := until - frozen.real_monotonic()) > 0:
            if not select.select([stream], [], [], left)[0]:
                break
            if not (piece := stream.read(4096)):
                return said.decode(), False
            said += piece
    return said.decode(), True


def _steady(said: str) -> str:
    """Without what is another number each time."""
    return re.sub(r"\bthread \d+", "thread 1234", said)


def _is_left(pid: int) -> bool:
    """Whether this child still runs, or has ended by itself and nobody knows."""
    try:
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return ended is None or ended.si_code != os.CLD_KILLED


@contextlib.contextmanager
def _signals_heard(*, nohup: bool) -> Iterator[None]:
    def told(number: int, _: Any) -> None:
        raise Told(number)

    before = {number: signal.signal(number, told) for number in ENDING}
    if nohup:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
