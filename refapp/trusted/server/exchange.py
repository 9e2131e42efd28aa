"""One request over the network, with httpx. Loaded by the first request: httpx takes as long to load as a window to open.

Owns the httpx client and the mapping of everything that can go wrong on the way to ``verdict.Transport``; no httpx error leaves
this module. Invariants: redirects are not followed; no cookie is kept or sent (a kept cookie makes a BetterAuth server refuse
the next POST); an answer has a size limit and a deadline; the certificates are loaded once; a proxy that is named and can't be
used is not passed by, and its address, which may hold a password, is in no answer. What may be sent, and where to, is
``origin_client``'s.
"""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import ssl
import sys
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

if "httpx" not in sys.modules:
    # Where click is installed httpx loads its own command line, click and pygments with it. Without, it does without.
    sys.modules["httpx._main"] = None  # type: ignore[assignment]
if importlib.util.find_spec("sniffio") is None:
    # httpcore looks for it at each of its locks: where it is missing, that is a search of the disk each time.
    sys.modules["sniffio"] = None  # type: ignore[assignment]
import httpx

from refapp import __version__
from refapp.trusted.server.user_agent import own_user_agent
from refapp.trusted.server.verdict import Reply, Transport

LARGEST_ANSWER = 8 * 2**20


class Exchange:
    """Connections to ``origin``. Making one may take 40 ms, and blocks.

    ``transport`` replaces the network in tests; the server is told the name ``app`` (WS-6).
    """

    def __init__(
        self,
        origin: str,
        *,
        connect_timeout_s: float,
        request_timeout_s: float,
        transport: httpx.AsyncBaseTransport | None = None,
        app: str,
    ) -> None:
        self._deadline_s = request_timeout_s
        loopback = origin.startswith("http://")
        proxy = None if loopback or transport is not None else _proxy_before(urlsplit(origin).hostname or "")
        self._barred = proxy if isinstance(proxy, Transport) else None
        self._http = httpx.AsyncClient(
            base_url=origin,
            transport=transport,
            # Plain http goes to loopback alone (config.origin_of): no certificates to load, and no proxy to pass.
            verify=False if loopback else _certificates(),
            proxy=proxy if isinstance(proxy, httpx.Proxy) else None,
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            headers={"user-agent": own_user_agent(app, __version__), "accept": "application/json"},
            timeout=httpx.Timeout(request_timeout_s, connect=connect_timeout_s),
        )

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply | Transport:
        """One request and its whole answer. Never raises for what a network can do."""
        if self._barred is not None:
            return self._barred
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
        return Reply(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, bytes(parts))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _certificates() -> ssl.SSLContext:
    """As ``ssl.create_default_context``, but for its log of the keys (SSLKEYLOGFILE): tokens could be read with them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    if sys.version_info >= (3, 13):
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    return context


def _proxy_before(host: str) -> httpx.Proxy | Transport | None:
    """The proxy that the environment names for https to ``host``; a Transport if that can't be used, None if none is named."""
    named = getproxies()
    kind = "https" if named.get("https") else "all"
    address = named.get(kind, "")
    if not address or proxy_bypass(host):
        return None
    unusable = Transport.HTTPS_PROXY if kind == "https" else Transport.ALL_PROXY
    try:
        proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
    except (ValueError, httpx.InvalidURL):
        return unusable
    without_socks = importlib.util.find_spec("socksio") is None
    if not proxy.url.host or (proxy.url.scheme.startswith("socks") and without_socks):
        return unusable
    return proxy


def _why_no_connection(error: BaseException) -> Transport:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return Transport.TLS
        if isinstance(seen, socket.gaierror):
            return Transport.NO_ADDRESS
        seen = seen.__cause__ or seen.__context__
    return Transport.TLS if "CERTIFICATE" in str(error) or "SSL" in str(error) else Transport.NO_CONNECTION
