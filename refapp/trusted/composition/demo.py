"""The embedded auth server as a process beside the app, for a run without ``--server``.
It ends with the app.

Owns starting, waiting for and ending it. The server is a stand-in for somebody else's machine: the
app talks to it over HTTP as to any other, and shows its seeded account as a hint.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import sys
from pathlib import Path

import msgspec

from refapp.snapshot import DemoAccount
from refapp.trusted.errors import ConfigError
from refapp.trusted.sign_in import connected_user
from refapp.trusted.wording import start_words

START_S = 20.0
SHARED_S = 2.0


class _Ready(msgspec.Struct):
    email: str
    password: str


class DemoServer:
    """On ``port`` of loopback, its database under ``folder``."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder / "demo-server"
        self._port = port
        self._process: asyncio.subprocess.Process | None = None
        self._account: asyncio.Task[DemoAccount | None] | None = None

    async def start(self) -> None:
        """Start it; ``ready`` waits for it.
        Another copy's embedded server on the same port and folder is shared.

        Raises:
            ConfigError: the demo's packages are not installed.
        """
        if (
            importlib.util.find_spec("uvicorn") is None
            or importlib.util.find_spec("starlette") is None
        ):
            raise ConfigError(start_words.DEMO_NOT_INSTALLED)
        if await self._is_there():
            self._account = asyncio.create_task(self._shared())
            return
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "refapp.demo_server",
            "--data",
            str(self._folder),
            "--port",
            str(self._port),
            "--exit-with-stdin",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self._account = asyncio.create_task(self._wait(self._process))

    async def _is_there(self, within_s: float = SHARED_S) -> bool:
        try:
            # Another user's program may have taken the port, to be given the tokens:
            # it is not even asked (SB-9).
            if not connected_user.is_own_listener(self._port):
                return False
            async with asyncio.timeout(within_s):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                writer.write(
                    b"GET /api/auth/ok HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                )
                answer = await reader.read(4096)
                writer.close()
        except (OSError, TimeoutError):
            return False
        return answer.startswith(b"HTTP/1.1 200 ")

    async def _shared(self) -> DemoAccount | None:
        from refapp.demo_server.demo_account import DEMO_EMAIL, kept_password

        try:
            password = kept_password(self._folder)
        except OSError:
            password = None
        return None if password is None else DemoAccount(DEMO_EMAIL, password)

    async def ready(self) -> DemoAccount | None:
        """Its seeded account, once it serves; None if it is shared and of another folder.

        Raises:
            ConfigError: it could not start (the port is in use, say).
        """
        assert self._account is not None, "start comes first"  # noqa: S101 - a mistake in the program
        return await asyncio.shield(self._account)

    async def _wait(self, process: asyncio.subprocess.Process) -> DemoAccount | None:
        assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018 - pipes were asked for
        try:
            async with asyncio.timeout(START_S):
                line = await process.stdout.readline()
                said = b"" if line else await process.stderr.read(2000)
        except TimeoutError:
            raise ConfigError(start_words.DEMO_NOT_IN_TIME) from None
        if not line.startswith(b"READY ") and await self._is_there(START_S):
            return await self._shared()  # of another copy, which started at the same moment
        if not line.startswith(b"READY "):
            why = said.decode("utf-8", "replace").strip().splitlines()
            raise ConfigError(start_words.demo_not_started(why[-1] if why else ""))
        account = msgspec.json.decode(line.removeprefix(b"READY "), type=_Ready)
        return DemoAccount(account.email, account.password)

    async def stop(self) -> None:
        """End it."""
        if self._account is not None:
            self._account.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConfigError):
                await self._account
        if self._process is not None and self._process.returncode is None:
            assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
            self._process.stdin.close()
            try:
                async with asyncio.timeout(3.0):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
