"""The two far ends of that network: a server that answers from ``local_server``'s model, and a
proxy that may want a name and a password.

Owns what they were told, and what of it may have told them a secret.
"""

from __future__ import annotations

import base64
from collections.abc import Coroutine
from typing import Any

import httpx

from steps.network.authority import Authority
from steps.network.faulty_proxy import FaultyProxy
from steps.network.faulty_server import FaultyServer
from steps.servers.local_server import LocalServer


class FarServer(FaultyServer):
    """The server, as the app's computer finds it: behind ``local``, at that one's address."""

    def __init__(self, authority: Authority, local: LocalServer) -> None:
        self._local = local
        super().__init__(authority, local.model)
        local.model.origin = self._origin = local.origin

    def answered(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        """See ``FaultyServer``; what the server hands out is known for a secret."""
        asked = httpx.Request(method, self._origin + path, headers=headers, content=body)
        return _written(_at_once(self._local.let_through(asked)))


class FarProxy(FaultyProxy):
    """A proxy that leads whoever asks to the port ``behind``."""

    def __init__(self, behind: int) -> None:
        super().__init__()
        self._behind = behind

    def leads_to(self, asked: bytes) -> int:
        """See ``FaultyProxy``."""
        del asked
        return self._behind

    def let_in(self, name: str, password: str) -> None:
        """Want these two of everybody from now on."""
        self.wants = b"Basic " + base64.b64encode(f"{name}:{password}".encode())


def _written(answer: httpx.Response) -> bytes:
    named = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.multi_items())
    return f"HTTP/1.1 {answer.status_code} X\r\n{named}\r\n".encode() + answer.content


def _at_once(work: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
    """What ``work`` gives; it may not wait."""
    try:
        work.send(None)
    except StopIteration as done:
        answer: httpx.Response = done.value
        return answer
    work.close()
    raise AssertionError("over a real network no answer can be held back")
