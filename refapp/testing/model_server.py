"""The auth server of a test: the demo's model on loopback in this process, and what a test may do
to it from behind.

Owns a thread with the HTTP server, one for all tests, and the model behind it, a fresh one for
each. The model is touched in that thread alone. Every program may sign in with a code, whatever it
calls itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Mapping
from typing import TypeVar

from refapp.demo_server.demo_account import DEMO_EMAIL, DEMO_NAME
from refapp.demo_server.model import AuthServerModel, ServerSettings
from refapp.demo_server.state.answers import NOT_FOUND, Answer
from refapp.demo_server.transport import Server, listening, served, url_of
from refapp.trusted.scheduling.loop_thread import LoopThread

T = TypeVar("T")

QUICK = ServerSettings(mode="rotating", any_client=True, device_interval_s=1, scrypt_n=2)


class Loopback:
    """The HTTP server at ``url``;
    it answers from ``model``, which is replaced from test to test.
    """

    def __init__(self) -> None:
        self.model: AuthServerModel | None = None
        listener = listening(0)
        self.url = url_of(listener)
        self._server = Server(served(self))
        self._thread = LoopThread("refapp test server")
        self._serving = self._thread.wait(self._served(listener))

    async def _served(self, listener: socket.socket) -> asyncio.Task[None]:
        return asyncio.create_task(self._server.serve(sockets=[listener]))

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """See ``AuthServerModel``."""
        return NOT_FOUND if self.model is None else self.model.handle(method, path, headers, body)

    def do(self, order: Callable[[], T]) -> T:
        """Carry out ``order`` in the server's thread."""

        async def done() -> T:
            return order()

        return self._thread.wait(done())

    def close(self) -> None:
        """End it."""

        async def end() -> None:
            # It looks for ``should_exit`` by the clock, and a test may have frozen that: what it
            # planned then never comes.
            self._serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._serving
            await self._server.shutdown()

        self._thread.close(end())


class ModelServer:
    """``url`` is its origin;
    ``email`` and ``password`` are the one account's, ``name`` its person's.
    """

    name, email, password = DEMO_NAME, DEMO_EMAIL, "analytical engine"

    def __init__(self, loopback: Loopback, settings: ServerSettings = QUICK) -> None:
        self.url = loopback.url
        self._loopback = loopback
        self._model = loopback.do(lambda: self._fresh(settings))

    def _fresh(self, settings: ServerSettings) -> AuthServerModel:
        model = AuthServerModel(settings, origin=self.url)
        model.add_user(self.name, self.email, self.password, "ada")
        self._loopback.model = model
        return model

    def close(self) -> None:
        """Nobody answers any more."""
        self._loopback.model = None
        self._loopback.do(self._model.close)

    def add_account(self, name: str, email: str, password: str) -> None:
        """Somebody else has an account too."""
        self._loopback.do(lambda: self._model.add_user(name, email, password))

    def answer_next(
        self, path: str, status: int, body: bytes = b"", content_type: str = "application/json"
    ) -> None:
        """The next request for ``path`` gets this answer, and nothing else happens."""
        answer = Answer(status, (("content-type", content_type),), body)
        self._loopback.do(lambda: self._model.answer_next(answer, path))

    def expire_token(self) -> None:
        """The access token runs out now: the next call meets a 401, and the session is renewed."""
        self._loopback.do(lambda: self._model.expire_access(self.email))

    def end_session(self) -> None:
        """The server ends the session, as if it had been signed out elsewhere:
        the next call finds that out.
        """
        self._loopback.do(lambda: self._model.revoke_all(self.email))

    def go_offline(self) -> None:
        """No request is answered any more."""
        self._loopback.do(lambda: self._model.drop_next("/", None))

    def come_back(self) -> None:
        """Every request is answered again;
        a session that is offline finds out by itself, or by ``try_again``.
        """
        self._loopback.do(self._model.clear_faults)

    def allow_code(self) -> None:
        """The person allows the sign-in with a code that was asked for last."""
        self._loopback.do(lambda: self._model.decide_device(self.email, allow=True))

    def deny_code(self) -> None:
        """The person denies it."""
        self._loopback.do(lambda: self._model.decide_device(self.email, allow=False))

    @property
    def sessions(self) -> int:
        """How many live sessions the person has at the server."""
        return self._loopback.do(lambda: self._model.live_sessions(self.email))

    @property
    def requests(self) -> list[str]:
        """The requests so far, as ``GET /app/me``, oldest first."""
        return self._loopback.do(
            lambda: [f"{seen.method} {seen.path}" for seen in self._model.requests]
        )
