"""A proxy for tests with every fault by name, on loopback, for real.

Owns its faults and how each is made. While ``fault`` is None it passes everything on.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping

from steps.network.listener import Listener, pass_on, request_of

PROXY_ANSWERS: Mapping[str, bytes] = {
    "wants a password": b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
    "forbids it": b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
    "can't reach the server": b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n",
    "speaks no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "closes without an answer": b"",
}


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
        asked = request_of(connection)
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
