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


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the app. ``sign_in_page``: where on the server a person signs in with the browser, a path."""

    origin: str
    data_dir: Path
    app_id: str = APP_ID
    sign_in_page: str = "/sign-in"
    connect_timeout_s: float = 5.0
    request_timeout_s: float = 15.0
    keychain_deadline_s: float = 3.0
    unlock_deadline_s: float = 120.0
    lock_deadline_s: float = 20.0


def origin_of(url: str) -> str:
    """The origin ``scheme://host[:port]`` of a server URL, in lower case and without a default port.

    Raises:
        ConfigError: not an http(s) URL, with user info, path, query or fragment, or plain http to another machine.
    """
    parts = urlsplit(url.strip())
    try:
        port = parts.port
    except ValueError:
        raise ConfigError(f"--server {url!r}: the port is not a number between 0 and 65535.") from None
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError(f"--server {url!r} is not an http or https address, such as https://auth.example.com.")
    if parts.username or parts.password or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ConfigError(f"--server {url!r}: give the address alone, without a path, user name or query.")
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


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def data_dir(home: Path | None) -> Path:
    """The folder of the app's files: ``home``, or platformdirs' user data folder."""
    if home is not None:
        return home.absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_ID, appauthor=False))
