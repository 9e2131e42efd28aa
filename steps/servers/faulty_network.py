"""A network for tests with every fault by name: an https server and a proxy on loopback, for real.

Owns the faults and how each is made. While ``fault`` is None the server answers from the embedded
server's model, the proxy passes everything on, and the name ``HOST`` leads here. To set a fault
closes what is open, so that the next request meets it. Blocking sockets and threads, because only
these send TLS's own words of refusal before they close.
"""

from __future__ import annotations

import contextlib
import fcntl
import select
import socket
import ssl
import struct
import termios
import threading
import time
from collections.abc import Callable, Mapping

from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.routes.requests import MAX_BODY_BYTES
from steps.kept_port import KeptPort
from steps.servers.authority import HOST, TLS_FAULTS, Authority

ELSEWHERE = "https://www.example.com/auth"
LARGE, _BLOCK = 9 * 2**20, 2**16

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
    "is another API": (
        b"HTTP/1.1 404 No\r\ncontent-type: application/json\r\ncontent-length: 18\r\n\r\n"
        b'["no such method"]'
    ),
    "says in a page that it wants a certificate": (
        b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/html\r\ncontent-length: 43\r\n\r\n"
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

HELD: Mapping[str, bytes] = {
    "does not answer": b"",
    "does not end its answer": (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{"
    ),
}
"""The same, and then it does nothing."""

PROXY_ANSWERS: Mapping[str, bytes] = {
    "wants a password": b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
    "forbids it": b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
    "can't reach the server": b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n",
    "speaks no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "closes without an answer": b"",
}


class Listener:
    """A port on loopback, a thread a connection. ``fault`` names what is wrong with it now.

    ``falls_silent`` is told, in one of its ``threads``, when nothing more will come on a connection.
    """

    def __init__(self) -> None:
        self._fault: str | None = None
        self._open: set[socket.socket] = set()
        self._fillers: list[socket.socket] = []
        self.threads: list[threading.Thread] = []
        self.falls_silent: Callable[[], None] = lambda: None
        self._socket: socket.socket | None = None
        self._kept = KeptPort()
        self.port = self._kept.number
        self._listen()

    @property
    def fault(self) -> str | None:
        """What is wrong; None: nothing."""
        return self._fault

    @fault.setter
    def fault(self, fault: str | None) -> None:
        self._hang_up()
        self._fault = fault
        if fault == "is not there":
            self._stop()
        elif fault == "does not take connections":
            self._fill()
        elif self._socket is None:
            self._listen()

    def _listen(self) -> None:
        self._socket = self._kept.listening(backlog=16)
        self._start(self._accept, self._socket)

    def _fill(self) -> None:
        """A queue of one that is full: the kernel then lets further connections wait."""
        self._stop()
        self._socket = self._kept.listening(backlog=0)
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self._fillers.append(filler)

    def _stop(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None
        while self._fillers:
            self._fillers.pop().close()

    def _start(self, work: Callable[[socket.socket], None], on: socket.socket) -> None:
        thread = threading.Thread(target=work, args=(on,), daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):  # it was closed
            while True:
                connection, _ = listening.accept()
                self._open.add(connection)
                self._start(self._served, connection)

    def _served(self, connection: socket.socket) -> None:
        # What the client does to a connection is its affair; what it makes of it is tested.
        with contextlib.suppress(OSError, ValueError), contextlib.closing(connection):
            connection.settimeout(20)
            self.serve(connection)
        self._open.discard(connection)

    def serve(self, connection: socket.socket) -> None:
        """What becomes of a connection."""
        raise NotImplementedError

    def say_no_more(self, connection: socket.socket) -> None:
        """Nothing, until the other side gives up."""
        _until_taken(connection)
        self.falls_silent()
        _until_closed(connection)

    def _hang_up(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it all."""
        self._hang_up()
        self._stop()
        self._kept.close()
        for thread in self.threads:
            thread.join(20)


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
                connection.recv(_BLOCK)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
            case "closes before TLS":
                connection.recv(_BLOCK)
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
        while request := _request(secure):
            self.heads.append(request[0])
            if self.fault is None:
                secure.sendall(self._from_model(*request))
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


class FaultyProxy(Listener):
    """A proxy at ``address``; it leads all names to loopback. ``heads``: what it was asked.

    ``wants``: what has to be in ``proxy-authorization``. ``tls``: it is talked to over TLS.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.heads: list[bytes] = []
        self.tls = tls
        self.wants: bytes | None = None
        super().__init__()
        self.address = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def serve(self, connection: socket.socket) -> None:
        """One connection: what the fault says, or everything passed on in both directions."""
        if self.tls is None:
            self._answer(connection)
        else:
            with self.tls.wrap_socket(connection.dup(), server_side=True) as secure:
                self._answer(secure)

    def _answer(self, connection: socket.socket) -> None:
        asked = _request(connection)
        if asked is None:
            return
        self.heads.append(asked[0])
        fault = self.fault
        if self.wants is not None and b"proxy-authorization: " + self.wants not in _lines(asked[0]):
            fault = "wants a password"
        if fault == "does not answer":
            self.say_no_more(connection)
        elif fault is not None:
            connection.sendall(PROXY_ANSWERS[fault])
        else:
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            with socket.create_connection(("127.0.0.1", self.leads_to(asked[0])), 20) as server:
                pass_on(connection, server)

    def leads_to(self, asked: bytes) -> int:
        """The port that stands in the head of what was asked."""
        return int(asked.split(b" ")[1].rpartition(b":")[2])


def _lines(head: bytes) -> list[bytes]:
    """The headers, their names in lower case."""
    parts = (line.partition(b":") for line in head.split(b"\r\n"))
    return [name.lower() + b":" + value for name, _, value in parts]


def _request(connection: socket.socket) -> tuple[bytes, bytes] | None:
    """The head and the body of the next request; None at the end."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = connection.recv(_BLOCK)
        if not more:
            return None
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    lines = (line.lower().partition(b":") for line in head.split(b"\r\n"))
    length = next((int(value) for name, _, value in lines if name == b"content-length"), 0)
    while len(body) < min(length, MAX_BODY_BYTES):
        body += connection.recv(_BLOCK)
    return head, body


def _until_taken(connection: socket.socket) -> None:
    """Until what was sent is with the other side: the kernel delivers it later if it is busy."""
    waiting = True
    while waiting:
        waiting = fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)) != bytes(4)
        time.sleep(0.0005 if waiting else 0)


def _until_closed(connection: socket.socket) -> None:
    while connection.recv(_BLOCK):
        pass


def _drain(connection: socket.socket) -> None:
    connection.settimeout(1)
    with contextlib.suppress(OSError):
        _until_closed(connection)


def _reset(secure: ssl.SSLSocket) -> None:
    secure.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def pass_on(one: socket.socket, other: socket.socket) -> None:
    """What either says to the other, until one of them ends."""
    while True:
        for ready in select.select([one, other], [], [], 20)[0]:
            part = ready.recv(_BLOCK)
            if not part:
                return
            (other if ready is one else one).sendall(part)
