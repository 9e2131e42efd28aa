"""The kit's auth server: the embedded server's model on a real port of this process, so that every
request is seen as it comes.

It runs on a thread of its own; the model belongs to that thread.
``cut_off`` closes the port, as a server does that is down.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Literal, TypeVar

import h11
import httpx

from steps.kept_port import KeptPort
from steps.scenario.people import ADA, Person
from steps.servers.local_server import LocalServer

T = TypeVar("T")
Mode = Literal["rotating", "sliding"]
READ = 65536
LIMIT_S = 20.0
APP_ORIGIN = "com.example.app:/"
"""What an app with a scheme of its own may send as ``Origin``;
BetterAuth is told of such in its ``trustedOrigins``.
"""


class KitServer:
    """``seen`` is called on the server's thread with each request, before it is answered.
    ``later_s``: its clock is ahead.

    ``elsewhere`` is another origin, which no token may be sent to;
    ``strangers`` counts who came there.
    """

    def __init__(
        self,
        seen: Callable[[httpx.Request], None],
        mode: Mode = "rotating",
        **settings: float,
    ) -> None:
        self.later_s = 0.0
        self._in_flight: list[asyncio.StreamReader] = []
        self._seen = seen
        self._connections: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.strangers = 0
        self._kept = KeptPort()
        self._listening: asyncio.Server | None = None
        self.run(self._begin(mode, settings))

    @property
    def origin(self) -> str:
        return self._kept.origin

    def _now(self) -> float:
        return time.time() + self.later_s

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do ``work`` on the server's thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(LIMIT_S)

    def _in_loop(self, call: Callable[[], T]) -> T:
        async def work() -> T:
            return call()

        return self.run(work())

    def do(self, order: str, **details: Any) -> int:
        """One order of the back door."""
        return self._in_loop(lambda: self.local.do(order, **details))

    def add_account(self, person: Person) -> None:
        """The account of ``person``, made if there is none yet."""
        self._in_loop(lambda: self.local.add_account(person))

    def answer_next(self, path: str, status: int, headers: dict[str, str], body: bytes) -> None:
        """Put an answer in place of the next one to ``path``."""
        self._in_loop(lambda: self.local.answer_next(path, status, headers, body))

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """The model's answer to another program's request, unseen."""
        answer = self._in_loop(lambda: self.local.model.handle(method, path, headers, body))
        return answer.status, answer.body

    def ask(self, path: str, access: str) -> dict[str, Any] | None:
        """Its answer to who has that token; None if it takes it for none."""
        status, body = self.send("GET", path, {"authorization": f"Bearer {access}"}, b"")
        found: dict[str, Any] | None = json.loads(body) if status == 200 else None
        return found

    def user_id(self, person: Person) -> str:
        """The id of the person's account."""
        return self._in_loop(
            lambda: self.local.model.add_user(person.name, person.email, person.password).id
        )

    def held(self) -> int:
        """How many requests have come and are kept waiting for their answer,
        by somebody who has not hung up.
        """
        return self._in_loop(
            lambda: sum(not (one.at_eof() or one.exception()) for one in self._in_flight)
        )

    def cut_off(self, *, away: bool) -> None:
        """Close the port and every connection, or open it again."""
        if away:
            self.run(self._hang_up())
        elif self._listening is None:
            self.run(self._listen())

    async def _begin(self, mode: Mode, settings: Mapping[str, float]) -> None:
        self.local = LocalServer(
            self._now, mode, self.origin, (ADA,), False, (APP_ORIGIN,), **settings
        )
        await self._listen()
        self._stranger = await self._listen_elsewhere()
        self.elsewhere = f"http://127.0.0.1:{self._stranger.sockets[0].getsockname()[1]}"

    async def _listen(self) -> None:
        self._listening = await asyncio.start_server(self._speak, sock=self._kept.listening())

    async def _listen_elsewhere(self) -> asyncio.Server:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.strangers += 1
            writer.close()

        return await asyncio.start_server(refuse, "127.0.0.1", 0)

    async def _hang_up(self) -> None:
        if self._listening is not None:
            for one in self._listening.sockets:
                self._loop.remove_reader(one.fileno())
            await asyncio.sleep(0)  # asyncio forgets, open, whom it has only just let in
            self._listening.close()
            self._listening = None
        for writer in list(self._connections):
            writer.transport.abort()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        talk = h11.Connection(h11.SERVER)
        self._connections.add(writer)
        # At the end of a scenario a held request is cancelled;
        # asyncio's streams would log that as an error.
        with (
            contextlib.suppress(
                OSError, h11.RemoteProtocolError, httpx.RemoteProtocolError, asyncio.CancelledError
            ),
            contextlib.closing(writer),
        ):
            while (request := await self._request(talk, reader)) is not None:
                answer = await self._answer(request, reader)
                head = h11.Response(
                    status_code=answer.status_code, headers=[*answer.headers.raw, *_length(answer)]
                )
                for part in (head, h11.Data(data=answer.content), h11.EndOfMessage()):
                    writer.write(talk.send(part) or b"")
                await writer.drain()
                if talk.our_state is h11.MUST_CLOSE:
                    break
                talk.start_next_cycle()
        self._connections.discard(writer)

    async def _answer(self, request: httpx.Request, asker: asyncio.StreamReader) -> httpx.Response:
        self._in_flight.append(asker)
        self._seen(request)
        try:
            return await self.local.answer(request)
        finally:
            self._in_flight.remove(asker)

    async def _request(
        self, talk: h11.Connection, reader: asyncio.StreamReader
    ) -> httpx.Request | None:
        head: h11.Request | None = None
        body = b""
        while True:
            match talk.next_event():
                case h11.NEED_DATA:
                    talk.receive_data(await reader.read(READ))
                case h11.Request() as request:
                    head = request
                case h11.Data() as data:
                    body += bytes(data.data)
                case h11.EndOfMessage() if head is not None:
                    url = self.origin.encode() + head.target
                    headers = [
                        (name, value)
                        for name, value in head.headers
                        if name != b"transfer-encoding"
                    ]
                    return httpx.Request(
                        head.method.decode(), url.decode(), headers=headers, content=body
                    )
                case _:
                    return None

    def close(self) -> None:
        """End the server and its thread."""

        async def end() -> None:
            await self._hang_up()
            self._stranger.close()
            self.local.model.close()
            while others := asyncio.all_tasks() - {asyncio.current_task()}:
                await asyncio.sleep(0)  # cancelled before it begins, none closes its connection
                for task in others:
                    task.cancel()
                await asyncio.gather(*others, return_exceptions=True)

        self.run(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LIMIT_S)
        self._loop.close()
        self._kept.close()


def _length(answer: httpx.Response) -> list[tuple[bytes, bytes]]:
    return (
        []
        if "content-length" in answer.headers
        else [(b"content-length", str(len(answer.content)).encode())]
    )
