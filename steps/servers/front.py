"""What stands between the app and a real auth server:
it passes every request on, and can do it wrong.

The real server knows no orders such as "hold the next answer" and keeps its accounts in memory; so
the front is what is stopped, disturbed and asked for its log, with the embedded server's own
faults, and the server behind it runs on.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping

import httpx

from refapp.demo_server.faults import Faulty
from refapp.demo_server.state.answers import Answer
from refapp.demo_server.transport import Server, served
from steps.kept_port import HOST, KeptPort

ON_THE_WAY = frozenset(
    {"host", "connection", "keep-alive", "content-length", "transfer-encoding", "accept-encoding"}
)
"""Headers that belong to one connection, not to the request or its answer."""


class Front(Faulty):
    """Passes on to ``behind``, a client of the real server.
    ``user_code`` is the newest code that the server gave a device.
    """

    def __init__(self, behind: httpx.Client) -> None:
        super().__init__()
        self._behind = behind
        self._running: tuple[Server, threading.Thread] | None = None
        self._kept = KeptPort()
        self.port = self._kept.number
        self.user_code = ""

    def start(self) -> None:
        """Answer on ``port``."""
        if self._running is not None:
            return
        listener = self._kept.listening()
        server = Server(served(self))
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True
        )
        thread.start()
        self._running = server, thread

    def stop(self) -> None:
        """Nobody answers at the port from now on."""
        if self._running is not None:
            server, thread = self._running
            self._running = None
            server.should_exit = True
            thread.join(10)

    def close(self) -> None:
        """Never again."""
        self.stop()
        self._kept.close()

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One request: by a fault that waits for it, or by the server behind."""
        plain = path.partition("?")[0]
        lowered = {name.lower(): value for name, value in headers.items()}
        agent, bearer = lowered.get("user-agent", ""), "authorization" in lowered
        return self.disturbed(
            method,
            plain,
            agent,
            lambda: self._passed_on(method, path, lowered, body),
            bearer=bearer,
        )

    def _passed_on(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        sent = {name: value for name, value in headers.items() if name not in ON_THE_WAY}
        if sent.get("origin") == f"http://{HOST}:{self.port}":
            sent["origin"] = str(self._behind.base_url).rstrip(
                "/"
            )  # the server knows itself by that name
        came = self._behind.request(method, path, headers=sent, content=body)
        if path == "/api/auth/device/code" and came.status_code == httpx.codes.OK:
            self.user_code = str(json.loads(came.content)["user_code"])
        kept = tuple((name.lower(), value) for name, value in came.headers.multi_items())
        return Answer(
            came.status_code, tuple(one for one in kept if one[0] not in ON_THE_WAY), came.content
        )
