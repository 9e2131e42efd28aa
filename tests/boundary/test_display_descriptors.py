"""What the X protocol has beside its bytes, descriptors, goes through the display's gate in neither
direction (DG-1).
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator

import pytest

from refapp.display_gate import process
from refapp.display_gate.decoder import Decoder
from tests.unit.display_gate.display_server import GREETING, ROOT, reply, request, setup


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The window's end and the display's of a gate that carries."""
    window, gates_window = socket.socketpair()
    display, gates_display = socket.socketpair()
    decoder = Decoder()
    assert decoder.greeting(GREETING) is not None
    for end in (gates_window, gates_display):
        end.setblocking(False)
    carrying = threading.Thread(
        target=process.carry,
        args=(gates_window.fileno(), gates_display.fileno(), decoder),
        daemon=True,
    )
    carrying.start()
    yield window, display
    window.close()
    carrying.join(10)
    for end in (display, gates_window, gates_display):
        end.close()


def test_descriptors_are_dropped_on_both_ways(ends: tuple[socket.socket, socket.socket]) -> None:
    window, display = ends
    secret, spare = os.pipe()
    display.sendall(setup())
    assert window.recv(4096) == setup()
    asked, said = request(14, 0, ROOT), reply(1, ROOT)
    socket.send_fds(window, [asked], [secret])
    data, descriptors, flags, _ = socket.recv_fds(display, 4096, 4)
    assert (data, descriptors, flags & socket.MSG_CTRUNC) == (asked, [], 0)
    socket.send_fds(display, [said], [secret])
    data, descriptors, flags, _ = socket.recv_fds(window, 4096, 4)
    assert (data, descriptors, flags & socket.MSG_CTRUNC) == (said, [], 0)
    os.close(secret)
    with pytest.raises(BrokenPipeError):  # nobody holds a copy of it
        os.write(spare, b"x")
    os.close(spare)
