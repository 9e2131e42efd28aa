"""One running copy of the real ``refapp``, seen from outside:
its command, its window's channel, its trace.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from relay_window import BREAK_OUT, END

from refapp.snapshot import StateParams
from refapp.trusted.recorder import Entry
from steps.on_desktop.computer import app_sleeps, sleeps, started_by
from steps.on_desktop.trace import Trace
from steps.scenario.sight import situation
from steps.scenario.window_texts import texts_of

QUIET_S = 0.12
END_LIMIT_S = 15.0
RELAY = Path(__file__).with_name("relay_window.py")
CHECKOUT = Path(__file__).parents[2]


class Copy:
    """``folder`` is for its pipes and its trace.
    What it was sent, and showed, outlives its windows.
    """

    def __init__(self, folder: Path, server: str, home: str, env: Mapping[str, str]) -> None:
        folder.mkdir()
        self.trace = Trace(folder / "trace.ndjson")
        self.sent: list[str] = []
        self.snapshots: list[StateParams] = []
        self.shows: list[str] = []
        self.windows = 0
        self._fresh = False
        self._relay = 0
        self._asked: dict[int, str] = {}
        self._numbers = 0
        self._checks: list[Any] = []
        self._rest = b""
        self._moved_at = time.monotonic()
        self._trace_size = 0
        names = [str(folder / name) for name in ("said", "orders")]
        for name in names:
            os.mkfifo(name)
        self._said, self._orders = (os.open(name, os.O_RDWR | os.O_NONBLOCK) for name in names)
        ui = shlex.join([sys.executable, "-I", "-S", str(RELAY), *names])
        self.process = start(server, home, env, "--ui", ui, "--trace", str(self.trace.path))

    def pump(self) -> None:
        """Take what the app has said to its window, and answer as a window does."""
        while True:
            try:
                data = os.read(self._said, 65536)
            except BlockingIOError:
                return
            self._moved_at = time.monotonic()
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                self._heard(line.decode())

    def _heard(self, line: str) -> None:
        message = json.loads(line)
        if "relay" in message:
            self.windows += 1
            self._relay, self._checks, self._asked, self._fresh = (
                message["relay"],
                message["checks"],
                {},
                True,
            )
            self.ask("hello", protocol=1)
            return
        self.sent.append(line)
        match message.get("method"):
            case "ping":
                self._tell("pong", message["params"])
            case "state":
                self._fresh = False
                self.snapshots.append(msgspec.convert(message["params"], StateParams))
                self.shows.append(situation(texts_of(self.snapshots[-1])))
                self._tell("shown", {"revision": message["params"]["revision"], "widgets": {}})
            case None:
                match self._asked.pop(message["id"] or 0, ""):
                    case "hello":
                        self.ask("confined", checks=self._checks)
                    case "confined":
                        self.ask("initialize")

    def ask(self, method: str, **params: object) -> None:
        """The window's request."""
        self._numbers += 1
        self._asked[self._numbers] = method
        self._tell(method, params, id=self._numbers)

    def _tell(self, method: str, params: object, **more: object) -> None:
        self.write(
            json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        )

    def write(self, line: bytes) -> None:
        """A line of the window, whatever it is."""
        self._moved_at = time.monotonic()
        data = line + b"\n"
        while data:
            data = data[os.write(self._orders, data) :]

    def rests(self) -> tuple[bool, int]:
        """Is nothing under way but requests to the server?
        And how many of those have no answer yet.

        The app rests when it has said nothing for a moment, and none of its threads runs, nor the
        relay's or the keychain's, which may have something for it yet.
        """
        asleep = sleeps(self._relay) and app_sleeps(self.process.pid) and sleeps(self._relay)
        # At once: a window that is answered late may have gone, and the next one hears it.
        self.pump()
        asleep = asleep and all(sleeps(pid) for pid in started_by(os.getpid()))
        waiting = self.trace.open_requests()
        if self.process.poll() is not None:
            return True, waiting
        there = not self._fresh and bool(self.snapshots)
        # What has no answer yet waits for the server, or for the keychain and the disk.
        rests = there and asleep and (waiting > 0 or not self._unfinished())
        if not asleep or self.trace.size() != self._trace_size:
            self._trace_size, self._moved_at = self.trace.size(), time.monotonic()
        return rests and time.monotonic() - self._moved_at > QUIET_S, waiting

    def _unfinished(self) -> bool:
        return bool(self._asked) or self.trace.busy(0)

    def recorded(self) -> list[Entry]:
        return self.trace.recorded(0)

    def crash(self) -> None:
        """The window dies of a fault."""
        os.kill(self._relay, signal.SIGSEGV)
        self._fresh = True

    def break_out(self) -> tuple[int, str]:
        """The window does what the kernel forbids it; how the app ends."""
        self.write(BREAK_OUT)
        return self._ending()

    def close(self) -> tuple[int, str]:
        """The person closes the window; how the app ends."""
        if self.process.poll() is None:
            self.write(END)
        return self._ending()

    def _ending(self) -> tuple[int, str]:
        give_up = time.monotonic() + END_LIMIT_S
        while self.process.poll() is None and time.monotonic() < give_up:
            self.pump()
            time.sleep(0.01)
        self.process.kill()
        _, said = self.process.communicate()
        self.pump()
        for descriptor in (self._said, self._orders):
            os.close(descriptor)
        return self.process.returncode, said.decode()


def start(server: str, home: str, env: Mapping[str, str], *options: str) -> subprocess.Popen[bytes]:
    """The command as anybody would type it."""
    command = [sys.executable, "-m", "refapp", "run", "--server", server, "--home", home, *options]
    return subprocess.Popen(
        command, cwd=CHECKOUT, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
