"""One request over the network, with httpx.
Loaded by the first request: httpx takes as long to load as a window to open.

Owns the httpx client; what goes wrong on the way is a value (``why_no_answer``), and no exception
of a library leaves this module. Invariants: redirects are not followed; no cookie is kept or sent
(a kept cookie makes a BetterAuth server refuse the next POST); an answer has a size limit and a
deadline; the certificates are loaded once, and again after they did not suffice; an unusable proxy
is never bypassed; what decides about a session is asked on a connection of its own, where no answer
to another question can lie. What may be sent, and where to, is ``origin_client``'s.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import ssl
import sys
from collections.abc import Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

if "httpx" not in sys.modules:
    # Where click is installed httpx loads its own command line, click and pygments with it.
    # Without, it does without.
    sys.modules["httpx._main"] = None  # type: ignore[assignment]
if importlib.util.find_spec("sniffio") is None:
    # httpcore looks for it at each of its locks:
    # where it is missing, that is a search of the disk each time.
    sys.modules["sniffio"] = None  # type: ignore[assignment]
import httpx

from refapp.trusted.network.certificates import reload, trusting_context, unreadable
from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.network.proxies import Proxy, proxy_before
from refapp.trusted.network.why_no_answer import RequestPath, why_no_answer
from refapp.trusted.scheduling.in_time import in_time
from refapp.trusted.server.http_log import headers_unlogged
from refapp.trusted.server.user_agent import own_user_agent
from refapp.trusted.server.verdict import Reply

LARGEST_ANSWER = 8 * 2**20
KEPT_S = 4.0
"""Servers on Node and on uvicorn close a connection that was idle for five seconds: what is on its
way just then is lost, and nothing but a GET is sent again.
"""


class Exchange:
    """Connections to ``origin``. Making one may take 40 ms, and blocks.

    ``transport`` replaces the network in tests;
    the server is told ``program``, name/version (WS-6).
    """

    def __init__(
        self,
        origin: str,
        *,
        connect_timeout_s: float,
        request_timeout_s: float,
        transport: httpx.AsyncBaseTransport | None = None,
        program: str,
    ) -> None:
        self._deadline_s = request_timeout_s
        parts = urlsplit(origin)
        host, port = parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)
        self._name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        # Plain http goes to loopback alone (config.origin_of):
        # no certificates to load, and no proxy to pass.
        loopback = parts.scheme == "http"
        proxy = None if loopback or transport is not None else proxy_before(host, port, os.environ)
        self._barred = proxy if isinstance(proxy, NoAnswer) else None
        self._proxy = proxy if isinstance(proxy, Proxy) else None
        self._trust = None if loopback else trusting_context(os.environ)
        self._trust_is_stale = False

        def client(kept: int) -> httpx.AsyncClient:
            return httpx.AsyncClient(
                base_url=origin,
                transport=transport,
                verify=self._trust or False,
                http2=importlib.util.find_spec("h2") is not None,
                proxy=_httpx_proxy(self._proxy, self._trust) if self._proxy else None,
                trust_env=False,
                follow_redirects=False,
                cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
                headers={"user-agent": own_user_agent(program), "accept": "application/json"},
                limits=httpx.Limits(
                    max_connections=100, max_keepalive_connections=kept, keepalive_expiry=KEPT_S
                ),
                # The deadline of the whole is ``in_time``'s: httpx's own would throw away what came
                # while this process slept.
                timeout=httpx.Timeout(None, connect=connect_timeout_s),
            )

        self._http, self._each_its_own = client(20), client(0)

    async def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        alone: bool = False,
        again: Callable[[NoAnswer], None] = lambda _: None,
    ) -> Reply | NoAnswer:
        """One request and its whole answer. Never raises for what a network can do.
        ``alone``: on a connection of its own. ``again`` is told why, if it is sent a second time.
        """
        if self._barred is not None:
            return self._barred
        if self._trust is not None and self._trust_is_stale:
            await asyncio.to_thread(reload, self._trust, os.environ)
            self._trust_is_stale = False
        http = self._each_its_own if alone else self._http
        came, way = await self._sent(http, method, path, headers, body)
        if (
            method == "GET"
            and way.reused
            and isinstance(came, NoAnswer)
            and came.cause is Cause.CUT_OFF
        ):
            # The server had closed a connection that was kept for it.
            # Asking twice does no harm (RFC 9110, section 9.2.2).
            again(came)
            came, way = await self._sent(http, method, path, headers, body)
        return came

    async def _sent(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> tuple[Reply | NoAnswer, RequestPath]:
        way = RequestPath(self._name, self._proxy)
        try:
            return await in_time(
                self._received(http, method, path, headers, body, way), self._deadline_s
            ), way
        except Exception as error:  # noqa: BLE001  # the libraries let through their own, each other's and Python's
            return await self._explained(why_no_answer(error, way)), way
        finally:
            await way.abandon()

    async def _received(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        way: RequestPath,
    ) -> Reply | NoAnswer:
        noted = {"trace": way.note}
        with headers_unlogged():
            async with http.stream(
                method, path, headers=headers, content=body, extensions=noted
            ) as answer:
                parts = bytearray()
                async for part in answer.aiter_bytes():
                    parts += part
                    if len(parts) > LARGEST_ANSWER:
                        return NoAnswer(
                            Cause.TOO_LARGE, self._name, said=f"{LARGEST_ANSWER // 2**20} MiB"
                        )
        named = {name.lower(): value for name, value in answer.headers.items()}
        if "set-cookie" in named:
            # The one header whose lines can't be joined with commas (RFC 9110, section 5.3).
            named["set-cookie"] = "\n".join(answer.headers.get_list("set-cookie"))
        return Reply(answer.status_code, named, bytes(parts))

    async def _explained(self, why: NoAnswer) -> NoAnswer:
        """``why``, or that a variable names no certificates where these were lacking;
        they are read again at the next try.
        """
        if why.cause is not Cause.UNKNOWN_ISSUER:
            return why
        self._trust_is_stale = True
        return await asyncio.to_thread(unreadable, os.environ) or why

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()
        await self._each_its_own.aclose()


def _httpx_proxy(proxy: Proxy, trust: ssl.SSLContext | None) -> httpx.Proxy:
    # httpcore refuses a context for a proxy that is not asked over TLS.
    return httpx.Proxy(proxy.url, ssl_context=trust if proxy.url.startswith("https:") else None)
