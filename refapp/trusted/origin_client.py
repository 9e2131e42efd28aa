"""HTTP to the one configured origin, and to nothing else.

Owns the httpx client and the mapping of everything that can go wrong on the way to ``verdict.Transport``; no httpx error leaves
this module. Invariants: a token goes to the origin alone (RF-12); redirects are not followed; no cookie is kept or sent (a kept
cookie makes a BetterAuth server refuse the next POST); an answer has a size limit and a deadline; the record of a request holds
its method, path and status, never a header or a body.
"""

from __future__ import annotations

import asyncio
import email.utils
import platform
import socket
import ssl
from collections.abc import Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from refapp import __version__
from refapp.trusted.recorder import Recorder
from refapp.trusted.verdict import Call, Reply, Transport

LARGEST_ANSWER = 8 * 2**20
# httpx's pool looks at every connection for every request: many at once cost the square of their number.
AT_ONCE = 16

USER_AGENT = f"refapp/{__version__} ({platform.system()})"


class OriginClient:
    """Sends requests to ``origin``; ``transport`` replaces the network in tests."""

    def __init__(
        self,
        origin: str,
        *,
        recorder: Recorder,
        clock: Callable[[], float],
        connect_timeout_s: float,
        request_timeout_s: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.origin = origin
        self._recorder = recorder
        self._clock = clock
        self._deadline_s = request_timeout_s
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.clock_offset_s = 0.0
        loopback = origin.startswith("http://")
        self._http = httpx.AsyncClient(
            base_url=origin,
            transport=transport,
            # Plain http goes to loopback alone (config.origin_of): no certificates to load, and no proxy to pass.
            verify=False if loopback else ssl.create_default_context(),
            trust_env=not loopback,
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            headers={"user-agent": USER_AGENT, "accept": "application/json"},
            timeout=httpx.Timeout(request_timeout_s, connect=connect_timeout_s),
        )

    async def send(
        self, call: Call, method: str, path: str, *, token: str | None = None, body: bytes | None = None
    ) -> Reply | Transport:
        """One request to ``path`` (absolute, on the origin). ``body`` is JSON. Never raises for what a network can do."""
        self._check(path)
        headers = {"content-type": "application/json"} if body is not None else {}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        self._recorder.note(
            "parent", "server", call.value, {"request": f"{method} {path}", "authorised": token is not None}
        )
        async with self._slots:
            came = await self._exchange(method, path, headers, body)
        outcome = came.status if isinstance(came, Reply) else came.value
        self._recorder.note("server", "parent", call.value, {"answer": outcome})
        return came

    async def _exchange(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Reply | Transport:
        try:
            async with (
                asyncio.timeout(self._deadline_s),
                self._http.stream(method, path, headers=headers, content=body) as answer,
            ):
                parts = bytearray()
                async for part in answer.aiter_bytes():
                    parts += part
                    if len(parts) > LARGEST_ANSWER:
                        return Transport.CUT_OFF
        except (TimeoutError, httpx.TimeoutException):
            return Transport.TIMEOUT
        except httpx.ConnectError as error:
            return _why_no_connection(error)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            # A header that can't be decoded, a broken chunk, a reset in the middle: the answer did not come whole.
            return Transport.CUT_OFF
        self._learn_clock(answer.headers.get("date"))
        return Reply(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, bytes(parts))

    def _check(self, path: str) -> None:
        if not path.startswith("/") or path.startswith("//") or any(c in path for c in "\\\r\n#"):
            raise ValueError("a request goes to a path of the configured server")

    def _learn_clock(self, date: str | None) -> None:
        try:
            server = email.utils.parsedate_to_datetime(date).timestamp() if date else None
        except (TypeError, ValueError):
            server = None
        if server is not None:
            # The header counts whole seconds: half a second is its middle.
            self.clock_offset_s = server + 0.5 - self._clock()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _why_no_connection(error: BaseException) -> Transport:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return Transport.TLS
        if isinstance(seen, socket.gaierror):
            return Transport.NO_ADDRESS
        seen = seen.__cause__ or seen.__context__
    return Transport.TLS if "CERTIFICATE" in str(error) or "SSL" in str(error) else Transport.NO_CONNECTION
