"""The way back from the browser: one request to a port of 127.0.0.1 (RFC 8252, section 7.3).

Owns the listening socket and the reading of what comes to it. ``read`` is total: whatever bytes
come, they are an outcome or are refused with a plain page, and a refusal leaves the port open for
the right one. Invariants: the literal address, never a name; a port that the system chose before
the link was made; the state is compared in constant time; the first right request closes the port,
as do a cancel and a time-out (``close``); nothing of a request is ever in the answer. Another user
of the computer is not heard, and whoever is slow makes way for whoever comes after (SB-9): nobody
can hold the port.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import urllib.parse
from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec

from refapp.trusted.scheduling.tasks import Tasks
from refapp.trusted.sign_in import connected_user
from refapp.trusted.wording import sign_in_words

HOST = "127.0.0.1"
PATH = "/callback"
LARGEST_HEAD = 64 * 1024
"""Cookies do not keep to a port:
those of every other server on 127.0.0.1 come along (RFC 6265, section 8.5).
"""
READ_LIMIT_S = 5.0
AT_ONCE = 8
CODE = re.compile(r"[\x21-\x7e]{1,512}\Z")


class Came(msgspec.Struct, frozen=True):
    """The browser brought the code of this sign-in."""

    code: str

    def __repr__(self) -> str:
        """Never show the code."""
        return "Came(…)"


class Denied(msgspec.Struct, frozen=True):
    """The person said no in the browser, or the server did (RFC 6749, section 4.1.2.1)."""


Outcome = Came | Denied


class ReturnPath(Protocol):
    """``uri`` is where the browser has to go back to."""

    uri: str

    def close(self) -> None:
        """Take nothing more. May be called again."""


OpenReturn = Callable[[str, Callable[[Outcome], None]], Awaitable[ReturnPath]]
"""``await open_return(state, came)``: ``came`` is called once, with what the browser brought.
Raises OSError: no port is to be had, or none that could tell the person's own browser from another
user's.
"""


async def open_return(state: str, came: Callable[[Outcome], None]) -> ReturnPath:
    """Listen on a port of the system's choice. Raises OSError."""
    made = LoopbackReturn(state, came)
    await made.listen()
    return made


class LoopbackReturn:
    """One port that waits for one request."""

    def __init__(self, state: str, came: Callable[[Outcome], None]) -> None:
        self.uri = ""
        self._port = 0
        self._state = state
        self._came = came
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.StreamWriter, None] = {}
        self._tasks = Tasks()

    async def listen(self) -> None:
        """Take a port. Raises OSError."""
        if not connected_user.known():
            raise OSError("whose a connection is can't be told here")

        def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # A task of ours: one that asyncio starts by itself is an error in its eyes if it is
            # ended with the loop.
            self._tasks.start(self._serve(reader, writer))

        self._server = await asyncio.start_server(serve, HOST, 0, limit=LARGEST_HEAD)
        self._port = self._server.sockets[0].getsockname()[1]
        self.uri = uri_of(self._port)

    def close(self) -> None:
        """See ``ReturnPath``."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._is_own(writer):
            writer.transport.abort()
            return
        self._open[writer] = None
        if len(self._open) > AT_ONCE:
            next(iter(self._open)).transport.abort()
        try:
            async with asyncio.timeout(READ_LIMIT_S):
                head = await _head(reader)
                outcome, answer = read(head, self._port, self._state)
                if self._server is None:
                    outcome, answer = None, page(410)
                if outcome is not None:
                    self.close()
                    self._came(outcome)
                writer.write(answer)
                await writer.drain()
                if len(head) > LARGEST_HEAD:
                    # What is not read when a connection is closed takes the answer with it.
                    writer.write_eof()
                    while await reader.read(LARGEST_HEAD):
                        pass
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            # Whoever does not speak HTTP gets no answer.
            pass
        finally:
            del self._open[writer]
            writer.close()

    def _is_own(self, writer: asyncio.StreamWriter) -> bool:
        peer = writer.get_extra_info(
            "peername"
        )  # None: the other end was gone before it could be asked for its name
        return peer is not None and connected_user.is_own_connection(
            (peer[0], peer[1]), (HOST, self._port)
        )


async def _head(reader: asyncio.StreamReader) -> bytes:
    """A request up to its empty line; of one that is too large, more than ``LARGEST_HEAD`` bytes.
    Raises IncompleteReadError.
    """
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        return await reader.readexactly(error.consumed)


def uri_of(port: int) -> str:
    """The address that the browser has to come back to."""
    return f"http://{HOST}:{port}{PATH}"


def read(head: bytes, port: int, state: str) -> tuple[Outcome | None, bytes]:
    """What the request ``head`` brings, None if it is not the one that is waited for;
    and the answer to it. Total.
    """
    if len(head) > LARGEST_HEAD:
        return None, page(431)
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        return None, page(400)
    hosts = [
        line.partition(":")[2].strip()
        for line in lines[1:]
        if line.partition(":")[0].lower() == "host"
    ]
    path, _, query = words[1].partition("?")
    # A page elsewhere whose name was made to lead here sends its own name (DNS rebinding).
    if hosts != [f"{HOST}:{port}"] or path != PATH:
        return None, page(404)
    if words[0] != "GET":
        return None, page(405)
    outcome = _outcome(query, state)
    return outcome, page(400) if outcome is None else page(200, denied=isinstance(outcome, Denied))


def _outcome(query: str, state: str) -> Outcome | None:
    try:
        fields = urllib.parse.parse_qs(query, max_num_fields=20)
    except ValueError:
        return None
    said = fields.get("state", [""])
    if len(said) != 1 or not hmac.compare_digest(
        said[0].encode("utf-8", "replace"), state.encode()
    ):
        return None
    match fields:
        case {"error": [_]} if "code" not in fields:
            return Denied()
        case {"code": [code]} if "error" not in fields and CODE.match(code):
            return Came(code)
        case _:
            return None


_SENTENCES = {
    200: sign_in_words.PAGE_DONE,
    400: sign_in_words.PAGE_NOT_THE_ANSWER,
    404: sign_in_words.PAGE_NOTHING_HERE,
    405: sign_in_words.PAGE_WAY_BACK_ALONE,
    410: sign_in_words.PAGE_TOO_LATE,
    431: sign_in_words.PAGE_COOKIES,
}
_REASONS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    410: "Gone",
    431: "Request Header Fields Too Large",
}


def page(status: int, *, denied: bool = False) -> bytes:
    """A whole answer: a plain page without scripts, which nobody keeps and which leads nowhere."""
    sentence = sign_in_words.PAGE_CANCELLED if denied else _SENTENCES[status]
    body = (
        '<!doctype html><html lang="en"><meta '
        f'charset="utf-8"><title>refapp</title><p>{sentence}</p></html>'.encode()
    )
    return (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
        "Referrer-Policy: no-referrer\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Connection: close\r\n\r\n"
    ).encode() + body
