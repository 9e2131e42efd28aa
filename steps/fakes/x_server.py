"""An X server without a screen, as the start of the app meets it: whom it lets in, and what the
desktop's settings are there. A thread that answers before it is asked.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator, Mapping

from steps.scenario.around_it import XServer

ANSWERS: Mapping[XServer, bytes] = {
    "lets nobody in": bytes(8),
    # A screen (X Window System Protocol, appendix B).
    "lets the app in": struct.pack("<B5xH36x", 1, 9),
    "wants its cookie": b"",
}
GREETING = 48
"""How long the words are that come with a cookie."""


def _as_greeted(words: bytes, cookie: bytes) -> bytes:
    return ANSWERS["lets the app in" if cookie in words else "lets nobody in"]


def _told(settings: str) -> bytes:
    """The value of the desktop's settings, as the X server answers for it."""
    padded = settings.encode() + bytes(-len(settings) % 4)
    return struct.pack("<B3xI8xI12x", 1, len(padded) // 4, len(settings)) + padded


@contextlib.contextmanager
def answering(display: str, does: XServer, cookie: bytes, settings: str) -> Iterator[None]:
    """Until it is not needed any more: it answers before it is asked, but where it looks at what it
    is greeted with.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(f"\0/tmp/.X11-unix/X{display.removeprefix(':')}")
        server.listen()

        def refuse() -> None:
            with contextlib.suppress(OSError), contextlib.ExitStack() as clients:
                while True:
                    client = clients.enter_context(server.accept()[0])
                    # One that has gone again is no reason to answer nobody any more.
                    with contextlib.suppress(OSError):
                        greeted = ANSWERS[does] or _as_greeted(client.recv(GREETING), cookie)
                        client.sendall(greeted + _told(settings))

        refusing = threading.Thread(target=refuse)
        refusing.start()
        try:
            yield
        finally:
            server.shutdown(socket.SHUT_RDWR)
            refusing.join()
