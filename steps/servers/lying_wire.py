"""A wire that lies: real sockets between the real client and the server's model, and seeded lies
about every answer.

Owns the lies and how each is told. ``TELLABLE`` are those that a client can tell from an answer
over plain HTTP; ``UNTELLABLE`` look like one. TLS stops the second kind on the way, and a session
that is lost to them is not the app's fault.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping

from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.state.answers import Answer

Choose = Callable[[int], int]
REFUSAL = (
    b"HTTP/1.1 401 No\r\ncontent-type: application/json\r\ncontent-length: 36\r\n\r\n"
    b'{"code":"INVALID_REFRESH_TOKEN"}    '
)
ANSWERS = "x-answers"
"""The header that says which request an answer is the server's to: path and query."""
GARBAGE = bytes(range(256)) * 4
SOON_S = 0.05


class LyingWire:
    """Serves ``model`` at ``url``;
    while ``lying``, ``choose`` picks a lie for each answer out of ``lies``.

    ``of_another``: an answer to somebody else, which is among those that nobody asked for.
    ``heard``: all requests, whole.
    """

    def __init__(
        self, model: AuthServerModel, choose: Choose, lies: tuple[str, ...], of_another: Answer
    ) -> None:
        self._model = model
        self._choose = choose
        self._lies = lies
        self._unasked = REFUSAL, _bytes_of(of_another, "")
        self.lying = False
        self.heard: list[str] = []
        self._swaps: asyncio.Future[tuple[bytes, asyncio.Future[bytes]]] | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.url = ""

    async def __aenter__(self) -> LyingWire:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self._model.origin = self.url
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        # What the client does to a connection is its affair:
        # what it makes of it is what the tests look at.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._one(reader, writer):
                pass
        self._open.discard(task)
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; whether the connection goes on."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.heard.append(f"{head}{body.decode()}")
        lie = self._lies[self._choose(len(self._lies))] if self.lying else "the truth"
        if lie == "reset before it is carried out":
            _reset(writer)
            return False
        answer = _bytes_of(self._model.handle(method, path, headers, body), path)
        goes_on = await _TOLD[lie](self, answer, writer)
        if writer.transport.is_closing() or lie == "half-closed within":
            await reader.read()
            return False
        return goes_on

    async def _swapped(self, answer: bytes, writer: asyncio.StreamWriter) -> bool:
        if self._swaps is not None and not self._swaps.done():
            other: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
            self._swaps.set_result((answer, other))
            answer = await other
        else:
            mine = self._swaps = asyncio.get_running_loop().create_future()
            await asyncio.wait([mine], timeout=SOON_S)
            if mine.done():
                theirs, other = mine.result()
                other.set_result(answer)
                answer = theirs
        writer.write(answer)
        return True

    def unasked(self) -> bytes:
        """An answer to no question."""
        return self._unasked[self._choose(len(self._unasked))]

    def _cut(self, answer: bytes) -> bytes:
        return answer[: self._choose(len(answer))]

    async def _in_pieces(self, answer: bytes, writer: asyncio.StreamWriter) -> bool:
        while answer:
            size = 1 + self._choose(40)
            writer.write(answer[:size])
            await writer.drain()
            await asyncio.sleep(0)
            answer = answer[size:]
        return True

    async def _another_byte(self, answer: bytes, writer: asyncio.StreamWriter) -> bool:
        place = self._choose(len(answer))
        writer.write(
            answer[:place] + bytes([answer[place] ^ (1 + self._choose(255))]) + answer[place + 1 :]
        )
        return True

    async def _half_closed(self, answer: bytes, writer: asyncio.StreamWriter) -> bool:
        writer.write(self._cut(answer))
        writer.write_eof()
        return True


async def _truth(_: LyingWire, answer: bytes, writer: asyncio.StreamWriter) -> bool:
    writer.write(answer)
    return True


async def _late(_: LyingWire, answer: bytes, writer: asyncio.StreamWriter) -> bool:
    await asyncio.sleep(SOON_S)
    writer.write(answer)
    return True


async def _reset_within(wire: LyingWire, answer: bytes, writer: asyncio.StreamWriter) -> bool:
    writer.write(wire._cut(answer))
    await writer.drain()
    _reset(writer)
    return False


async def _closed_within(wire: LyingWire, answer: bytes, writer: asyncio.StreamWriter) -> bool:
    writer.write(wire._cut(answer))
    return False


async def _stalls(wire: LyingWire, answer: bytes, writer: asyncio.StreamWriter) -> bool:
    writer.write(wire._cut(answer))
    return True


async def _garbage(wire: LyingWire, _: bytes, writer: asyncio.StreamWriter) -> bool:
    start = wire._choose(256)
    writer.write(GARBAGE[start:])
    return False


async def _unasked(wire: LyingWire, answer: bytes, writer: asyncio.StreamWriter) -> bool:
    writer.write(answer + wire.unasked())
    return True


async def _unasked_later(wire: LyingWire, answer: bytes, writer: asyncio.StreamWriter) -> bool:
    writer.write(answer)
    await writer.drain()
    await asyncio.sleep(0)
    writer.write(wire.unasked())
    return True


_Told = Callable[[LyingWire, bytes, asyncio.StreamWriter], Awaitable[bool]]
_TOLD: Mapping[str, _Told] = {
    "the truth": _truth,
    "late": _late,
    "in pieces": LyingWire._in_pieces,
    "reset within": _reset_within,
    "closed within": _closed_within,
    "half-closed within": LyingWire._half_closed,
    "does not go on": _stalls,
    "garbage": _garbage,
    "followed by an answer that nobody asked for": _unasked,
    "followed by one a moment later": _unasked_later,
    "swapped with another's": LyingWire._swapped,
    "one byte is another": LyingWire._another_byte,
}
TELLABLE = (
    "the truth",
    "the truth",
    "late",
    "in pieces",
    "reset before it is carried out",
    "reset within",
    "closed within",
    "half-closed within",
    "does not go on",
    "garbage",
    "followed by an answer that nobody asked for",
    "followed by one a moment later",
)
UNTELLABLE = (*TELLABLE, "swapped with another's", "one byte is another")


def _bytes_of(answer: Answer, path: str) -> bytes:
    named = (*answer.headers, (ANSWERS, path))
    head = [f"HTTP/1.1 {answer.status} Said", *(f"{name}: {value}" for name, value in named)]
    return (
        "\r\n".join([*head, f"content-length: {len(answer.body)}", "", ""]).encode("latin-1")
        + answer.body
    )


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close it so that the other side hears of a reset."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
