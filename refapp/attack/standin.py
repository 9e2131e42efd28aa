"""Plays the app for the attack suite: a process of the same user with a secret in memory, in its
environment and in an open file.

Its listeners answer whoever reaches them with the mark. It says where everything is in one JSON
line, and ends with its standard input. It lets itself be traced, so that an attempt on its memory
has a control where Yama is on.
"""

from __future__ import annotations

import collections
import ctypes
import json
import selectors
import signal
import socket
import sys
from pathlib import Path

_PR_SET_PTRACER = 0x59616D61
_ANYONE = 2**64 - 1
_ANSWERED: collections.deque[socket.socket] = collections.deque(maxlen=8)


def main(folder: Path, mark: bytes) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(_ANYONE), 0, 0, 0)
    for harmless in (signal.SIGUSR1, signal.SIGIO, signal.SIGURG):
        signal.signal(harmless, signal.SIG_IGN)
    memory = ctypes.create_string_buffer(mark)
    token = (folder / "tokens.json").open("rb")
    selector = selectors.DefaultSelector()
    tcp, udp = (
        _listen(socket.AF_INET, ("127.0.0.1", 0)),
        _datagram(socket.AF_INET, ("127.0.0.1", 0)),
    )
    unix = _listen(socket.AF_UNIX, str(folder / "bus"))
    abstract = _listen(socket.AF_UNIX, f"\0{folder}")
    local = _datagram(socket.AF_UNIX, str(folder / "log"))
    tcp6 = _listen(socket.AF_INET6, ("::1", 0)) if socket.has_ipv6 else None
    for listener in filter(None, (tcp, udp, unix, abstract, local, tcp6)):
        selector.register(listener, selectors.EVENT_READ)
    selector.register(sys.stdin, selectors.EVENT_READ)
    where = {
        "address": ctypes.addressof(memory),
        "app_file": token.fileno(),
        "tcp": tcp.getsockname()[1],
        "udp": udp.getsockname()[1],
        "tcp6": tcp6.getsockname()[1] if tcp6 else 0,
    }
    sys.stdout.write(json.dumps(where) + "\n")
    sys.stdout.flush()
    while True:
        for key, _ in selector.select():
            if key.fileobj is sys.stdin:
                return
            assert isinstance(key.fileobj, socket.socket)
            _answer(key.fileobj, mark)


def _listen(family: int, address: tuple[str, int] | str) -> socket.socket:
    listener = socket.socket(family)
    listener.bind(address)
    listener.listen(64)
    return listener


def _datagram(family: int, address: tuple[str, int] | str) -> socket.socket:
    receiver = socket.socket(family, socket.SOCK_DGRAM)
    receiver.bind(address)
    return receiver


def _answer(listener: socket.socket, mark: bytes) -> None:
    try:
        if listener.type == socket.SOCK_DGRAM:
            _, peer = listener.recvfrom(4096)
            if peer:
                listener.sendto(mark, peer)
        else:
            connection, _ = listener.accept()
            connection.sendall(mark)
            connection.shutdown(socket.SHUT_WR)
            # Kept for a while, so that whoever speaks first is not cut off before it listens.
            _ANSWERED.append(connection)
    except OSError:
        # Whoever asked is gone already.
        return


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2].encode())
