"""A server that is a program of its own, which ends with its standard input."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Sequence

from steps.servers.hosts.running import Ready, await_end, not_started, ready_in


class OwnProcess:
    """Runs ``command`` until ``end``. Raises ServerMissing."""

    def __init__(self, command: Sequence[str]) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        with contextlib.ExitStack() as undo:
            undo.callback(self.end)
            self.ready = self._ready()
            undo.pop_all()

    def _ready(self) -> Ready:
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        ready = ready_in(self._process.stdout.readline())
        if ready is None:
            raise not_started(self._process.stderr.read())
        return ready

    def end(self) -> None:
        """Its standard input ends, and so does it."""
        process = self._process
        assert process.stdin is not None
        process.stdin.close()
        await_end(process)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
