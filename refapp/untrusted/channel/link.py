"""The window's end of the channel, in Tk's own loop. Moves messages; decides nothing.

Owns the two pipes, the numbers of the requests and who waits for their answers. Nothing polls and
nothing blocks: reading is a file event, and what the parent does not take at once waits for the
pipe to be writable. Of snapshots that come in a burst only the newest is handed on, from a timer:
file events would starve Tk's redrawing. A parent that breaks the protocol ends the window (exit
code 65), one that closes the channel ends it quietly.
"""

from __future__ import annotations

import collections
import os
import select
import time
import tkinter
from collections.abc import Callable
from typing import Protocol, TypeVar

from msgspec import Raw, Struct

from refapp import messages as m, wire
from refapp.snapshot import StateParams
from refapp.untrusted.wording import window_words

CHUNK = 64 * 1024
BACKLOG_LIMIT = 4 * wire.LIMIT
PAUSE_MS = 16
TRAFFIC_KEPT = 200
GONE, BROKEN = 0, 65
LAST_S = 1.0
"""How long the last words wait for a parent that does not read."""

T = TypeVar("T")


class Loop(Protocol):
    """The part of ``tkinter.Tk`` that the link runs in."""

    def createfilehandler(
        self, file: int, mask: int, func: Callable[[int, int], object]
    ) -> None: ...

    def deletefilehandler(self, file: int) -> None: ...

    def after(self, ms: int, func: Callable[[], object]) -> str: ...

    def update_idletasks(self) -> None: ...


class Traffic(Struct, frozen=True):
    """One message as the inspector lists it: no contents.
    ``at`` is unix seconds, ``size`` bytes.
    """

    at: float
    down: bool
    what: str
    size: int


class _Waiting(Struct, frozen=True):
    method: str
    answered: Callable[[Raw], None]
    refused: Callable[[m.ErrorDetail], None]


def _decoder(wanted: type[T], then: Callable[[T], None]) -> Callable[[Raw], None]:
    return lambda raw: then(wire.result_as(raw, wanted))


class Link:
    """``show`` gets each snapshot that is to be shown;
    ``leave`` is called when the parent asks for what there is.

    ``ended(code, sentence)`` must end the process:
    it is called once only because it does not return.
    """

    def __init__(
        self,
        loop: Loop,
        *,
        incoming: int,
        outgoing: int,
        show: Callable[[StateParams], None],
        ended: Callable[[int, str], None],
        leave: Callable[[], None] = lambda: None,
    ) -> None:
        self._loop = loop
        self._incoming, self._outgoing = incoming, outgoing
        self._show, self._ended, self._leave = show, ended, leave
        self._lines = wire.LineReader()
        self._waiting: dict[int, _Waiting] = {}
        self._number = 0
        self._backlog: collections.deque[bytes] = collections.deque()
        self._unsent = 0
        self._newest: StateParams | None = None
        self._due = False
        self._shown_at = 0.0
        self._when_sent: Callable[[], None] | None = None
        self.traffic: collections.deque[Traffic] = collections.deque(maxlen=TRAFFIC_KEPT)
        self.on_traffic: Callable[[], None] = lambda: None
        os.set_blocking(outgoing, False)
        loop.createfilehandler(incoming, tkinter.READABLE, self._on_readable)

    def expect(self, number: int, method: str, wanted: type[T], then: Callable[[T], None]) -> None:
        """Wait for the answer to a request that was sent before the link was there.
        A refusal ends the window.
        """
        self._waiting[number] = _Waiting(
            method, _decoder(wanted, then), lambda error: self._end(GONE, error.message)
        )
        self._number = max(self._number, number)

    def ask(
        self,
        request: Callable[..., m.Request],
        params: object,
        wanted: type[T],
        then: Callable[[T], None],
        refused: Callable[[m.ErrorDetail], None],
    ) -> None:
        """Send a request. Exactly one of ``then`` and ``refused`` is called with the answer, unless
        the link ends first.
        """
        self._number += 1
        message = request(jsonrpc="2.0", id=self._number, params=params)
        method = str(type(message).__struct_config__.tag)
        self._waiting[self._number] = _Waiting(method, _decoder(wanted, then), refused)
        self._send(message, method)

    def tell(self, message: m.Shown | m.Pong) -> None:
        """Send what has no answer."""
        self._send(message, str(type(message).__struct_config__.tag))

    def last(self, notes: list[m.NoteSaveParams]) -> None:
        """Send all that waits, and these notes, before the process ends.
        Nobody waits for the answers any more.
        """
        for params in notes:
            self._number += 1
            self._backlog.append(
                wire.encode(m.NoteSave(jsonrpc="2.0", id=self._number, params=params))
            )
        while self._backlog and select.select([], [self._outgoing], [], LAST_S)[1]:
            self._write()

    def when_sent(self, then: Callable[[], None]) -> None:
        """Call ``then`` once everything is sent and every request answered."""
        self._when_sent = then
        self._check_sent()

    def _check_sent(self) -> None:
        if self._when_sent is not None and not self._backlog and not self._waiting:
            then, self._when_sent = self._when_sent, None
            then()

    def _send(self, message: m.Up, what: str) -> None:
        line = wire.encode(message)
        self._note(what, len(line), down=False)
        idle = not self._backlog
        self._backlog.append(line)
        self._unsent += len(line)
        if self._unsent > BACKLOG_LIMIT:
            self._end(BROKEN, window_words.APP_STOPPED_LISTENING)
        elif idle:
            self._write()
            if self._backlog:
                self._loop.createfilehandler(self._outgoing, tkinter.WRITABLE, self._on_writable)

    def _on_writable(self, _fd: int, _mask: int) -> None:
        self._write()
        if not self._backlog:
            self._loop.deletefilehandler(self._outgoing)
            self._check_sent()

    def _write(self) -> None:
        while self._backlog:
            line = self._backlog.popleft()
            try:
                count = os.write(self._outgoing, line)
            except BlockingIOError:
                count = 0
            except BrokenPipeError:
                self._end(GONE, "")
                return
            self._unsent -= count
            if count < len(line):
                self._backlog.appendleft(line[count:])
                return

    def _on_readable(self, _fd: int, _mask: int) -> None:
        data = os.read(self._incoming, CHUNK)
        try:
            if not data:
                self._loop.deletefilehandler(self._incoming)
                self._lines.end()
                self._end(GONE, "")
                return
            for line in self._lines.feed(data):
                self._on_line(line)
        except wire.ProtocolError as error:
            self._end(BROKEN, window_words.app_broke_the_protocol(error.sentence))

    def _on_line(self, line: bytes) -> None:
        message = wire.decode_down(line)
        match message:
            case m.Snapshot(params=params):
                self._note(f"state {params.revision}: {params.phase.value}", len(line), down=True)
                self._keep(params)
            case m.Ping(params=params):
                self.tell(m.Pong(jsonrpc="2.0", params=m.PongParams(params.n)))
            case m.Leave():
                self._note("leave", len(line), down=True)
                # Not within the reading of lines:
                # keys that were pressed before are looked at first.
                self._loop.after(0, self._leave)
            case wire.ArrivedAnswer():
                self._on_reply(message, len(line))

    def _on_reply(self, reply: wire.ArrivedAnswer, size: int) -> None:
        waiting = None if reply.id is None else self._waiting.pop(reply.id, None)
        if waiting is None:
            if isinstance(reply.error, m.ErrorDetail):
                self._end(BROKEN, window_words.app_refused_the_window(reply.error.message))
                return
            raise wire.ProtocolError("not_a_message", reply.id)
        if isinstance(reply.error, m.ErrorDetail):
            self._note(
                window_words.request_refused(waiting.method, reply.error.reason), size, down=True
            )
            waiting.refused(reply.error)
        else:
            self._note(f"{waiting.method}: answered", size, down=True)
            waiting.answered(reply.result)
        self._check_sent()

    def _keep(self, params: StateParams) -> None:
        self._newest = params
        if not self._due:
            self._due = True
            quiet = time.monotonic() - self._shown_at > PAUSE_MS / 1000
            self._loop.after(0 if quiet else PAUSE_MS, self._flush)

    def _flush(self) -> None:
        self._due = False
        self._shown_at = time.monotonic()
        newest, self._newest = self._newest, None
        if newest is not None:
            self._show(newest)
            self._loop.update_idletasks()

    def _note(self, what: str, size: int, *, down: bool) -> None:
        self.traffic.append(Traffic(time.time(), down, what, size))
        self.on_traffic()

    def _end(self, code: int, sentence: str) -> None:
        self._backlog.clear()
        self._ended(code, sentence)
