"""A port on loopback at which a thread answers each connection, with a fault by name: what the far
ends of a network for tests have in common.

Blocking sockets and threads, because only these send TLS's own words of refusal before they close.
"""

from __future__ import annotations

import contextlib
import fcntl
import select
import socket
import termios
import threading
import time
from collections.abc import Callable

from refapp.demo_server.routes.requests import MAX_BODY_BYTES
from steps.kept_port import KeptPort

BLOCK = 2**16
CLOSED_WITHIN_S = 2.0


class Listener:
    """A port on loopback, a thread a connection. ``fault`` names what is wrong with it now.

    ``falls_silent`` is told, in one of its ``threads``, when no more will come on a connection.
    """

    def __init__(self) -> None:
        self._fault: str | None = None
        self._open: set[socket.socket] = set()
        self._one_closed = threading.Condition()
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
        with self._one_closed:
            self._open.discard(connection)
            self._one_closed.notify()

    def kept_open(self) -> int:
        """How many connections the other side keeps, which has a moment to close them."""
        with self._one_closed:
            while self._open and self._one_closed.wait(CLOSED_WITHIN_S):
                pass
            return len(self._open)

    def serve(self, connection: socket.socket) -> None:
        """What becomes of a connection."""
        raise NotImplementedError

    def say_no_more(self, connection: socket.socket) -> None:
        """Nothing, until the other side gives up."""
        _until_taken(connection)
        self.falls_silent()
        until_closed(connection)

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


def request_of(connection: socket.socket) -> tuple[bytes, bytes] | None:
    """The head and the body of the next request; None at the end."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = connection.recv(BLOCK)
        if not more:
            return None
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    lines = (line.lower().partition(b":") for line in head.split(b"\r\n"))
    length = next((int(value) for name, _, value in lines if name == b"content-length"), 0)
    while len(body) < min(length, MAX_BODY_BYTES):
        body += connection.recv(BLOCK)
    return head, body


def _until_taken(connection: socket.socket) -> None:
    """Until what was sent is with the other side: the kernel delivers it later if it is busy."""
    waiting = True
    while waiting:
        waiting = fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)) != bytes(4)
        time.sleep(0.0005 if waiting else 0)


def until_closed(connection: socket.socket) -> None:
    while connection.recv(BLOCK):
        pass


def pass_on(one: socket.socket, other: socket.socket) -> None:
    """What either says to the other, until one of them ends."""
    while True:
        for ready in select.select([one, other], [], [], 20)[0]:
            part = ready.recv(BLOCK)
            if not part:
                return
            (other if ready is one else one).sendall(part)
