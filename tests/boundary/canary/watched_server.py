"""The embedded server in a thread of the test, which so learns every token that it ever issues."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Mapping

from refapp.demo_server.control import Control
from refapp.demo_server.demo_account import DEMO_EMAIL, DEMO_NAME
from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.setup import ServerSettings
from refapp.demo_server.state.answers import Answer
from refapp.demo_server.transport import Server, listening, served, url_of
from refapp.tour.private_server import PrivateServer
from steps.scenario.people import ADA

TOKEN = re.compile(
    rb'"(?:token|accessToken|access_token|refreshToken|device_code|code_verifier)"\s*:\s*"([^"]{16,'
    rb'})"'
)
HEADERS = ("set-auth-token", "set-refresh-token", "set-auth-jwt")


class Watched(AuthServerModel):
    """``issued`` is every secret that crossed: tokens and device codes in answers;
    codes and verifiers that the app sent.
    """

    issued: set[str]
    proven: set[str]
    """Those of signing in without a password: device codes, authorization codes, verifiers."""

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """As the model does, with a look at both."""
        answer = super().handle(method, path, headers, body)
        sent = {found.decode() for found in TOKEN.findall(body)}
        self.issued.update(sent)
        if path == "/api/auth/electron/token" and answer.status == 200:
            self.proven.update(sent)
        if path == "/api/auth/device/code":
            self.proven.update(found.decode() for found in TOKEN.findall(answer.body))
        self.issued.update(found.decode() for found in TOKEN.findall(answer.body))
        # A signed token is the token, a dot and its signature:
        # the first part alone must not be seen either.
        self.issued.update(
            value.partition(".")[0] for name, value in answer.headers if name.lower() in HEADERS
        )
        return answer


class WatchedServer(PrivateServer):
    """What the tour's steps need of a server, rotating, with one account."""

    def __init__(self) -> None:
        self._listener = listening(0)
        self.url = url_of(self._listener)
        self.email, self.password = DEMO_EMAIL, ADA.password
        self._key = secrets.token_urlsafe(16)
        self.model = Watched(ServerSettings(mode="rotating"), origin=self.url)
        self.model.issued, self.model.proven = set(), set()
        self.model.add_user(DEMO_NAME, DEMO_EMAIL, ADA.password, "ada")
        self._server = Server(served(self.model, Control(self.model, self._key)))
        self._thread = threading.Thread(
            target=self._server.run, args=([self._listener],), daemon=True
        )
        self._thread.start()
        give_up = time.monotonic() + 20
        while not self._server.started:
            assert time.monotonic() < give_up, "the server did not start"
            time.sleep(0.01)

    def close(self) -> None:
        """End the server."""
        self._server.should_exit = True
        self._thread.join(20)
        self._listener.close()
        self.model.close()
