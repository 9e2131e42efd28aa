"""The embedded auth server of the desktop driver: a process on a port of its own, which can be
stopped and started again.

It keeps its accounts over that. ``real_server`` is the same for real BetterAuth.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from refapp.demo_server.control import KEY_HEADER
from steps.kept_port import KeptPort
from steps.scenario.driver import ServerMode
from steps.scenario.people import ADA, Person
from steps.servers.auth_servers import AuthServer, embedded_server

OFTEN = "--device-interval=1"
"""Real time passes here: the app may ask every second what became of a code."""
OWN_AGENT = "refapp/test"

FLAGS = ("mails", "require_signature")
"""Settings that are on or off."""


class ServerProcess:
    """``held``: how many requests it holds back now. It starts when it is first needed."""

    browser_flow = True
    """Whether it has a plugin for signing in with the browser."""
    store_broken = False

    def __init__(self, data: Path, mode: ServerMode, **settings: float) -> None:
        self._data = data
        self._mode = mode
        self._settings = [
            f"--{name.removesuffix('_s').replace('_', '-')}{'' if name in FLAGS else f'={value}'}"
            for name, value in settings.items()
        ]
        self._kept: KeptPort | None = None
        self._running: AuthServer | None = None
        self._earlier: list[str] = []
        self.held = 0

    @property
    def origin(self) -> str:
        """Its address, also while it is down."""
        if self._kept is None:
            self.start()
        assert self._kept is not None
        return self._kept.origin

    def start(self) -> AuthServer:
        """The running server."""
        if self._running is None:
            self._kept = self._kept or KeptPort()
            port = f"--port={self._kept.number}"
            self._running = embedded_server(
                self._data, "--mode", self._mode, port, OFTEN, *self._settings
            )
        return self._running

    def stop(self) -> None:
        """Nobody answers at its address from now on."""
        if self._running is not None:
            self._earlier = self.log()
            self._running.stop()
            self._running = None

    def end(self) -> None:
        """Stop it for good."""
        self.stop()
        if self._kept is not None:
            self._kept.close()

    def do(self, order: str, **details: Any) -> int:
        """One order of the back door."""
        if order == "hold_next":
            self.held += 1
        if order == "release":
            self.held = 0
        return self.start().control(order, **details)

    def add_account(self, person: Person) -> None:
        """Sign ``person`` up, and end the session that this opens.
        Not while it is down: then it is too late.
        """
        if person is not ADA and (self._running is not None or self._kept is None):
            body = {"name": person.name, "email": person.email, "password": person.password}
            self.start().client.post("/api/auth/sign-up/email", json=body)
            self.do("revoke_all", email=person.email)

    def ask(self, path: str, access: str) -> dict[str, Any] | None:
        """The answer to a GET with that token, None if it is refused."""
        answer = self.start().client.get(path, headers={"authorization": f"Bearer {access}"})
        found: dict[str, Any] | None = (
            answer.json() if answer.status_code == httpx.codes.OK else None
        )
        return found

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Another program's request; status and body."""
        answer = self.start().client.request(method, path, headers=dict(headers), content=body)
        return answer.status_code, answer.content

    def log(self) -> list[str]:
        """Every request that it has seen,
        but for those of the harness, also before it was stopped.
        """
        if self._running is None:
            return self._earlier
        answer = self._running.client.get(
            "/control", headers={KEY_HEADER: self._running.control_key}
        )
        seen = answer.json()["requests"]
        return self._earlier + [
            f"{one['method']} {one['path']}" for one in seen if one["user_agent"] != OWN_AGENT
        ]
