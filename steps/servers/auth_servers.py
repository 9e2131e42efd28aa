"""Auth servers for tests: the embedded one in this process or in its own, and real BetterAuth on
Node. All on loopback; ``hosts`` starts and ends them.

All have a back door (``control``) that lets sessions run out, ends them, or breaks the session
store; an order and its arguments are those of ``refapp.demo_server.control.Order``.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import ssl
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
from steps.servers.hosts import betterauth, forked
from steps.servers.hosts.own_process import OwnProcess
from steps.servers.hosts.running import Running, ServerMissing

BETTERAUTH = Path(__file__).parents[2] / "tests" / "betterauth"
BETTERAUTH_1_4 = BETTERAUTH / "v1.4"


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
    """A server in a process, which it may share with others (``hosts``)."""

    def __init__(self, running: Running) -> None:
        self._running = running
        ready = running.ready
        self.url = str(ready["url"])
        self.email = str(ready["email"])
        self.password = str(ready["password"])
        self.client = _client(self.url)
        self.control_key = str(ready["controlKey"])
        self.pid = int(str(ready["pid"]))

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
        """End the server."""
        self.client.close()
        self._running.end()

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
        # Nothing here is TLS, and to read whom to trust takes longer than to start a server.
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        timeout=30,
        # Both kinds of server close a connection that was idle for five seconds, a busy one with
        # the next request unread in it.
        limits=httpx.Limits(keepalive_expiry=2),
    )


def embedded_server(data: Path, *options: str) -> AuthServer:
    """Start the embedded server, in a process of its own, with its database in ``data``;
    ``options`` as on its command line. A password check is quick, unless they say otherwise.
    """
    own = ("--data", str(data), "--control", "--exit-with-stdin", "--demo-password", ADA.password)
    return AuthServer(forked.started([*own, "--scrypt-cost=16", *options]))


def real_betterauth(*options: str, release: Path = BETTERAUTH, alone: bool = False) -> AuthServer:
    """Start real BetterAuth; ``options`` as on its command line (tests/betterauth/README.md).
    ``alone``: in a process of its own. One that counts tries always is: BetterAuth counts those of
    a whole process.

    Raises:
        ServerMissing: Node or the packages are not there, or it does not start as ``options`` say.
    """
    why_not = betterauth_missing(release)
    if why_not is not None:
        raise ServerMissing(why_not)
    if alone or "--rate-limit" in options:
        command = ["node", str(release / "main.mjs"), "--control", "--exit-with-stdin", *options]
        return AuthServer(OwnProcess(command))
    return AuthServer(betterauth.started(release, ["--control", *options]))


def betterauth_missing(release: Path = BETTERAUTH) -> str | None:
    """What real BetterAuth lacks to run here, in words for a skipped test; None if nothing."""
    if shutil.which("node") is None:
        return "real BetterAuth needs Node 20 or newer; `node` is not on the PATH"
    if not (release / "node_modules" / "better-auth").is_dir():
        folder = release.relative_to(BETTERAUTH.parent.parent)
        return f"real BetterAuth is not installed; run `npm ci` in {folder}"
    return None
