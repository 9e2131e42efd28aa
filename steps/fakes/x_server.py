"""An X server without a screen, as the start of the app meets it: whom it lets in, what the
desktop's settings are there, and what becomes of its screen. A thread that answers before it is
asked.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping

from steps.scenario.around_it import XServer

ANSWERS: Mapping[XServer, bytes] = {
    "lets nobody in": bytes(8),
    # A screen (X Window System Protocol, appendix B).
    "lets the app in": struct.pack("<B5xH36x", 1, 9),
    "wants its cookie": b"",
}
CHANGED, ROOT, BY_A_PROGRAM, ANOTHER = 22, 0, 0x80, 1
FIRST_SIZE, SIZE, OTHER_SIZE = (1280, 800), (1024, 768), (640, 480)
GREETING = 48
"""How long the words are that come with a cookie."""


def _as_greeted(words: bytes, cookie: bytes) -> bytes:
    return ANSWERS["lets the app in" if cookie in words else "lets nobody in"]


def _told(settings: str) -> bytes:
    """The value of the desktop's settings, as the X server answers for it. The same bytes answer
    for the screen, whose size stands where theirs does: as lines, they may end in more of them.
    """
    padded = settings.encode() + b"\n" * (-len(settings) % 4)
    return struct.pack("<B3xI8xHH12x", 1, len(padded) // 4, *FIRST_SIZE) + padded


def _size(code: int, window: int, size: tuple[int, int]) -> bytes:
    return struct.pack("<BxHIIIhhHH8x", code, 0, window, window, 0, 0, 0, *size)


SMALLER = (
    _size(CHANGED, ROOT, SIZE)
    + _size(CHANGED, ANOTHER, OTHER_SIZE)
    + _size(CHANGED | BY_A_PROGRAM, ROOT, OTHER_SIZE)
)
"""The screen is, and a window of another program; and one says that of the screen."""
AS_BEFORE = _size(CHANGED, ROOT, FIRST_SIZE)


@contextlib.contextmanager
def answering(
    display: str, does: XServer, cookie: bytes, settings: str
) -> Iterator[Callable[[], None]]:
    """Until it is not needed any more: it answers before it is asked, but where it looks at what it
    is greeted with. Its screen gets smaller when what it gives is called, and then as it was.
    """
    inside: list[socket.socket] = []
    told: list[bytes] = []

    def tell(client: socket.socket, what: bytes) -> None:
        # One that has gone again is no reason to answer nobody any more.
        with contextlib.suppress(OSError):
            client.sendall(what)

    def resize() -> None:
        told.append(AS_BEFORE if told else SMALLER)
        for client in inside:
            tell(client, told[-1])

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(f"\0/tmp/.X11-unix/X{display.removeprefix(':')}")
        server.listen()

        def refuse() -> None:
            with contextlib.suppress(OSError), contextlib.ExitStack() as clients:
                while True:
                    client = clients.enter_context(server.accept()[0])
                    with contextlib.suppress(OSError):
                        greeted = ANSWERS[does] or _as_greeted(client.recv(GREETING), cookie)
                        client.sendall(greeted + _told(settings))
                    inside.append(client)
                    tell(client, b"".join(told))

        refusing = threading.Thread(target=refuse)
        refusing.start()
        try:
            yield resize
        finally:
            server.shutdown(socket.SHUT_RDWR)
            refusing.join()
