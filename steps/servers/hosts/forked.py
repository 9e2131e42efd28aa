"""The embedded server in a process of its own, forked from one that has imported all it needs.

That one (``forking``) starts with the first server and ends after the last, once this process has
ended. A server ends with its standard input, as one that was started by its command line.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from steps.servers.hosts.running import (
    END_WITHIN_S,
    Ready,
    Running,
    ServerMissing,
    await_end,
    not_started,
    ready_in,
)

ROOT = Path(__file__).parents[3]


class Host:
    """The process that forks."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "steps.servers.hosts.forking"]
            self.process = subprocess.Popen(command, stdin=theirs.fileno(), cwd=ROOT)
        atexit.register(self.close)

    def start(self, options: Sequence[str]) -> Running:
        """A server that serves; ``options`` as on the embedded server's command line.
        Raises ServerMissing with what it says if it does not start.
        """
        return _Forked(self, options)

    def fork(self, options: Sequence[str], *streams: int) -> None:
        """A process with these standard streams. Raises ServerMissing if there is none to fork."""
        try:
            socket.send_fds(self._socket, [json.dumps(options).encode()], streams)
        except OSError as error:
            code = self.process.wait(END_WITHIN_S)
            text = f"the process that forks the embedded servers has ended ({code})"
            raise ServerMissing(text) from error

    @property
    def has_ended(self) -> bool:
        """Whether the process is no more. Its servers live on."""
        return self.process.poll() is not None

    def close(self) -> None:
        """End the process, when its servers have ended."""
        atexit.unregister(self.close)
        self._socket.close()
        await_end(self.process)


class _Forked:
    """One server."""

    def __init__(self, host: Host, options: Sequence[str]) -> None:
        their_in, mine_in = os.pipe()
        mine_out, their_out = os.pipe()
        mine_err, their_err = os.pipe()
        self._stdin = os.fdopen(mine_in, "w")
        self._stdout, self._stderr = os.fdopen(mine_out), os.fdopen(mine_err)
        self.ready: Ready = {}
        with contextlib.ExitStack() as undo:
            undo.callback(self.end)
            try:
                host.fork(options, their_in, their_out, their_err)
            finally:
                for number in (their_in, their_out, their_err):
                    os.close(number)
            self.ready = self._ready()
            undo.pop_all()

    def _ready(self) -> Ready:
        ready = ready_in(self._stdout.readline())
        if ready is None:
            raise not_started(self._stderr.read())
        return ready

    def end(self) -> None:
        """Its standard input ends, and so does it: nobody else has the other end of its output."""
        self._stdin.close()
        ended = select.select([self._stdout], [], [], END_WITHIN_S)[0]
        if not ended and self.ready:
            os.kill(int(str(self.ready["pid"])), signal.SIGKILL)
        self._stdout.read()
        self._stdout.close()
        self._stderr.close()


_hosts: list[Host] = []


def started(options: Sequence[str]) -> Running:
    """A server, forked from the process that all of them come from.

    Raises ServerMissing; also if that process has ended, to whoever asks next. Then there will be
    another.
    """
    if not _hosts:
        _hosts.append(Host())
    try:
        return _hosts[0].start(options)
    finally:
        if _hosts[0].has_ended:
            _hosts.pop().close()
