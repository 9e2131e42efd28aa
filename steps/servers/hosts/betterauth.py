"""Real BetterAuth: one Node process of each release, in which as many servers run as are wanted.

The process starts with the first server and ends with this one: its standard input ends then. It is
asked by lines of JSON, each of which it answers by one line (tests/betterauth/run.mjs).
"""

from __future__ import annotations

import atexit
import contextlib
import json
import select
import subprocess
import tempfile
import threading
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


class Host:
    """The Node process of the release in the folder ``release``."""

    def __init__(self, release: Path) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        self.process = subprocess.Popen(
            ["node", str(release / "main.mjs"), "--many"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
        )
        self._one_at_a_time = threading.Lock()
        atexit.register(self.close)

    def start(self, options: Sequence[str]) -> Running:
        """A server that serves; ``options`` as on BetterAuth's command line.
        Raises ServerMissing with what it says if it does not start.
        """
        line = self._asked({"start": list(options)}, None)
        ready = ready_in(line)
        if ready is None:
            raise not_started(json.loads(line.removeprefix("FAILED ")))
        return _Shared(self, ready)

    def end(self, url: str) -> None:
        """End the server at ``url``. Raises ServerMissing if it has ended with this process."""
        line = self._asked({"end": url}, END_WITHIN_S)
        assert line == f"ENDED {url}\n", line

    @property
    def has_ended(self) -> bool:
        """Whether the process is no more, and with it all its servers."""
        return self.process.poll() is not None

    def close(self) -> None:
        """End the process, and all servers in it."""
        atexit.unregister(self.close)
        assert self.process.stdin is not None and self.process.stdout is not None  # noqa: PT018
        with contextlib.suppress(BrokenPipeError):  # an order that nobody read
            self.process.stdin.close()
        await_end(self.process)
        self.process.stdout.close()
        self._said.close()

    def _asked(self, order: dict[str, object], within_s: float | None) -> str:
        """The answer to ``order``. Raises ServerMissing if the process ends instead."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None and stdout is not None  # noqa: PT018
        with self._one_at_a_time, contextlib.ExitStack() as undo:
            # An answer that nobody reads would be taken for the next one's.
            undo.callback(self.process.kill)
            with contextlib.suppress(BrokenPipeError):  # it has ended, and its output has
                stdin.write(json.dumps(order).encode() + b"\n")
                stdin.flush()
            line = b""
            if select.select([stdout], [], [], within_s)[0]:
                line = stdout.readline()
                undo.pop_all()
        if not line:
            raise ServerMissing(self._last_words())
        return line.decode()

    def _last_words(self) -> str:
        code = self.process.wait(END_WITHIN_S)
        self._said.seek(0)
        said = self._said.read().decode(errors="replace").strip()
        return f"the process of all BetterAuth servers has ended ({code}): {said}"


class _Shared:
    """One server of a host's."""

    def __init__(self, host: Host, ready: Ready) -> None:
        self._host = host
        self.ready = ready

    def end(self) -> None:
        self._host.end(str(self.ready["url"]))


_hosts: dict[Path, Host] = {}


def started(release: Path, options: Sequence[str]) -> Running:
    """A server of ``release`` in the process that all of them share.

    Raises ServerMissing; also if that process has ended, to whoever asks next. Then there will be
    another.
    """
    if release not in _hosts:
        _hosts[release] = Host(release)
    try:
        return _hosts[release].start(options)
    finally:
        if _hosts[release].has_ended:
            _hosts.pop(release).close()
