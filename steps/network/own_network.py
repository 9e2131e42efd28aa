"""The network of the app's computer, for real: what it is told in its environment, whom a name
leads to, and a server and a proxy on loopback in place of those addresses.

The app is the one that ships: its own sockets, proxies and certificates. Owns the addresses, the
variables of this process while it lasts, and when time may move: not while somebody may still
answer. Invariant: the app reaches these two, and nobody else.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import functools
import os
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import httpx

from refapp.trusted.network.certificates import OF_OPENSSL, OF_OTHERS
from refapp.trusted.network.no_answer import NoAnswer
from refapp.trusted.server.exchange import Exchange
from refapp.trusted.server.verdict import Reply
from steps.fakes.fake_resolver import Address, resolver
from steps.fakes.frozen_clock import real_datetime
from steps.fakes.virtual_time import VirtualTime
from steps.network.authority import TLS_FAULTS, Authority
from steps.network.far_ends import FarProxy, FarServer
from steps.network.listener import Listener
from steps.servers.local_server import LocalServer
from steps.servers.named_routes import name_of

SERVER, PROXY, PROXY_PORT = "203.0.113.10", "203.0.113.128", 3128
"""Addresses that are nobody's (RFC 5737)."""
NO_WAYS = "203.0.113.11", "203.0.113.12"
"""Addresses to which no way leads."""
NAMES = ("auth.example.com", "auth.notexample.com")
PROXY_NAME, OTHER_ADDRESS = "proxy.example.com", "10.1.2.3"
VARIABLES = (
    *OF_OPENSSL, *OF_OTHERS,
    "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY", "http_proxy",
)  # fmt: skip
NAME_TROUBLE: Mapping[str, int] = {
    "has a name that nobody has": socket.EAI_NONAME,
    "has a name that can't be looked up": socket.EAI_AGAIN,
}
NO_WAY = "is where no way leads"
SOME_ADDRESSES = "has three addresses, and is at none"
"""To the first and the last no way leads, and at the second nobody listens."""


@functools.cache
def _authority() -> Authority:
    """One for the whole run: to make it takes as long as a scenario."""
    folder = tempfile.TemporaryDirectory(prefix="refapp-authority-")
    atexit.register(folder.cleanup)
    with real_datetime():
        return Authority(Path(folder.name), (*NAMES, PROXY_NAME, OTHER_ADDRESS))


def _certified(fault: str | None = None) -> ssl.SSLContext:
    """A far end of TLS. Made here, and not when it is needed: that writes files, which are no deeds
    of the app's.
    """
    with real_datetime():
        return _authority().context(fault)


class OwnNetwork:
    """``local`` is the server that the app is for; ``asked`` hears the name of each request."""

    def __init__(self, local: LocalServer, time: VirtualTime, asked: Callable[[str], None]) -> None:
        self._local = local
        self._time = time
        self._asked = asked
        self.authority = _authority()
        _certified()
        self.server = FarServer(self.authority, local)
        self.server.falls_silent = self._fell_silent
        self.is_met = False
        parts = urlsplit(local.origin)
        self.host = parts.hostname or ""
        self._at = SERVER if self.host in NAMES else self.host, parts.port or 443
        self._names: dict[str, Address] = dict.fromkeys(NAMES, SERVER)
        self._names[PROXY_NAME] = PROXY
        self._names["gone.example.com"] = socket.EAI_NONAME
        self._no_way = False
        self._under_way = self._silent = 0
        self.went_to: list[str] = []
        self._said_before = 0, 0
        self._until = contextlib.ExitStack()
        self._until.enter_context(mock.patch.dict(os.environ))
        for name in VARIABLES:
            os.environ.pop(name, None)
        os.environ["SSL_CERT_FILE"] = str(self.authority.file)

    @functools.cached_property
    def proxy(self) -> FarProxy:
        """There is one as soon as somebody speaks of it."""
        proxy = FarProxy(self.server.port)
        proxy.falls_silent = self._fell_silent
        return proxy

    def meet(self) -> None:
        """From now on an app that starts is on it; until then requests go the short way."""
        self.is_met = True
        self._time.network(self._is_awaited, self._leads_to)
        self._until.enter_context(resolver(self._names))
        send = Exchange.send
        network = self

        async def watched(exchange: Exchange, *request: Any, **more: Any) -> Reply | NoAnswer:
            return await network._sent(functools.partial(send, exchange), *request, **more)

        self._until.enter_context(mock.patch.object(Exchange, "send", watched))

    async def _sent(
        self,
        send: Callable[..., Any],
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        again: Callable[[NoAnswer], None] = lambda _: None,
        **more: Any,
    ) -> Reply | NoAnswer:
        """One request, counted as asked, and under way until it has come back."""

        def count() -> None:
            self._asked(name_of(method, path, body or b""))
            url = self._local.origin + path
            self._local.seen.append(httpx.Request(method, url, headers=headers, content=body))

        def once_more(why: NoAnswer) -> None:
            again(why)
            count()

        count()
        self._under_way += 1
        try:
            came: Reply | NoAnswer = await send(
                method, path, headers, body, again=once_more, **more
            )
            return came
        finally:
            self._under_way -= 1
            self._silent = max(0, self._silent - 1)

    def _fell_silent(self) -> None:
        """In a thread of theirs: of that request nothing more will be heard."""
        self._silent += 1
        with contextlib.suppress(RuntimeError):  # the scenario is over
            self._time.loop.call_soon_threadsafe(lambda: None)

    def _is_awaited(self) -> bool:
        """Whether something is still to come without that time passes."""
        unheard = self.server.fault == "does not take connections"
        return not unheard and self._under_way > self._silent

    def _leads_to(self, address: Any) -> Any:
        """The port of loopback behind an address that the app connects to."""
        if address[0] in NO_WAYS and address[1] == self._at[1]:
            raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))
        if address == self._at:
            if self._no_way:
                raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))
            self.went_to.append("the server")
            return "127.0.0.1", self.server.port
        assert address == (PROXY, PROXY_PORT), f"nobody is at {address}"
        self.went_to.append("the proxy")
        return "127.0.0.1", self.proxy.port

    def is_known_way(self, what: str) -> bool:
        """Whether that, which Python reported, is one of the app's ways here, or no deed of the
        app's.
        """
        ends = self._far_ends()
        known = {f"socket.connect {('127.0.0.1', end.port)}" for end in ends}
        known |= {f"socket.getaddrinfo {address}" for address in (SERVER, *NO_WAYS, PROXY)}
        others = [thread for end in ends for thread in end.threads]
        return threading.current_thread() in others or what in known

    def _far_ends(self) -> list[Listener]:
        return [self.server, self.proxy] if "proxy" in vars(self) else [self.server]

    def spoil_server(self, trouble: str | None) -> None:
        """From now on the server is as ``trouble`` says."""
        if trouble in TLS_FAULTS:
            _certified(trouble)
        self._names[self.host] = NAME_TROUBLE.get(trouble or "", SERVER)
        if trouble == SOME_ADDRESSES:
            self._names[self.host], trouble = (NO_WAYS[0], SERVER, NO_WAYS[1]), "is not there"
        self._no_way = trouble == NO_WAY
        is_its_own = trouble is None or not (trouble in NAME_TROUBLE or self._no_way)
        self.server.fault = trouble if is_its_own else None

    def spoil_proxy(self, trouble: str) -> None:
        """From now on the proxy is as ``trouble`` says."""
        if trouble.startswith("has a certificate"):
            self.proxy.tls = _certified(trouble if trouble in TLS_FAULTS else None)
        else:
            self.proxy.fault = trouble

    def let_in(self, name: str, password: str) -> None:
        """Want these two of everybody who asks the proxy."""
        self._local.secrets.add(password)
        self.proxy.let_in(name, password)

    def set_variable(self, name: str, value: str) -> None:
        """It ends with the scenario. A password in it is a secret from now on."""
        assert self.is_met, "an app that ran before would have found it, too"
        assert name in VARIABLES, f"{name} would outlast the scenario"
        os.environ[name] = value
        if password := urlsplit(value).password:
            self._local.secrets.add(password)

    def name_certificates(self, variable: str, what: str) -> None:
        """Let ``variable`` name what the scenario says."""
        folder = self.authority.file.parent
        file = folder / variable / "company.pem"
        file.parent.mkdir(exist_ok=True)
        if what == "a file that is missing":
            file.unlink(missing_ok=True)
        elif what == "a file with no certificate in it":
            file.write_text("nothing")
        elif what == "a file with somebody else's certificates":
            file.write_bytes(self.authority.others_file.read_bytes())
        elif what == "a file with the server's certificates":
            file.write_bytes(self.authority.file.read_bytes())
        # Nothing but what that variable names is trusted.
        os.environ["SSL_CERT_FILE"] = str(self.authority.others_file)
        if what == "a folder in which OpenSSL finds nothing":
            os.environ[variable] = str(folder)
        else:
            os.environ[variable] = "" if what == "nothing" else str(file)

    def begin(self) -> None:
        """The When comes."""
        self.went_to.clear()
        self._said_before = 0, 0
        self._said_before = len(self.said_to_server()), len(self.said_to_proxy())

    def said_to_server(self) -> list[bytes]:
        """The heads of the requests that came through to it since the When."""
        return self.server.heads[self._said_before[0] :]

    def said_to_proxy(self) -> list[bytes]:
        """The same, of the proxy."""
        return self.proxy.heads[self._said_before[1] :] if "proxy" in vars(self) else []

    def kept_open(self) -> int:
        """How many connections of the app are still there."""
        return sum(end.kept_open() for end in self._far_ends())

    def close(self) -> None:
        """The computer has its own environment and resolver again."""
        for end in self._far_ends():
            end.close()
        self._until.close()
