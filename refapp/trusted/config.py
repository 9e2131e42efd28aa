"""Settings: everything that is decided once, at the start. Limits and timeouts have their units in their names.

Owns the check of ``--server``: https to anywhere, plain http to loopback alone (a token must not cross a network in the clear).
"""

from __future__ import annotations

import ipaddress
import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from refapp.trusted.errors import ConfigError

APP_ID = "refapp"
_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the app. ``sign_in_page``: where on the server a person signs in with the browser, a path."""

    origin: str
    data_dir: Path
    app_id: str = APP_ID
    sign_in_page: str = "/sign-in"
    connect_timeout_s: float = 5.0
    request_timeout_s: float = 15.0
    keychain_deadline_s: float = 3.0
    lock_deadline_s: float = 20.0


def origin_of(url: str) -> str:
    """The origin ``scheme://host[:port]`` of a server URL, in lower case and without a default port.

    Raises:
        ConfigError: not an http(s) URL, with user info, path, query or fragment, or plain http to another machine.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        raise ConfigError(f"--server {url!r}: this is not an address.") from None
    try:
        port = parts.port
    except ValueError:
        raise ConfigError(f"--server {url!r}: the port is not a number between 0 and 65535.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError(f"--server {url!r} is not an http or https address, such as https://auth.example.com.")
    if parts.username or parts.password or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ConfigError(f"--server {url!r}: give the address alone, without a path, user name or query.")
    if not _is_host(host):
        raise ConfigError(f"--server {url!r}: no server can have this name.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ConfigError(
            f"--server {url!r}: plain http is for this machine only; use https, or tokens travel in the clear."
        )
    named = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{named}" + ("" if port in (None, default) else f":{port}")


def page_of(path: str) -> str:
    """The sign-in page's path. Raises ConfigError: not a plain path of the server."""
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+/?", path):
        raise ConfigError(f"--sign-in-page {path!r}: give a path of the server, such as /sign-in.")
    return path


def words_of(option: str, command: str) -> list[str]:
    """A command line as its words; none if it is empty. Raises ConfigError: a quotation mark has no end."""
    try:
        return shlex.split(command)
    except ValueError:
        raise ConfigError(f"{option} {command!r}: a quotation mark has no end.") from None


def _is_host(host: str) -> bool:
    """Can a server have this name or number? What is let through here, the requests have to be able to go to."""
    if not host.isascii():
        import idna  # as httpx has it

        try:
            host = idna.encode(host).decode()
        except idna.IDNAError:
            return False
    if ":" in host or host.rpartition(".")[2].isdecimal():
        return _ip(host) is not None
    return len(host) <= 253 and HOST.fullmatch(host) is not None


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    ip = _ip(host)
    return host == "localhost" or (ip is not None and ip.is_loopback)


def data_dir(home: Path | None) -> Path:
    """Where the app's files are: in ``home``, or platformdirs' user data folder. It need not be there.

    Raises:
        ConfigError: there is no such folder: HOME is not set, and the system knows nobody of this number.
    """
    if home is not None:
        return home.absolute()
    import platformdirs

    try:
        folder = Path(platformdirs.user_data_dir(APP_ID, appauthor=False))
    except RuntimeError:  # newer platformdirs; with an older one the path begins with a tilde
        folder = Path()
    if not folder.is_absolute():
        why = "This user has no home folder. Name a place for the app's files with --home DIR, or set HOME."
        raise ConfigError(why)
    return folder
