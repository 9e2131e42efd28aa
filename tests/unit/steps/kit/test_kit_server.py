"""The server that an app under test is given."""

from __future__ import annotations

import gc
import socket
import time
import warnings

import pytest

from steps.kit.server import KitServer


def test_an_app_that_connects_as_it_ends_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left: list[str] = []
    monkeypatch.setattr("sys.unraisablehook", lambda told: left.append(str(told.exc_value)))
    for number in range(20):
        server = KitServer(lambda _: None)
        port = int(server.origin.rpartition(":")[2])
        apps = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        if number % 2:
            time.sleep(0.001)  # the loop is at another place then
        server.close()
        for app in apps:
            app.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        gc.collect()
    assert left == []
