"""Requests to the one configured origin, and to nothing else.

Owns what may be sent and where to: a token goes to the origin alone (RF-12). Invariants: no more
than ``AT_ONCE`` calls of the application are under way, and the session's own requests never wait
behind them; the record of a request holds its method, path and status, never a header or a body.
The network is ``exchange``'s; that is loaded by the first request, on a thread, so that a window
shows who is signed in before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from refapp.trusted.config import AUTH_PATH, PROGRAM
from refapp.trusted.errors import ConfigError
from refapp.trusted.network.no_answer import NoAnswer
from refapp.trusted.network.no_answer_words import told
from refapp.trusted.recorder import Recorder
from refapp.trusted.server.server_times import http_date
from refapp.trusted.server.verdict import Call, Reply
from refapp.trusted.wording import server_words

if TYPE_CHECKING:
    import httpx

    from refapp.trusted.server.exchange import Exchange

# httpx's pool looks at every connection for every request:
# many at once cost the square of their number.
AT_ONCE = 32
LONGEST_PATH = 20_000
"""Bytes. Encoded, each may be three characters, of which httpx takes 65,536 with the origin's."""
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2: a token
_NOT_IN_A_PATH = re.compile(r"[\x00-\x1f\x7f\\#\ud800-\udfff]")


class OriginClient:
    """Sends requests to ``origin``, the server's base, whose auth endpoints are at ``auth_path``.

    ``transport`` replaces the network in tests; the server is told the name ``app`` (WS-6).
    """

    def __init__(
        self,
        origin: str,
        *,
        recorder: Recorder,
        clock: Callable[[], float],
        connect_timeout_s: float,
        request_timeout_s: float,
        transport: httpx.AsyncBaseTransport | None = None,
        program: str = PROGRAM,
        auth_path: str = AUTH_PATH,
    ) -> None:
        self.origin = origin
        self._auth_path = auth_path
        self.clock_offset_s = 0.0
        self._recorder = recorder
        self._clock = clock
        self._connect_timeout_s = connect_timeout_s
        self._request_timeout_s = request_timeout_s
        self._transport = transport
        self._program = program
        self._exchange: Exchange | None = None
        self._opening = asyncio.Lock()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._no_turn = contextlib.nullcontext()

    async def send(
        self,
        call: Call,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: bytes | None = None,
        cookie: str | None = None,
        admit: Callable[[], None] = lambda: None,
    ) -> Reply | NoAnswer:
        """One request to ``path`` (absolute, on the origin).
        ``body`` is JSON. Never raises for what a network can do.

        ``cookie``: the one of a second factor, for this request alone.
        A server that is sent one wants to hear where the request is from: that is its own origin.

        ``admit`` is called when the request has its turn;
        what it raises keeps it from leaving, and is raised here.

        Raises:
            ConfigError: ``path`` or ``method`` is none; no request was made.
        """
        self.check(method, path)
        path = placed(path, self._auth_path)
        headers = {"content-type": "application/json"} if body is not None else {}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        if cookie is not None:
            headers |= {"cookie": cookie, "origin": "/".join(self.origin.split("/")[:3])}
        async with self._turns if call is Call.RESOURCE else self._no_turn:
            exchange = self._exchange or await self._opened()
            admit()
            said = {"request": f"{method} {path}", "authorised": token is not None}
            asked = functools.partial(self._recorder.note, "parent", "server", call.value, said)

            def asked_again(lost: NoAnswer) -> None:
                self._note_answer(call, lost)
                asked()

            asked()
            came = await exchange.send(
                method, path, headers, body, alone=call is not Call.RESOURCE, again=asked_again
            )
        if isinstance(came, Reply):
            self._learn_clock(came.headers.get("date"))
        self._note_answer(call, came)
        return came

    def _note_answer(self, call: Call, came: Reply | NoAnswer) -> None:
        outcome = came.status if isinstance(came, Reply) else told(came)
        self._recorder.note("server", "parent", call.value, {"answer": outcome})

    async def _opened(self) -> Exchange:
        async with self._opening:
            if self._exchange is None:
                self._exchange = await asyncio.to_thread(self._open)
        return self._exchange

    def _open(self) -> Exchange:
        from refapp.trusted.server.exchange import Exchange

        return Exchange(
            self.origin,
            connect_timeout_s=self._connect_timeout_s,
            request_timeout_s=self._request_timeout_s,
            transport=self._transport,
            program=self._program,
        )

    @staticmethod
    def check(method: str, path: str) -> None:
        """Refuse what httpx would raise for: it would look as if the server had not answered.

        Raises:
            ConfigError: ``path`` or ``method`` is none.
        """
        if not _METHOD.fullmatch(method):
            raise ConfigError(server_words.NO_METHOD)
        if (
            not path.startswith("/")
            or path.startswith("//")
            or _NOT_IN_A_PATH.search(path)
            or len(path.encode()) > LONGEST_PATH
        ):
            raise ConfigError(server_words.CALL_TO_A_PATH)

    def _learn_clock(self, date: str | None) -> None:
        server = http_date(date) if date else None
        if server is not None:
            # The header counts whole seconds: half a second is its middle.
            self.clock_offset_s = server + 0.5 - self._clock()

    async def close(self) -> None:
        """Close the connections."""
        if self._exchange is not None:
            await self._exchange.close()


def placed(path: str, auth_path: str) -> str:
    """``path``, which names auth endpoints as BetterAuth does by default,
    where this server has them.
    """
    under = path.removeprefix(f"{AUTH_PATH}/")
    return path if under == path else f"{auth_path}/{under}"
