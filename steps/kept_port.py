"""A port of loopback that stays a test's own: while nobody listens at it too, no other process is
given it.

Owns the socket that keeps it, which is bound and never listens: who connects there is refused. A
port that is closed, to be refused or to be opened again later, is the system's to give to whatever
test runs beside.
"""

from __future__ import annotations

import socket

HOST = "127.0.0.1"


class KeptPort:
    """``number`` is the system's choice. A context manager."""

    def __init__(self) -> None:
        self._keeps = socket.socket()
        # Else nobody could listen at it beside this one, the test itself neither.
        self._keeps.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._keeps.bind((HOST, 0))
        self.number: int = self._keeps.getsockname()[1]
        self.origin = f"http://{HOST}:{self.number}"

    def listening(self, backlog: int = 128) -> socket.socket:
        """A socket that listens at it, until that is closed."""
        return socket.create_server((HOST, self.number), backlog=backlog)

    def close(self) -> None:
        """Let it go."""
        self._keeps.close()

    def __enter__(self) -> KeptPort:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
