"""Copies of the app that share one store, in processes of their own, on a server that revokes the
family on a replay.

RF-11: one refresh an expiry, whoever makes it.
SO-8: a sign-out in one copy is found out by the others.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.demo_server.control import KEY_HEADER
from steps.servers.auth_servers import AuthServer, embedded_server

COPIES = 8
EXPIRIES = 50


class Copy:
    """One process."""

    def __init__(self, folder: Path, origin: str, deadline_s: float = 20.0) -> None:
        command = [
            sys.executable,
            "-m",
            "steps.in_process.copy_process",
            str(folder),
            origin,
            str(deadline_s),
        ]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, *order: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\t".join(order) + "\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def do(self, *order: str) -> str:
        self.ask(*order)
        return self.answer()

    def end(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[AuthServer]:
    with embedded_server(tmp_path / "server", "--mode", "rotating") as running:
        yield running


@pytest.fixture
def copies(server: AuthServer, tmp_path: Path) -> Iterator[list[Copy]]:
    started = [Copy(tmp_path / "app", server.url) for _ in range(COPIES)]
    yield started
    for copy in started:
        copy.end()


def asked(server: AuthServer, path: str) -> int:
    """How many requests for ``path`` the server has answered, or holds the answer of."""
    log = server.client.get("/control", headers={KEY_HEADER: server.control_key}).json()
    return sum(1 for seen in log["requests"] if seen["path"] == path)


def refreshes(server: AuthServer) -> int:
    return asked(server, "/api/auth/refresh")


def until_synced(server: AuthServer, copies: int) -> None:
    """Until each of ``copies`` has made its first sync, which it begins by itself once it is signed
    in: one that met the expiry that comes next would renew before it is asked to call.
    """
    while asked(server, "/app/notes") < copies:
        time.sleep(0.01)


def test_copies_share_one_refresh_for_each_expiry(server: AuthServer, copies: list[Copy]) -> None:
    assert copies[0].do("in", server.email, server.password) == "signed_in"
    for copy in copies[1:]:
        assert copy.do("restore") == "signed_in"
    until_synced(server, COPIES)
    for expiry in range(EXPIRIES):
        server.control("expire_access", email=server.email)
        server.control("forget_requests")
        for copy in copies:
            copy.ask("call")
        assert [copy.answer() for copy in copies] == ["200"] * COPIES, f"expiry {expiry}"
        assert refreshes(server) == 1, f"expiry {expiry}"
    assert {copy.do("phase") for copy in copies} == {"signed_in"}


def test_a_sign_out_in_one_copy_ends_the_session_of_the_others(
    server: AuthServer, copies: list[Copy]
) -> None:
    assert copies[0].do("in", server.email, server.password) == "signed_in"
    assert copies[1].do("restore") == "signed_in"
    assert copies[0].do("out") in ("signed_out", "awaiting_restart")
    assert copies[1].do("call") == "no_access_token"
    assert copies[1].do("phase") in ("signed_out", "awaiting_restart", "signing_out")


def test_a_copy_that_hangs_in_a_renewal_holds_up_no_sign_out_and_brings_nothing_back(
    server: AuthServer, tmp_path: Path
) -> None:
    hanging, other = (Copy(tmp_path / "app", server.url, deadline_s=3.0) for _ in range(2))
    try:
        assert hanging.do("in", server.email, server.password) == "signed_in"
        assert other.do("restore") == "signed_in"
        until_synced(server, 2)
        server.control("expire_access", email=server.email)
        server.control("forget_requests")
        server.control("hold_next", path="/api/auth/refresh")
        hanging.ask("call")
        while not refreshes(server):
            time.sleep(0.01)
        os.kill(hanging.process.pid, signal.SIGSTOP)
        assert other.do("out") in ("signed_out", "awaiting_restart")
        assert not list((tmp_path / "app").glob("tokens-*.json"))
        server.control("release")
        os.kill(hanging.process.pid, signal.SIGCONT)
        assert hanging.answer() == "no_access_token"
        assert not list((tmp_path / "app").glob("tokens-*.json"))
        assert server.control("live_sessions", email=server.email) == 0
    finally:
        hanging.process.send_signal(signal.SIGCONT)
        hanging.end()
        other.end()
