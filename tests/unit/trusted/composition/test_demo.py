"""The embedded server is shared with the person's own other copy of the app, and with nobody else's
program (SB-9).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from refapp.demo_server.__main__ import DATABASE
from refapp.demo_server.demo_account import DEMO_EMAIL, demo_password
from refapp.snapshot import DemoAccount
from refapp.trusted.composition.demo import DemoServer
from refapp.trusted.errors import ConfigError
from refapp.trusted.sign_in import connected_user

SERVES = """
import os, socket, sys
if os.getuid() == 0 and sys.argv[1] == "as nobody":
    os.setgid(65534), os.setuid(65534)
there = socket.create_server(("127.0.0.1", 0))
print(there.getsockname()[1], flush=True)
while True:
    one, _ = there.accept()
    print("asked", flush=True)
    one.recv(1000)
    one.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
    one.close()
"""
"""Answers everything with a yes, as a program that wants the app's tokens would."""


async def meet(folder: Path, whose: str) -> tuple[str, bytes]:
    """What a start says that finds such a program at its port, and what the program heard."""
    python = shutil.which("python3", path=os.defpath) or sys.executable
    other = await asyncio.create_subprocess_exec(
        python, "-I", "-S", "-c", SERVES, whose, stdout=asyncio.subprocess.PIPE
    )
    assert other.stdout is not None
    server = DemoServer(folder, int(await other.stdout.readline()))
    try:
        await server.start()
        account = await server.ready()
        said = "" if account is None else f"{account.email} {account.password}"
    except ConfigError as error:
        said = error.sentence
    finally:
        await server.stop()
        other.kill()
        heard = await other.stdout.read()
        await other.wait()
    return said, heard


def test_the_persons_own_is_shared(tmp_path: Path) -> None:
    (tmp_path / "demo-server").mkdir()
    password = demo_password(tmp_path / "demo-server")
    said, heard = asyncio.run(meet(tmp_path, "as oneself"))
    assert said == f"{DEMO_EMAIL} {password}"
    assert heard == b"asked\n"


def test_of_two_copies_that_start_at_once_one_shares_the_others(tmp_path: Path) -> None:
    async def both() -> list[DemoAccount | None]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        servers = [DemoServer(tmp_path, port) for _ in range(2)]
        try:
            await asyncio.gather(*(server.start() for server in servers))
            return await asyncio.gather(*(server.ready() for server in servers))
        finally:
            await asyncio.gather(*(server.stop() for server in servers))

    one, other = asyncio.run(both())
    assert one is not None
    assert one == other


def test_what_keeps_it_from_starting_is_said_with_the_cure(tmp_path: Path) -> None:
    async def start() -> None:
        server = DemoServer(tmp_path, 0)
        try:
            await server.start()
            await server.ready()
        finally:
            await server.stop()

    (tmp_path / "demo-server" / DATABASE).mkdir(parents=True)
    with pytest.raises(ConfigError) as error:
        asyncio.run(start())
    assert error.value.sentence == (
        "The embedded server could not start. The demo server can't start: unable to open database "
        "file. Make room if the disk is full, use --server URL, or try again."
    )


def test_of_a_server_with_another_folder_no_password_is_known(tmp_path: Path) -> None:
    assert asyncio.run(meet(tmp_path, "as oneself")) == ("", b"asked\n")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as another user")
def test_another_users_is_not_even_asked(tmp_path: Path) -> None:
    said, heard = asyncio.run(meet(tmp_path, "as nobody"))
    assert said.startswith("The embedded server could not start.")
    assert heard == b""


def test_what_the_kernel_does_not_show_is_anothers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected_user, "TABLES", ())
    assert asyncio.run(meet(tmp_path, "as oneself"))[1] == b""
