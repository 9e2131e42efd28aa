"""The place of the embedded server, without that: who is at its port, and what its command does in
a few words of a shell, for a start that names no server.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import types
from collections.abc import Iterator
from pathlib import Path
from typing import get_args
from unittest import mock

from steps.scenario.around_it import OwnPort

HER_COPY, ANOTHER_PROGRAM, ANOTHER_USER, NONE, NOT_YET, BEGUN = get_args(OwnPort)
NO_PORT = 1_000_000
PASSWORD = "lovelace-1815"
SERVES = f"""[ "$6" = "$(cat "$4/../demo-port")" ] || exit 1
echo 'READY {{"email":"ada@example.com","password":"{PASSWORD}"}}'; cat"""
"""At the port that the next start will look for, too."""
CAN_NOT = "printf 'The embedded server has ended.\\nThe port is taken.\\n' >&2; exit 1"


def _table(port: int) -> types.SimpleNamespace:
    """The kernel's table of sockets (proc(5)): another user waits at ``port`` of this address, and
    Ada herself at that of another.
    """
    own = os.getuid()
    rows = "".join(
        f"   0: {at}:{port:04X} 00000000:0000 0A 0:0 00:0 0 {user} 0 {inode} 1\n"
        for at, user, inode in (("0200007F", own, 4711), ("0100007F", own + 1, 4712))
    )
    text = f"  sl  local_address rem_address   st tx_queue rx_queue\n{rows}"
    return types.SimpleNamespace(exists=lambda: True, read_text=lambda: text)


class Embedded:
    """For an app whose files are in ``folder``, and whose ``port`` is such a one. ``ways``: how it
    may find out whether its own server is there.
    """

    def __init__(self, folder: Path, port: OwnPort) -> None:
        self._kind = port
        self._there = socket.create_server(("127.0.0.1", 0))
        self._port = self._there.getsockname()[1]
        self.ways = () if port == ANOTHER_USER else (f"socket.connect ('127.0.0.1', {self._port})",)
        self._command = folder.parent / "python"
        taken = port in (ANOTHER_PROGRAM, ANOTHER_USER, BEGUN)
        self._command.write_text(f"#!/bin/sh\n{CAN_NOT if taken else SERVES}\n")
        self._command.chmod(0o700)
        files = folder / "demo-server"
        files.mkdir(mode=0o700, parents=True)
        if port in (HER_COPY, BEGUN):
            (files / "demo-password").write_text(PASSWORD)
        if port != NOT_YET:
            kept = folder / "demo-port"
            kept.touch(mode=0o600)
            kept.write_text(str(NO_PORT if port == NONE else self._port))

    @contextlib.contextmanager
    def around(self) -> Iterator[None]:
        """Within, the app is started."""
        command = types.SimpleNamespace(executable=str(self._command))
        answering = threading.Thread(target=self._answer)
        with (
            self._there,
            mock.patch("refapp.trusted.sign_in.connected_user.TABLES", (_table(self._port),))
            if self._kind == ANOTHER_USER
            else contextlib.nullcontext(),
            mock.patch("refapp.trusted.composition.demo.sys", command),
        ):
            answering.start()
            try:
                yield
            finally:
                self._there.shutdown(socket.SHUT_RDWR)
                answering.join()

    def _answer(self) -> None:
        said = b"404 Not Found" if self._kind in (ANOTHER_PROGRAM, BEGUN) else b"200 OK"
        with contextlib.suppress(OSError):
            while True:
                with self._there.accept()[0] as asking:
                    asking.recv(1000)
                    asking.sendall(b"HTTP/1.1 " + said + b"\r\nContent-Length: 0\r\n\r\n")
                said = b"200 OK" if self._kind == BEGUN else said
