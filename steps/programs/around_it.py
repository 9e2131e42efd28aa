"""What is around another program's session: the computer's network, keychain, browser and record in
place of the system's own, and the servers that the program asks with clients of its own.

Owns what of ``refapp`` is replaced while a session is opened: three names of ``library``, of which
none decides anything. What a program gives itself, it is given.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import httpx

from refapp.trusted.composition import library
from refapp.trusted.recorder import Recorder
from refapp.trusted.shell.session_parts import SessionParts
from steps.fakes.fake_browser import FakeBrowser
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.keychain_on_the_bus import KeychainOnTheBus
from steps.fakes.virtual_time import VirtualTime
from steps.servers.local_server import LocalServer

API = "https://api.example.com"
ITEMS = f"{API}/items"
FILES = "https://files.example.com"
ELSEWHERE = "https://elsewhere.example"
ITEM = b"the only time"
"""What a program sends, whether it can be read again or not."""
WAITS_S = 20.0


class Around(NamedTuple):
    """The computer. ``transport`` is its network, ``watched`` the look at its disk and network."""

    time: VirtualTime
    folder: Path
    keychain: FakeKeychain | KeychainOnTheBus
    browser: FakeBrowser
    recorder: Recorder
    server: Callable[[], LocalServer]
    transport: Callable[[], httpx.MockTransport | None]
    watched: Callable[[], AbstractContextManager[None]]

    @contextlib.contextmanager
    def opening(self) -> Iterator[None]:
        """Within, whoever opens a session has it here."""

        def parts(*given: Any, **named: Any) -> SessionParts:
            here = {"transport": self.transport(), "chance": lambda: 0.5, "clock": time.time}
            return SessionParts(*given, **{**named, **here})

        with mock.patch.multiple(
            library,
            SessionParts=parts,
            Recorder=lambda **_: self.recorder,
            open_return=self.browser.open_return,
        ):
            yield

    def nothing_left(self) -> bool:
        """Whether nothing of a session, or of a sign-in, is stored here any more."""
        kept = [*self.folder.glob("tokens-*.json"), *self.folder.glob("keys-*.json")]
        return not kept and not self.keychain.items

    def knows(self, email: str) -> bool:
        """Whether it has been written down whose session is stored here."""
        return any(email in path.read_text() for path in self.folder.glob("profile-*.json"))


class Sent(NamedTuple):
    """A request of a program's own client: to which host, with which token, and what."""

    host: str
    token: str
    body: bytes


class OtherServers:
    """An API that knows the auth server's tokens, and two servers that want none.

    ``answers``: what the API answers next. ``gathers``: how many requests it lets come before it
    answers the first of them, so that they are at once.
    """

    def __init__(self, server: Callable[[], LocalServer]) -> None:
        self.seen: list[Sent] = []
        self.answers: list[int] = []
        self._server = server
        self._one_at_a_time = threading.Lock()  # the model is asked by one thread, as a server's is
        self._together: threading.Barrier | None = None
        self._held: asyncio.Event | None = None

    def hold(self) -> None:
        """From now on the API answers once it is released."""
        self._held = asyncio.Event()

    def release(self) -> None:
        """It answers."""
        if self._held is not None:
            self._held.set()

    async def answer_in_time(self, request: httpx.Request) -> httpx.Response:
        """The same for ``httpx.AsyncClient``."""
        answer = self.answer(request)
        if self._held is not None:
            await self._held.wait()
        return answer

    def gather(self, number: int) -> None:
        """The next ``number`` requests, each in a thread of its own, are answered at once."""
        self._together = threading.Barrier(number)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """For ``httpx.MockTransport``."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        self.seen.append(Sent(request.url.host, token, request.read()))
        if request.url.host in (httpx.URL(FILES).host, httpx.URL(ELSEWHERE).host):
            return httpx.Response(401 if request.url.path == "/refuses" else 200, text="elsewhere")
        if request.url.path == "/moved":
            return httpx.Response(307, headers={"location": f"{FILES}/refuses"})
        if request.method == "POST" and self.seen[-1].body != ITEM:
            return httpx.Response(400, text="another item than was sent")
        if self.answers:
            return httpx.Response(self.answers.pop(0))
        with self._one_at_a_time:
            known = self._server().model.handle(
                "GET", "/app/me", {"authorization": f"Bearer {token}"}, b""
            )
        together = self._together
        if together is not None and known.status == 401:
            together.wait(WAITS_S)
        return httpx.Response(known.status, content=known.body)
