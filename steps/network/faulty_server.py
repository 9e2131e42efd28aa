"""An https server for tests with every fault by name, on loopback, for real.

Owns its faults and how each is made. While ``fault`` is None it answers from the embedded server's
model, and the name ``HOST`` leads here. To set a fault closes what is open, so that the next
request meets it.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
from collections.abc import Callable, Mapping

from refapp.demo_server.model import AuthServerModel
from steps.network.authority import HOST, TLS_FAULTS, Authority
from steps.network.listener import BLOCK, Listener, request_of, until_closed

ELSEWHERE = "https://www.example.com/auth"
LARGE = 9 * 2**20

ANSWERS: Mapping[str, bytes] = {
    "redirects": b"HTTP/1.1 301 Moved\r\nlocation: %b?next=1\r\ncontent-length: 0\r\n\r\n"
    % ELSEWHERE.encode(),
    "is a web page": (
        b"HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 9\r\n\r\n<h1>x</h1"
    ),
    "is the network's sign-in page": (
        b"HTTP/1.1 511 Sign In\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n"
    ),
    "wants its own password": (
        b'HTTP/1.1 401 No\r\nwww-authenticate: Basic realm="x"\r\ncontent-length: 0\r\n\r\n'
    ),
    "wants its own password, as Windows asks for one": (
        b"HTTP/1.1 401 No\r\nwww-authenticate: NTLM\r\ncontent-length: 0\r\n\r\n"
    ),
    "is another API, which knows no such token": (
        b'HTTP/1.1 401 No\r\nwww-authenticate: Bearer error="invalid_token"\r\n'
        b"content-length: 0\r\n\r\n"
    ),
    "is another API": (
        b"HTTP/1.1 404 No\r\ncontent-type: application/json\r\ncontent-length: 18\r\n\r\n"
        b'["no such method"]'
    ),
    "says in a page that it wants a certificate": (
        b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/html\r\ncontent-length: 43\r\n\r\n"
        b"<h1>No required SSL certificate was sent</h1"
    ),
    "says with a status of its own that it wants a certificate": (
        b"HTTP/1.1 496 \r\ncontent-type: text/html\r\ncontent-length: 43\r\n\r\n"
        b"<h1>No required SSL certificate was sent</h1"
    ),
    "speaks no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "speaks no HTTP, in one line": b"* OK mail.test ready.\r\n",
    "damages its answer": (
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc"
    ),
    "breaks off its answer": (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{"
    ),
    "closes without an answer": b"",
    "is too large": b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n" + b" " * LARGE,
}
"""What a server says in place of its answer, byte for byte; then it closes."""

IN_PIECES = "begins its answers with two letters by themselves"
"""It answers as it should, in more than one piece, as any network may bring it."""

HELD: Mapping[str, bytes] = {
    "does not answer": b"",
    "does not end its answer": (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{"
    ),
}
"""The same, and then it does nothing."""


class FaultyServer(Listener):
    """An auth server at ``url``. ``heads``: the requests that came through to it, byte for byte."""

    def __init__(self, authority: Authority, model: AuthServerModel) -> None:
        self._authority = authority
        self.heads: list[bytes] = []
        super().__init__()
        self.url = f"https://{HOST}:{self.port}"
        self.answer_from(model)

    def answer_from(self, model: AuthServerModel) -> None:
        """Answer from ``model`` from now on."""
        self._model = model
        model.origin = self.url

    def serve(self, connection: socket.socket) -> None:
        """One connection, with the fault of the moment."""
        match self.fault:
            case "speaks no TLS":
                connection.recv(BLOCK)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
            case "closes before TLS":
                connection.recv(BLOCK)
            case "does not answer to TLS":
                self.say_no_more(connection)
            case "resets its answer":
                self._answered(connection, lambda secure: _reset(secure))
            case _:
                self._answered(connection, self._speak)

    def _answered(self, connection: socket.socket, speak: Callable[[ssl.SSLSocket], None]) -> None:
        fault = self.fault if self.fault in TLS_FAULTS else None
        try:
            secure = self._authority.context(fault).wrap_socket(connection.dup(), server_side=True)
        except ssl.SSLError:
            # Else the kernel would throw away the word of refusal with what was not read.
            _drain(connection)
            raise
        with secure:
            secure.settimeout(20)
            self._answer_each(secure, speak)

    def _answer_each(self, secure: ssl.SSLSocket, speak: Callable[[ssl.SSLSocket], None]) -> None:
        while request := request_of(secure):
            self.heads.append(request[0])
            if self.fault is None:
                secure.sendall(self._from_model(*request))
            elif self.fault == IN_PIECES:
                answer = self._from_model(*request)
                for piece in (answer[:2], answer[2:]):
                    secure.sendall(piece)
            else:
                speak(secure)
                return

    def _speak(self, secure: ssl.SSLSocket) -> None:
        secure.sendall({**ANSWERS, **HELD}[self.fault or ""])
        if self.fault in HELD:
            self.say_no_more(secure)

    def _from_model(self, head: bytes, body: bytes) -> bytes:
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        parts = (line.partition(":") for line in lines if line)
        headers = {name.lower(): value.strip() for name, _, value in parts}
        return self.answered(method, path, headers, body)

    def answered(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        """The model's answer, as it goes over the wire."""
        answer = self._model.handle(method, path, headers, body)
        named = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
        length = f"content-length: {len(answer.body)}\r\n\r\n"
        return f"HTTP/1.1 {answer.status} X\r\n{named}{length}".encode() + answer.body


def _drain(connection: socket.socket) -> None:
    connection.settimeout(1)
    with contextlib.suppress(OSError):
        until_closed(connection)


def _reset(secure: ssl.SSLSocket) -> None:
    secure.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
