"""A window without a screen: it exchanges the real lines with the gate, and shows what the real window would show.

It keeps every line that it was sent, so that a scenario can tell what a window ever learned.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from refapp import messages as m
from refapp.snapshot import Check, StateParams
from refapp.wire import Reply, decode_down, encode

CLAIMS = (Check("No window process", held=True), Check("No files", held=True), Check("No display", held=False))
"""What it says of itself; the first of it the parent has seen too."""


class FakeWindow:
    """One window. ``on_line`` and ``on_end`` are the parent's; ``silent``: it hangs and answers no ping."""

    pid = 0

    def __init__(self, on_line: Callable[[bytes], None], on_end: Callable[[int, str], None]) -> None:
        self._on_line = on_line
        self._on_end = on_end
        self._numbers = 0
        self._loop = asyncio.get_running_loop()
        self.heard: list[bytes] = []
        self.replies: list[Reply] = []
        self.snapshots: list[StateParams] = []
        self.ended = False
        self.silent = False
        self._loop.call_soon(self._greet)

    def _greet(self) -> None:
        self.ask(m.Hello, m.HelloParams(m.PROTOCOL))
        self.ask(m.Confined, m.ConfinedParams(list(CLAIMS)))
        self.ask(m.Initialize, m.Nothing())

    def ask(self, kind: Callable[..., m.Request], params: msgspec.Struct) -> int:
        """Send one request; its number."""
        self._numbers += 1
        self.write(encode(kind(jsonrpc="2.0", id=self._numbers, params=params)).removesuffix(b"\n"))
        return self._numbers

    def write(self, line: bytes) -> None:
        """Send one line, whatever it is."""
        self._loop.call_soon(lambda: None if self.ended else self._on_line(line))

    def send(self, line: bytes) -> None:
        """What the parent sends down."""
        if self.ended:
            return
        self.heard.append(line)
        match decode_down(line.removesuffix(b"\n")):
            case m.State(params=params):
                self.snapshots.append(params)
            case m.Ping(params=params) if not self.silent:
                self.write(encode(m.Pong(jsonrpc="2.0", params=m.PongParams(params.n))).removesuffix(b"\n"))
            case Reply() as reply:
                self.replies.append(reply)

    send_newest = send

    def end(self, why: str) -> None:
        """The parent ends the window."""
        self._finish(-9, why)

    def die(self, code: int = -11) -> None:
        """The window ends by itself: 0 is closed by the person, a negative number a signal."""
        self._finish(code, "")

    def _finish(self, code: int, why: str) -> None:
        if not self.ended:
            self.ended = True
            self._loop.call_soon(self._on_end, code, why)
