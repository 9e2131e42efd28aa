"""Which proxy stands before a server: the environment, read as curl reads it.
Pure, but for a look whether SOCKS is installed, and at what httpx takes.

Owns the variables ``https_proxy``, ``all_proxy`` and ``no_proxy``, the lower-case name before the
upper-case one; an empty one counts as none. An unusable proxy is reported, and never bypassed.
Invariant: no answer holds a proxy's user name or password.

``no_proxy`` is a list, with commas or blanks between: a name counts for itself and for all below
it, with or without a dot or ``*.`` before it; an address for itself, a network (``10.0.0.0/8``) for
all in it; a port after either narrows it to that port; ``*`` is everything.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import re
from collections.abc import Iterator, Mapping
from urllib.parse import SplitResult, urlsplit

import msgspec

from refapp.trusted.network.no_answer import Cause, NoAnswer

PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_IP = ipaddress.IPv4Address | ipaddress.IPv6Address


class Proxy(msgspec.Struct, frozen=True):
    """``url`` may hold a password. ``name`` is its host and port, ``variable`` what named it."""

    url: str
    name: str
    variable: str

    def __repr__(self) -> str:
        """Never show the password."""
        return f"Proxy({self.name!r}, {self.variable!r})"


def proxy_before(host: str, port: int, environ: Mapping[str, str]) -> Proxy | NoAnswer | None:
    """The proxy that ``environ`` names for https to ``host``;
    why it can't be used; None if there is to be none.
    """
    return None if excepting(host, port, environ) else proxy_named(environ)


def proxy_named(environ: Mapping[str, str]) -> Proxy | NoAnswer | None:
    """The same, whatever host is asked."""
    variable = next((name for name in _VARIABLES if environ.get(name, "").strip()), None)
    return None if variable is None else _proxy(environ[variable].strip(), variable)


def excepting(host: str, port: int, environ: Mapping[str, str]) -> str:
    """The variable that excepts ``host`` from being asked through a proxy; empty: none does."""
    variable = "no_proxy" if environ.get("no_proxy") else "NO_PROXY"
    return variable if excepted(host, port, environ.get(variable, "")) else ""


def _proxy(address: str, variable: str) -> Proxy | NoAnswer:
    misspelt = NoAnswer(Cause.PROXY_MISSPELT, variable=variable)
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        return misspelt
    if scheme not in PORTS or not _is_name(host) or port == 0:
        return misspelt
    if "@" in parts.path + parts.query + parts.fragment:
        # A password with "/", "?" or "#" in it: what stands before that was taken for the host, and
        # would be shown.
        return misspelt
    if scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        return NoAnswer(Cause.PROXY_NEEDS_SOCKS, variable=variable)
    named = f"[{host}]" if ":" in host else host
    at = f"{named}:{port or PORTS[scheme]}"
    url = f"{scheme}://{_credentials(parts)}{at}"
    return Proxy(url, at, variable) if _is_taken(url) else misspelt


def _is_taken(url: str) -> bool:
    """httpx refuses what looks like an address and is none (10.0.0.256), and letters that no
    password can be sent with.
    """
    import httpx  # here: a start without a proxy has no need of it yet

    try:
        httpx.Proxy(url)
    except (httpx.InvalidURL, ValueError):
        return False
    return True


def _credentials(parts: SplitResult) -> str:
    before, at, _ = parts.netloc.rpartition("@")
    return f"{before}{at}"


def _is_name(host: str) -> bool:
    return bool(host) and (
        _ip(host) is not None or re.fullmatch(r"[A-Za-z0-9._-]+", host) is not None
    )


def excepted(host: str, port: int, no_proxy: str) -> bool:
    """Whether ``no_proxy`` says that ``host`` is asked without a proxy.
    Entries that mean nothing except nothing.
    """
    wanted = host.strip("[]").rstrip(".").lower()
    address = _ip(wanted)
    return any(
        only in (None, port) and (entry == "*" or _matches(wanted, address, entry))
        for entry, only in _entries(no_proxy)
    )


def _entries(no_proxy: str) -> Iterator[tuple[str, int | None]]:
    """Each entry, in lower case and without its port, and that port."""
    for written in re.split(r"[\s,]+", no_proxy.lower()):
        found = re.fullmatch(r"(?P<entry>\[[^\]]*\]|[^:]*):(?P<port>\d{1,5})", written)
        if found is not None:
            yield found["entry"].strip("[]"), int(found["port"])
        elif written:
            yield written.strip("[]"), None


def _matches(wanted: str, address: _IP | None, entry: str) -> bool:
    if address is not None:
        try:
            return address in ipaddress.ip_network(entry.replace("]", ""), strict=False)
        except ValueError:
            return False
    name = entry.removeprefix("*").strip(".")
    return bool(name) and (wanted == name or wanted.endswith(f".{name}"))


def _ip(text: str) -> _IP | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
