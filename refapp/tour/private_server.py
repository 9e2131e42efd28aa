"""An embedded auth server of the tour's own, in a process of its own, with its back door open.

Owns the process, which ends with its standard input and so also when this one is killed.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Self

import httpx
import msgspec

from refapp.tour import wording
from refapp.trusted.errors import RefappError

END_LIMIT_S = 10.0
ORDER_LIMIT_S = 10.0


class ServerError(RefappError):
    """The embedded server does not start, or does not do what it was told."""

    code = "demo_server"


class _Ready(msgspec.Struct, rename="camel"):
    url: str
    email: str
    password: str
    control_key: str


class PrivateServer:
    """A context manager: an auth server on loopback, with its database in ``folder`` and one
    account. ``options``: more of its command line. Raises ServerError.
    """

    def __init__(self, folder: Path, mode: str, *options: str) -> None:
        command = [
            sys.executable,
            "-m",
            "refapp.demo_server",
            "--data",
            str(folder),
            "--mode",
            mode,
        ]
        self._process = subprocess.Popen(
            [*command, "--control", "--exit-with-stdin", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with contextlib.ExitStack() as undo:
            undo.callback(self.close)
            ready = self._ready()
            undo.pop_all()
        self.url, self.email, self.password = ready.url, ready.email, ready.password
        self._key = ready.control_key

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def do(self, order: str, **details: object) -> int:
        """Carry out one order of ``demo_server.control``; what it counts."""
        try:
            answer = httpx.post(
                f"{self.url}/control",
                json={"do": order, **details},
                headers={"x-control-key": self._key},
                timeout=ORDER_LIMIT_S,
                trust_env=False,
            ).raise_for_status()
        except httpx.HTTPError as error:
            raise ServerError(wording.server_did_not_do(order, type(error).__name__)) from error
        return int(answer.json()["done"])

    def sign_up(self, email: str, name: str) -> None:
        """Make an account of somebody else's, with this account's password."""
        account = {"email": email, "name": name, "password": self.password}
        try:
            httpx.post(
                f"{self.url}/api/auth/sign-up/email",
                json=account,
                timeout=ORDER_LIMIT_S,
                trust_env=False,
            ).raise_for_status()
        except httpx.HTTPError as error:
            raise ServerError(wording.no_account(type(error).__name__)) from error

    def sign_in_at(self, link: str, email: str = "") -> None:
        """What a person does in the browser: open ``link``, sign in, and be sent back to the app.
        ``email``: somebody else's.
        """
        form = {"email": email or self.email, "password": self.password}
        try:
            answer = httpx.post(link, data=form, timeout=ORDER_LIMIT_S, trust_env=False)
            httpx.get(
                answer.headers["location"], timeout=ORDER_LIMIT_S, trust_env=False
            ).raise_for_status()
        except (httpx.HTTPError, KeyError) as error:
            raise ServerError(wording.page_did_not_lead_back(type(error).__name__)) from error

    def close(self) -> None:
        """End the server."""
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ready(self) -> _Ready:
        stdout, stderr = self._process.stdout, self._process.stderr
        line = b"" if stdout is None else stdout.readline()
        if not line.startswith(b"READY "):
            said = b"" if stderr is None else stderr.read()
            raise ServerError(wording.server_not_started(said.decode(errors="replace").strip()))
        return msgspec.json.decode(line.removeprefix(b"READY "), type=_Ready)
