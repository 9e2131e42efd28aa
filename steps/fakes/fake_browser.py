"""A browser that keeps the links it is given by what starts a real one, and the way back from it
as the app has it, without a socket: whose the connection is stands in a table of sockets as the
kernel would write it.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NamedTuple, cast
from unittest import mock
from urllib.parse import urlsplit

from refapp.trusted.sign_in import connected_user
from refapp.trusted.sign_in.browser import SystemBrowser
from refapp.trusted.sign_in.loopback import (
    AT_ONCE,
    HOST,
    LARGEST_HEAD,
    LoopbackReturn,
    Outcome,
    ReturnPath,
    uri_of,
)

HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "connection": "close",
}
"""Of each page: nobody keeps it, it leads nowhere, and says nowhere where it was, for its address
has the code in it.
"""
PROGRAM = "/bin/sh"
"""It is there, and is not started."""
NAMES = ("/proc/self/net/tcp", "/proc/self/net/tcp6")
HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid inode"
THERE, BESIDE, MAPPED = "0100007F", "0200007F", "0000000000000000FFFF0000"
"""127.0.0.1 and 127.0.0.2 in that table, and what stands before them where a socket is IPv6's."""
NOBODY, PERSON, ANOTHER = 0, 1000, 1001
"""Users of the computer, whoever runs the examples: of what is closed the table names the first."""


class Sockets(NamedTuple):
    """One of the kernel's tables, in place of its file."""

    text: str

    def exists(self) -> bool:
        """See ``Path``."""
        return True

    def read_text(self) -> str:
        """See ``Path``."""
        return self.text


def _row(local: str, remote: str, user: int, inode: int) -> str:
    return (
        f"   0: {local} {remote} 01 00000000:00000000 00:00000000 00000000  {user}  0 {inode} 1\n"
    )


def tables(theirs: int, ours: int, user: int, *, ipv6: bool) -> tuple[Sockets, Sockets]:
    """With a connection of ``user`` between these ports. Somebody else has one between the same
    ports of another address, and the kernel still knows one that was closed.
    """
    before = MAPPED if ipv6 else ""
    one = _row(f"{before}{THERE}:{theirs:04X}", f"{before}{THERE}:{ours:04X}", user, 4711)
    others = _row(f"{BESIDE}:{theirs:04X}", f"{BESIDE}:{ours:04X}", user + 1, 4712)
    closed = _row(f"{THERE}:{theirs:04X}", f"{THERE}:{ours:04X}", NOBODY, 0)
    four, six = (others + closed, one) if ipv6 else (others + closed + one, "")
    return Sockets(f"{HEAD}\n{four}"), Sockets(f"{HEAD}\n{six}")


class _System(SystemBrowser):
    """The app's own, with ``begin`` in place of ``subprocess.Popen`` while it starts a program, and
    no longer: what waits for that has the loop to itself, and may be left waiting.
    """

    def __init__(self, begin: Callable[..., Started]) -> None:
        super().__init__([PROGRAM])
        self._begin = begin

    def _start(self, program: str, link: str) -> subprocess.Popen[bytes] | None:
        with mock.patch.object(subprocess, "Popen", self._begin):
            return super()._start(program, link)


class Started(NamedTuple):
    """What opens a link, and ends with ``code`` at ``ends_at`` of the loop's clock."""

    code: int
    ends_at: float

    def poll(self) -> int | None:
        """See ``subprocess.Popen``."""
        return self.code if asyncio.get_running_loop().time() >= self.ends_at else None


def _odd(answer: bytes) -> list[str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    said = {name.lower(): value for name, _, value in lines}
    wanted = {**HEADERS, "content-length": str(len(body))}
    names = sorted(name for name in {*said, *wanted} if said.get(name) != wanted.get(name))
    found = [f"the page of the way back: its {name} is {said.get(name)}" for name in names]
    return found + (["the page of the way back has a script"] if b"<script" in body else [])


class FakeBrowser:
    """``links``: what was opened.
    ``works`` False: it opens nothing, and says so ``fails_after_s``;
    ``ports`` False: no port is free, or only ``ports_after_s``; ``ipv6``: its sockets are.
    ``ends_with_the_terminal``: it would end by Ctrl and C there.
    ``odd``: what a page that ended the way back should not be like.

    ``seen`` hears each use. ``run`` lets the loop do it: see ``VirtualTime.run``.
    """

    run: Callable[[Coroutine[Any, Any, bytes]], bytes]

    def __init__(self) -> None:
        self.links: list[str] = []
        self.ends_with_the_terminal = False
        self.works = True
        self.fails_after_s = 0.0
        self.ports = True
        self.ports_after_s = 0.0
        self.ipv6 = False
        self.seen: Callable[[str], None] = lambda _: None
        self.odd: list[str] = []
        self._numbers = itertools.count(40_001)
        self._listening: dict[int, FakeReturn] = {}

    async def open(self, link: str) -> bool:
        """See ``refapp.trusted.sign_in.browser.Browser``."""
        return await _System(self._started).open(link)

    def _started(self, command: Sequence[str], **how: object) -> Started:
        """See ``subprocess.Popen``: Ctrl and C in the app's terminal is not for the browser."""
        self.seen("open the link")
        self.ends_with_the_terminal |= how.get("start_new_session") is not True
        if self.works:
            self.links.append(command[-1])
        ends_at = asyncio.get_running_loop().time() + self.fails_after_s
        return Started(0 if self.works else 4, ends_at)

    async def open_return(self, state: str, came: Callable[[Outcome], None]) -> ReturnPath:
        """See ``refapp.trusted.sign_in.loopback.OpenReturn``."""
        if not self.ports:
            raise OSError("no port")
        if self.ports_after_s:
            await asyncio.sleep(self.ports_after_s)
        port = next(self._numbers)
        self._listening[port] = FakeReturn(port, state, came)
        return self._listening[port]

    def open_ports(self) -> list[int]:
        """The ports at which somebody waits for it to come back."""
        return [port for port, way in self._listening.items() if not way.closed]

    def visit(self, address: str) -> int:
        """Go to ``address``; the status of what answers.
        Raises ConnectionRefusedError if nobody listens there.
        """
        parts = urlsplit(address)
        head = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
        return int(self.request(parts.port or 0, head).split(b" ")[1])

    def request(self, port: int, head: bytes, user: int = PERSON) -> bytes:
        """See ``requested``, which the loop does."""
        return self.run(self.requested(port, head, user))

    async def requested(self, port: int, head: bytes, user: int = PERSON) -> bytes:
        """Send ``head`` to ``port``, as ``user`` of this computer; the answer.

        Raises:
            ConnectionRefusedError: nobody listens there.
            ConnectionResetError: it is listened to another user only.
        """
        found = self._listening.get(port)
        if found is None or found.closed:
            raise ConnectionRefusedError(port)
        answer = await found.served(head, user, ipv6=self.ipv6)
        self.odd += _odd(answer)
        return answer


class _Connection:
    """One with ``ours`` as the app has it, of ``user``: what it writes is ``written``."""

    def __init__(self, ours: int, user: int) -> None:
        self.user = user
        self.written = b""
        self.reset = False
        self.reader = asyncio.StreamReader(limit=LARGEST_HEAD)
        self.transport = self
        self._peer = (HOST, ours + 10_000)

    def get_extra_info(self, name: str) -> object:
        """See ``asyncio.StreamWriter``."""
        return {"peername": self._peer}[name]

    def abort(self) -> None:
        """See ``asyncio.Transport``: what was not read by then is not read any more."""
        self.reset = True
        self.reader.set_exception(ConnectionAbortedError())

    def write(self, data: bytes) -> None:
        """See ``asyncio.StreamWriter``."""
        self.written += data

    async def drain(self) -> None:
        """See ``asyncio.StreamWriter``."""

    def write_eof(self) -> None:
        """See ``asyncio.StreamWriter``."""

    def close(self) -> None:
        """See ``asyncio.StreamWriter``."""


class _Listening:
    """Stands where the socket does that nobody connects to."""

    def close(self) -> None:
        """See ``asyncio.Server``."""


class FakeReturn(LoopbackReturn):
    """The app's own, with connections in place of its socket's."""

    def __init__(self, port: int, state: str, came: Callable[[Outcome], None]) -> None:
        super().__init__(state, came)
        self.uri, self._port = uri_of(port), port
        self._server = cast("asyncio.Server", _Listening())
        self._ipv6 = False

    @property
    def closed(self) -> bool:
        """Whether nobody is listened to any more."""
        return self._server is None

    async def served(self, head: bytes, user: int, *, ipv6: bool) -> bytes:
        """The answer to ``head``, which comes after as many connections as may be open, of the same
        user: browsers open some ahead of need, and say nothing on them.

        Raises:
            ConnectionResetError: it is not listened to.
        """
        self._ipv6 = ipv6
        silent = [_Connection(self._port, user) for _ in range(AT_ONCE)]
        works = [asyncio.ensure_future(self._serve(*_ends(one))) for one in silent]
        await asyncio.sleep(0)
        one = _Connection(self._port, user)
        one.reader.feed_data(head)
        one.reader.feed_eof()
        await self._serve(*_ends(one))
        for other in silent:
            other.reader.feed_eof()  # as a browser that needs them no more
        await asyncio.gather(*works)
        if one.reset:
            raise ConnectionResetError(self._port)
        return one.written

    def _is_own(self, writer: asyncio.StreamWriter) -> bool:
        user = cast("_Connection", writer).user
        theirs = writer.get_extra_info("peername")[1]
        kernel = dict(zip(NAMES, tables(theirs, self._port, user, ipv6=self._ipv6), strict=True))
        there = tuple(kernel[str(name)] for name in connected_user.TABLES)
        with (
            mock.patch.object(connected_user, "TABLES", there),
            mock.patch.object(os, "getuid", return_value=PERSON),
        ):
            return super()._is_own(writer)


def _ends(one: _Connection) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return one.reader, cast("asyncio.StreamWriter", one)
