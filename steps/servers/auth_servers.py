"""Auth servers for tests: the embedded one in this process or in its own, and real BetterAuth on
Node. All on loopback.

The processes speak one protocol to whoever starts them: they print ``READY {json}`` once they serve
and end when their standard input ends. All have a back door (``control``) that lets sessions run
out, ends them, or breaks the session store; an order and its arguments are those of
``refapp.demo_server.control.Order``.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Protocol

import httpx

from refapp.demo_server.control import KEY_HEADER, Control
from refapp.demo_server.demo_account import DEMO_EMAIL, DEMO_NAME
from refapp.demo_server.in_process import handler_of
from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.setup import ServerSettings
from steps.scenario.people import ADA

END_WITHIN_S = 10.0
BETTERAUTH = Path(__file__).parents[2] / "tests" / "betterauth"
BETTERAUTH_1_4 = BETTERAUTH / "v1.4"


class ServerMissing(Exception):
    """The server can't be started on this machine; the text says what to install."""


class Server(Protocol):
    """What a test may do with an auth server.

    ``url`` is its origin; ``email`` and ``password`` are the demo account's;
    ``client`` keeps no cookies, as the app's own.
    """

    url: str
    email: str
    password: str
    client: httpx.Client

    def control(self, do: str, **arguments: object) -> int:
        """Carry out one order of the back door;
        the number that it answers (1 if there is nothing to count).
        """

    def stop(self) -> None:
        """End the server."""


class AuthServer:
    """A server in a process of its own."""

    def __init__(self, command: Sequence[str], folder: Path | None = None) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with contextlib.ExitStack() as undo:
            undo.callback(self._end)
            ready = self._ready()
            undo.pop_all()
        self.url = str(ready["url"])
        self.email = str(ready["email"])
        self.password = str(ready["password"])
        self.client = _client(self.url)
        self.control_key = str(ready["controlKey"])

    def _ready(self) -> dict[str, object]:
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        line = self._process.stdout.readline()
        if not line.startswith("READY "):
            raise ServerMissing(f"the server did not start: {self._process.stderr.read().strip()}")
        ready: dict[str, object] = json.loads(line.removeprefix("READY "))
        return ready

    def control(self, do: str, **arguments: object) -> int:
        """Carry out one order of the back door."""
        answer = self.client.post(
            "/control", json={"do": do, **arguments}, headers={KEY_HEADER: self.control_key}
        )
        answer.raise_for_status()
        return int(answer.json()["done"])

    def mail_to(self, email: str) -> str:
        """What ``email`` was sent last: a code, or the token of a link."""
        order = {"do": "last_mail", "email": email}
        answer = self.client.post("/control", json=order, headers={KEY_HEADER: self.control_key})
        sent: str | int = answer.raise_for_status().json()["done"]
        # The embedded server's orders answer numbers, and one code in ten begins with a zero.
        return sent if isinstance(sent, str) else f"{sent:06}"

    def stop(self) -> None:
        """End the server: its standard input ends, and so does it."""
        self.client.close()
        self._end()

    def _end(self) -> None:
        process = self._process
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()

    def __enter__(self) -> AuthServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class InProcessServer:
    """The embedded server's model in this process, without a socket."""

    def __init__(self, settings: ServerSettings) -> None:
        self.url = "http://127.0.0.1"
        self.model = AuthServerModel(settings, origin=self.url)
        self.model.add_user(DEMO_NAME, DEMO_EMAIL, ADA.password, "ada")
        self.email, self.password = DEMO_EMAIL, ADA.password
        self._control = Control(self.model, "in process")
        handle = handler_of(self.model)
        self.client = _client(
            self.url, httpx.MockTransport(lambda request: asyncio.run(handle(request)))
        )

    def control(self, do: str, **arguments: object) -> int:
        """Carry out one order of the back door."""
        order = json.dumps({"do": do, **arguments}).encode()
        answer = self._control.handle("POST", {KEY_HEADER: "in process"}, order)
        assert answer.status == 200, answer.body
        return int(json.loads(answer.body)["done"])

    def stop(self) -> None:
        """Close the client and the database."""
        self.client.close()
        self.model.close()


def _client(url: str, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    nothing_kept = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    headers = {"user-agent": "refapp/test"}
    return httpx.Client(
        base_url=url,
        headers=headers,
        cookies=nothing_kept,
        transport=transport,
        trust_env=False,
        timeout=30,
        # Both kinds of server close a connection that was idle for five seconds, a busy one with
        # the next request unread in it.
        limits=httpx.Limits(keepalive_expiry=2),
    )


def embedded_server(data: Path, *options: str) -> AuthServer:
    """Start the embedded server with its database in ``data``;
    ``options`` as on its command line.
    """
    command = [
        sys.executable,
        "-m",
        "refapp.demo_server",
        "--data",
        str(data),
        "--control",
        "--exit-with-stdin",
    ]
    return AuthServer([*command, "--demo-password", ADA.password, *options])


def real_betterauth(*options: str, release: Path = BETTERAUTH) -> AuthServer:
    """Start real BetterAuth; ``options`` as on its command line (tests/betterauth/README.md).

    Raises:
        ServerMissing: Node or the packages are not there.
    """
    why_not = betterauth_missing(release)
    if why_not is not None:
        raise ServerMissing(why_not)
    return AuthServer(
        ["node", str(release / "main.mjs"), "--control", "--exit-with-stdin", *options]
    )


def betterauth_missing(release: Path = BETTERAUTH) -> str | None:
    """What real BetterAuth lacks to run here, in words for a skipped test; None if nothing."""
    if shutil.which("node") is None:
        return "real BetterAuth needs Node 20 or newer; `node` is not on the PATH"
    if not (release / "node_modules" / "better-auth").is_dir():
        folder = release.relative_to(BETTERAUTH.parent.parent)
        return f"real BetterAuth is not installed; run `npm ci` in {folder}"
    return None
