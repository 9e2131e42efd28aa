"""A browser that keeps the links it is given, and the way back from it without a socket.
They stand in for the real parts.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from urllib.parse import urlsplit

from refapp.trusted.sign_in.connected_user import is_own
from refapp.trusted.sign_in.loopback import Outcome, ReturnPath, page, read, uri_of


class FakeBrowser:
    """``links``: what was opened.
    ``works`` False: it opens nothing; ``ports`` False: no port is free.

    ``seen`` hears each use.
    """

    def __init__(self) -> None:
        self.links: list[str] = []
        self.works = True
        self.ports = True
        self.seen: Callable[[str], None] = lambda _: None
        self._numbers = itertools.count(40_001)
        self._listening: dict[int, FakeReturn] = {}

    async def open(self, link: str) -> bool:
        """See ``refapp.trusted.sign_in.browser.Browser``."""
        self.seen("open the link")
        if self.works:
            self.links.append(link)
        return self.works

    async def open_return(self, state: str, came: Callable[[Outcome], None]) -> ReturnPath:
        """See ``refapp.trusted.sign_in.loopback.OpenReturn``."""
        if not self.ports:
            raise OSError("no port")
        port = next(self._numbers)
        self._listening[port] = FakeReturn(port, state, came)
        return self._listening[port]

    def visit(self, address: str) -> int:
        """Go to ``address``; the status of what answers.
        Raises ConnectionRefusedError if nobody listens there.
        """
        parts = urlsplit(address)
        head = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
        return int(self.request(parts.port or 0, head).split(b" ")[1])

    def request(self, port: int, head: bytes, user: int | None = None) -> bytes:
        """Send ``head`` to ``port``, as ``user`` of this computer; the answer.

        Raises:
            ConnectionRefusedError: nobody listens there.
            ConnectionResetError: it is listened to another user only.
        """
        found = self._listening.get(port)
        if found is None or found.closed:
            raise ConnectionRefusedError(port)
        if not is_own(os.getuid() if user is None else user):
            raise ConnectionResetError(port)
        return found.request(head)


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
