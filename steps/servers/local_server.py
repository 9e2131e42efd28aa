"""The embedded server's model behind httpx in this process, and the network in front of it, which
can be taken away.

It also learns every secret that crosses,
so that the scenario can look for them where they must not be.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx

from refapp.demo_server.control import KEY_HEADER, Control
from refapp.demo_server.in_process import handler_of
from refapp.demo_server.model import AuthServerModel, ServerSettings
from refapp.demo_server.state.answers import Answer
from refapp.trusted.config import AUTH_PATH
from steps.scenario.driver import Outage
from steps.scenario.people import ADA, Person
from steps.servers.named_routes import NamedRoutes
from steps.servers.request_form import Revisions

KEY = "in process"
ORIGIN = "http://127.0.0.1:7001"
SECRET_FIELDS = {
    "token",
    "access_token",
    "accessToken",
    "refreshToken",
    "device_code",
    "code_verifier",
}
SHORTEST_TOKEN = 16
MOST_AT_ONCE, MOST = 100, 2000
"""Requests in one moment, and in one scenario: an app that sends more asks without end."""
SECRET_HEADERS = ("set-auth-token", "set-refresh-token", "set-auth-jwt")


class LocalServer:
    """``clock`` gives unix seconds. ``secrets``: every token that the server ever handed out.

    ``origin`` may have a path behind it, as a server behind a proxy has: what the app asks there
    is found here without it.

    ``auth_path``: what is its own is asked below that.

    ``arrived`` hears the name of each request, before it is answered. ``endless``: what is asked
    without end, which gets no answer any more; empty: nothing. ``opens_early``: a session is there
    before the second factor.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        mode: Literal["rotating", "sliding"] = "rotating",
        origin: str = ORIGIN,
        people: Sequence[Person] = (ADA,),
        counted: bool = False,
        trusted_origins: tuple[str, ...] = (),
        /,
        **settings: float,
    ) -> None:
        options: dict[str, Any] = {
            "mode": mode,
            "scrypt_n": 2,
            "trusted_origins": trusted_origins,
            **settings,
        }
        self.model = AuthServerModel(ServerSettings(**options), _no_accounts(), clock, origin)
        self.origin = origin
        self._below = urlsplit(origin).path
        self.auth_path = AUTH_PATH
        self.secrets: set[str] = set()
        self.outage: Outage | None = None
        self.breaks_off: set[str] = set()
        self.seen: list[httpx.Request] = []
        self.revisions = Revisions()
        self.endless = ""
        self._clock = clock
        self._at_once = (0.0, 0)
        self.arrived: Callable[[str], None] = lambda _: None
        self._routes = NamedRoutes(origin, self.answer, lambda name: self.arrived(name))
        self._control = Control(self.model, KEY)
        self._handle = handler_of(self.model)
        self.counted = counted
        self.opens_early = bool(settings.get("session_first"))
        self._users = 0
        self._holders: dict[str, str] = {}
        self._sent_as: list[tuple[bytes, str]] = []
        for person in people:
            self.add_account(person)

    @property
    def bound_to(self) -> str:
        """What the tokens of its sessions belong to, as the app writes it down."""
        at = self.model.origin
        return at if self.auth_path == AUTH_PATH else f"{at}#{self.auth_path}"

    def add_account(self, person: Person) -> None:
        """The account of ``person``, made if there is none yet."""
        user_id = str(self._users + 1) if self.counted else None
        user = self.model.add_user(person.name, person.email, person.password, user_id=user_id)
        self._users += user.id == user_id

    def notes_of(self, person: Person) -> list[str]:
        """The texts of the notes in the account of ``person``."""
        return [note.text for note in self.model.notes_of(person.email) if not note.deleted]

    def sent_as(self, text: str) -> set[str]:
        """The e-mails of those whose tokens the requests carried that have ``text`` in their
        body.
        """
        return {who for body, who in self._sent_as if text.encode() in body}

    def do(self, order: str, **details: Any) -> int:
        """One order of the back door."""
        body = json.dumps({"do": order, **details}).encode()
        answer = self._control.handle("POST", {KEY_HEADER: KEY}, body)
        if answer.status != 200:
            raise AssertionError(f"{order}: {answer.body.decode()}")
        return int(json.loads(answer.body)["done"])

    def answer_next(self, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Put an answer in place of the next one to ``path``."""
        self.model.answer_next(Answer(status, tuple(headers.items()), body), path)

    def person(self) -> httpx.Client:
        """A person's browser; no network keeps it from the server."""
        return browser_at(self.model)

    def transport(self) -> httpx.MockTransport:
        """The network between the app and this server."""
        return httpx.MockTransport(self._sent)

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        """What comes of it where the server's own part is below ``auth_path``."""
        path = request.url.path
        if self.auth_path != AUTH_PATH:
            found = path.removeprefix(self.auth_path) if path.startswith(self.auth_path) else None
            if found is None and path.startswith(AUTH_PATH):
                return httpx.Response(404)
            request.extensions["asked at"] = path
            request.url = request.url.copy_with(path=path if found is None else AUTH_PATH + found)
        return await self._routes.send(request)

    @property
    def strays(self) -> list[str]:
        """The requests that no app may make."""
        return self._routes.strays

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """What the server, or the network in its place, answers. Raises httpx.TransportError."""
        if self._below:
            request.url = request.url.copy_with(path=request.url.path.removeprefix(self._below))
        self.seen.append(request)
        now, (moment, count) = self._clock(), self._at_once
        self._at_once = now, count + 1 if now == moment else 1
        if self._at_once[1] > MOST_AT_ONCE or len(self.seen) > MOST:
            self.endless = f"{request.method} {request.url.path}"
            await asyncio.get_running_loop().create_future()
        return await self.let_through(request)

    async def let_through(self, request: httpx.Request) -> httpx.Response:
        """The same, of a request that was counted before."""
        with contextlib.suppress(ValueError):
            self.secrets.update(_secrets_in(json.loads(request.content)))
        holder = self._holders.get(
            request.headers.get("authorization", "").removeprefix("Bearer "), "nobody"
        )
        self._sent_as.append((request.content, holder))
        path = request.url.path
        if begins := next((one for one in self.breaks_off if path.startswith(one)), ""):
            self.breaks_off.discard(begins)
            raise asyncio.CancelledError
        if self.outage is not None:
            if self.outage == "half an answer":
                await request.extensions["trace"]("http11.receive_response_body.started", {})
            raise _failure(self.outage, request)
        try:
            answer = await self._handle(request)
        except httpx.RemoteProtocolError:
            if request.url.path.startswith("/app/"):
                # On a connection that was kept, as httpcore tells it. Each question about the
                # session has one of its own.
                for stage in ("send_request_headers", "receive_response_headers"):
                    await request.extensions["trace"](f"http11.{stage}.started", {})
            raise
        self._learn(request, holder, answer)
        self.revisions.took(request, answer)
        return answer

    def _learn(self, request: httpx.Request, holder: str, answer: httpx.Response) -> None:
        """The secrets of ``answer``, and whose they are: the one's that it names, or who asked."""
        found = {answer.headers[name] for name in SECRET_HEADERS if name in answer.headers}
        cookies = (
            line.partition("=")[2].partition(";")[0]
            for line in answer.headers.get_list("set-cookie")
        )
        found |= {value for value in cookies if _is_token(value)}
        with contextlib.suppress(ValueError, RecursionError):
            said = answer.json()
            found |= _secrets_in(said)
            used = _secrets_in(json.loads(request.content)) if request.content else set()
            holder = next((self._holders[one] for one in used if one in self._holders), holder)
            if isinstance(said, dict) and isinstance(said.get("user"), dict):
                holder = str(said["user"]["email"])
        self.secrets |= found
        self._holders.update(dict.fromkeys(found, holder))


@functools.cache
def _no_accounts() -> bytes:
    """To make the tables anew would be most of what a server takes to begin."""
    with contextlib.closing(AuthServerModel(ServerSettings(scrypt_n=2))) as model:
        return model.image()


def browser_at(model: AuthServerModel) -> httpx.Client:
    """What a browser can do at the server's pages: it keeps no cookies and follows no redirects."""

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode("ascii")
        answer = model.handle(request.method, path, request.headers, request.read())
        return httpx.Response(
            answer.status, headers=list(answer.headers), content=answer.body, request=request
        )

    return httpx.Client(
        base_url=ORIGIN, headers={"user-agent": ""}, transport=httpx.MockTransport(answer)
    )


def _secrets_in(found: Any) -> set[str]:
    if isinstance(found, list):
        return {secret for item in found for secret in _secrets_in(item)}
    if not isinstance(found, dict):
        return set()
    own = {
        str(value) for name, value in found.items() if name in SECRET_FIELDS and _is_token(value)
    }
    return own | {secret for value in found.values() for secret in _secrets_in(value)}


def _is_token(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= SHORTEST_TOKEN


def _failure(outage: Outage, request: httpx.Request) -> httpx.TransportError:
    if outage in ("silent", "half an answer"):
        return httpx.ReadTimeout("no answer", request=request)
    causes: dict[Outage, OSError] = {
        "unreachable": ConnectionRefusedError("refused"),
        "unknown name": socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        "no name service": socket.gaierror(
            socket.EAI_AGAIN, "Temporary failure in name resolution"
        ),
        "untrusted": ssl.SSLCertVerificationError("certificate verify failed"),
    }
    error = httpx.ConnectError(str(causes[outage]), request=request)
    error.__cause__ = causes[outage]
    return error
