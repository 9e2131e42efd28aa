"""Real BetterAuth as the auth server of the desktop driver: on Node, behind a ``Front``.

It does what ``ServerProcess`` does with the embedded one, so that every scenario of the desktop can
be run against it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from refapp.demo_server.control import Order, disturb
from steps.scenario.driver import ServerMode
from steps.scenario.people import ADA, PEOPLE, Person
from steps.servers.auth_servers import (
    BETTERAUTH,
    BETTERAUTH_1_4,
    AuthServer,
    betterauth_missing,
    real_betterauth,
)
from steps.servers.front import Front
from steps.servers.identity_provider import IdentityProvider
from steps.servers.server_process import OFTEN, ServerProcess

RELEASES: Mapping[str, Path] = {"betterauth-1.7": BETTERAUTH, "betterauth-1.4": BETTERAUTH_1_4}
BEHIND = frozenset(
    {
        "expire_access",
        "expire_refresh",
        "revoke_all",
        "live_sessions",
        "expire_devices",
        "break_store",
        "pass_time",
    }
)
"""The orders that are about the server's tables: its own back door does them."""


class RealServer:
    """``held``: how many requests are held back now.
    It starts when it is first needed; ``options`` as on its command line.
    """

    def __init__(self, release: str, *options: str) -> None:
        self._release = RELEASES[release]
        self._options = options
        self.browser_flow = self._release is not BETTERAUTH_1_4
        self._server: AuthServer | None = None
        self._front: Front | None = None
        self._provider = IdentityProvider() if "--with=generic-oauth" in options else None
        self._down = False
        self.held = 0
        self.store_broken = False

    @classmethod
    def like(cls, release: str, mode: ServerMode, **settings: float) -> RealServer:
        """A server of ``release`` with the settings that the embedded one would have."""
        options = [
            f"--{name.removesuffix('_s').replace('_', '-')}={value}"
            for name, value in settings.items()
        ]
        if "jwt_expires_in_s" in settings:
            options.append("--jwt")
        return cls(release, "--mode", "sliding" if mode == "real BetterAuth" else mode, *options)

    @property
    def origin(self) -> str:
        """Its address, also while it is down."""
        self._begun()
        assert self._front is not None
        return f"http://127.0.0.1:{self._front.port}"

    def start(self) -> AuthServer:
        """The running server, which can be reached from now on."""
        server = self._begun()
        assert self._front is not None
        self._front.start()
        self._down = False
        return server

    def _begun(self) -> AuthServer:
        if self._server is None:
            missing = betterauth_missing(self._release)
            if missing is not None:
                pytest.skip(missing)
            options = [*self._options]
            if self._provider is not None:
                options.append(f"--provider={self._provider.start().url}")
            self._server = real_betterauth(
                "--scrypt-cost=16", OFTEN, *options, release=self._release
            )
            self._front = Front(self._server.client)
            self._front.start()
        return self._server

    def stop(self) -> None:
        """It can't be reached from now on."""
        self._begun()
        assert self._front is not None
        self._front.stop()
        self._down = True

    def end(self) -> None:
        """Stop it for good."""
        if self._front is not None:
            self._front.release()
            self._front.close()
        if self._server is not None:
            self._server.stop()
        if self._provider is not None:
            self._provider.stop()

    def do(self, order: str, **details: Any) -> int:
        """One order of the back door."""
        server = self._begun()
        assert self._front is not None
        if order == "break_store":
            self.store_broken = bool(details.get("broken", True))
        if order in BEHIND:
            return server.control(order, **details)
        match order:
            case "clear_faults":
                self._front.clear_faults()
                return server.control(order)
            case "release":
                self.held = 0
                self._front.release()
            case "decide_device":
                self._decide(server, details["email"], allow=details.get("allow", True))
            case _:
                self.held += order == "hold_next"
                disturb(self._front, Order(do=order, **details))
        return 1

    def _decide(self, server: AuthServer, email: str, *, allow: bool) -> None:
        assert self._front is not None
        person = next(one for one in PEOPLE.values() if one.email == email)
        form = {"user_code": self._front.user_code, "email": email, "password": person.password}
        answer = server.client.post(
            "/device", data={**form, "decision": "allow" if allow else "deny"}
        )
        assert "Done" in answer.text, answer.text

    def add_account(self, person: Person) -> None:
        """Sign ``person`` up, and end the session that this opens.
        Not while it is down: then it is too late.
        """
        if person is not ADA and not self._down:
            body = {"name": person.name, "email": person.email, "password": person.password}
            self._begun().client.post("/api/auth/sign-up/email", json=body)
            self.do("revoke_all", email=person.email)

    def ask(self, path: str, access: str) -> dict[str, Any] | None:
        """The answer to a GET with that token, None if it is refused."""
        answer = self._begun().client.get(path, headers={"authorization": f"Bearer {access}"})
        found: dict[str, Any] | None = (
            json.loads(answer.content) if answer.status_code == httpx.codes.OK else None
        )
        return found

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Another program's request; status and body."""
        answer = self._begun().client.request(method, path, headers=dict(headers), content=body)
        return answer.status_code, answer.content

    def log(self) -> list[str]:
        """Every request that the app has sent."""
        return (
            []
            if self._front is None
            else [f"{one.method} {one.path}" for one in self._front.requests]
        )


AnyServer = ServerProcess | RealServer


def made(kind: str, data: Path, mode: ServerMode, **settings: float) -> AnyServer:
    """The server of a scenario.
    ``kind``: embedded or one of ``RELEASES``; ``data``: the embedded one's folder.
    """
    if mode == "real BetterAuth" and kind == "embedded":
        kind = "betterauth-1.7"
    return (
        ServerProcess(data, mode, **settings)
        if kind == "embedded"
        else RealServer.like(kind, mode, **settings)
    )
