"""A port that a test has for itself, also while nobody listens at it."""

from __future__ import annotations

import contextlib
import socket

import pytest

from steps.kept_port import HOST, KeptPort
from steps.network.listener import Listener


class Silent(Listener):
    def serve(self, connection: socket.socket) -> None:
        connection.sendall(b"here")


def is_there(port: int) -> bool:
    with contextlib.suppress(ConnectionRefusedError), socket.create_connection((HOST, port)) as one:
        return one.recv(10) == b"here"
    return False


def test_nobody_else_is_given_it_while_it_is_listened_at_or_not() -> None:
    with KeptPort() as port:
        for _ in range(2):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((HOST, port.number))
            with port.listening(), socket.create_connection((HOST, port.number)):
                pass
            with socket.socket() as other, pytest.raises(OSError, match="in use"):
                other.bind((HOST, port.number))


def test_a_server_that_goes_and_comes_back_is_at_its_port_again() -> None:
    server = Silent()
    assert is_there(server.port)
    for _ in range(2):
        server.fault = "is not there"
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind((HOST, server.port))
        assert not is_there(server.port)
        server.fault = None
        assert is_there(server.port)
    server.close()
