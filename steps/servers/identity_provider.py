"""A small OpenID provider on loopback, for signing in with somebody else's account: it says at once
who is signed in there.

Owns three endpoints (authorize, token, userinfo) and its one user.
Whoever asks is let through: it stands in for a server that is not tested here.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

from steps.scenario.people import GRACE

EMAIL, NAME = GRACE.email, GRACE.name


class _Endpoints(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Authorize sends the browser back with a code; userinfo says who it is."""
        asked = urlsplit(self.path)
        if asked.path == "/authorize":
            query = parse_qs(asked.query)
            back = urlencode({"code": "a code", "state": query["state"][0]})
            self._answer(302, {}, ("location", f"{query['redirect_uri'][0]}?{back}"))
        else:
            self._answer(
                200,
                {
                    "sub": "grace",
                    "id": "grace",
                    "email": EMAIL,
                    "email_verified": True,
                    "name": NAME,
                },
            )

    def do_POST(self) -> None:
        """The token for the code."""
        self.rfile.read(int(self.headers.get("content-length", "0")))
        self._answer(
            200, {"access_token": "of the provider", "token_type": "Bearer", "expires_in": 3600}
        )

    def _answer(self, status: int, content: dict[str, object], *headers: tuple[str, str]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in (
            *headers,
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class IdentityProvider:
    """A context manager. ``url``: the issuer."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoints)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> Self:
        """Serve from now on."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Serve no more; nothing if it never did."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
