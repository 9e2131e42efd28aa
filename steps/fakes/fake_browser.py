"""A browser that keeps the links it is given by what starts a real one, and the way back from it
without a socket: whose the connection is stands in a table of sockets as the kernel would write it.
They stand in for the real parts.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
from collections.abc import Callable, Sequence
from typing import NamedTuple
from unittest import mock
from urllib.parse import urlsplit

from refapp.trusted.sign_in import connected_user
from refapp.trusted.sign_in.browser import SystemBrowser
from refapp.trusted.sign_in.loopback import HOST, Outcome, ReturnPath, page, read, uri_of

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

    ``seen`` hears each use.
    """

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
        with mock.patch.object(subprocess, "Popen", self._started):
            return await SystemBrowser([PROGRAM]).open(link)

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
        """Send ``head`` to ``port``, as ``user`` of this computer; the answer.

        Raises:
            ConnectionRefusedError: nobody listens there.
            ConnectionResetError: it is listened to another user only.
        """
        found = self._listening.get(port)
        if found is None or found.closed:
            raise ConnectionRefusedError(port)
        theirs = port + 10_000
        kernel = dict(zip(NAMES, tables(theirs, port, user, ipv6=self.ipv6), strict=True))
        there = tuple(kernel[str(name)] for name in connected_user.TABLES)
        with (
            mock.patch.object(connected_user, "TABLES", there),
            mock.patch.object(os, "getuid", return_value=PERSON),
        ):
            if not connected_user.is_own_connection((HOST, theirs), (HOST, port)):
                raise ConnectionResetError(port)
        answer = found.request(head)
        self.odd += _odd(answer)
        return answer


class FakeReturn:
    """See ``refapp.trusted.sign_in.loopback.LoopbackReturn``: the same reading, no socket."""

    def __init__(self, port: int, state: str, came: Callable[[Outcome], None]) -> None:
        self.uri = uri_of(port)
        self.closed = False
        self._port, self._state, self._came = port, state, came

    def close(self) -> None:
        """See ``ReturnPath``."""
        self.closed = True

    def request(self, head: bytes) -> bytes:
        """The answer to ``head``."""
        outcome, answer = read(head, self._port, self._state)
        if self.closed:
            return page(410)
        if outcome is not None:
            self.close()
            self._came(outcome)
        return answer
