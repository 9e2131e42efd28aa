"""The model over HTTP: a thin Starlette app.
Reads the request whole, asks the model, brings the answer. Decides nothing.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from refapp.demo_server import control
from refapp.demo_server.model import TOO_LARGE
from refapp.demo_server.routes.requests import MAX_BODY_BYTES
from refapp.demo_server.state.answers import Answer
from refapp.demo_server.state.delivery import due

HOST = "127.0.0.1"


class Model(Protocol):
    """What answers the requests."""

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer: ...


def app_of(model: Model, back_door: control.Control | None = None) -> Starlette:
    """The ASGI app; with ``back_door`` it has the path ``/control`` too."""

    def of_model(request: Request, body: bytes) -> Answer:
        path = request.scope["raw_path"].decode("ascii", "replace")
        query = request.scope["query_string"].decode("ascii", "replace")
        return model.handle(
            request.method, f"{path}?{query}" if query else path, request.headers, body
        )

    routes = [Route("/{path:path}", Door(of_model))]
    if back_door is not None:
        order = Door(lambda request, body: back_door.handle(request.method, request.headers, body))
        routes.insert(0, Route(control.PATH, order))
    return Starlette(routes=routes)


def served(model: Model, back_door: control.Control | None = None) -> uvicorn.Config:
    """How ``app_of`` is served: without a log, and with no header that is not the model's."""
    return uvicorn.Config(
        app_of(model, back_door),
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )


class Server(uvicorn.Server):
    """uvicorn without its own signal handling, which would end the process by the signal instead of
    with exit code 0.
    """

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program."""
        yield


def listening(port: int) -> socket.socket:
    """A socket that listens on loopback; ``port`` 0 takes a free one.
    Raises OSError with the port in its text.
    """
    # asyncio switches Nagle's delay (40 ms an answer) off only for sockets that name their
    # protocol.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise OSError(f"port {port} on {HOST}: {os.strerror(error.errno or 0)}") from error
    return listener


def url_of(listener: socket.socket) -> str:
    """Where ``listener`` is reached."""
    return f"http://{HOST}:{listener.getsockname()[1]}"


class Door:
    """Answers a path. A class, so that Starlette passes all methods and leaves the answer to us."""

    def __init__(self, answer: Callable[[Request, bytes], Answer]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        request = Request(scope, receive)
        body = await _body_of(request)
        answer = TOO_LARGE if body is None else self._answer(request, body)
        await due(answer.delivery)
        await bring(answer, send)


async def bring(answer: Answer, send: Send) -> None:
    """Send ``answer``; one that is to be cut promises more bytes than come, and the server then
    ends the connection.
    """
    cut_at = answer.delivery.cut_at
    length = len(answer.body) if cut_at is None else max(len(answer.body), cut_at + 1)
    headers = [(name.encode(), value.encode()) for name, value in answer.headers]
    start = [*headers, (b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": answer.status or 500, "headers": start})
    part = answer.body if cut_at is None else answer.body[:cut_at]
    await send({"type": "http.response.body", "body": part, "more_body": cut_at is not None})


async def _body_of(request: Request) -> bytes | None:
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > MAX_BODY_BYTES:
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)
