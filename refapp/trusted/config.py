"""Settings: everything that is decided once, at the start.
Limits and timeouts have their units in their names.

Owns the check of the server's address and of what belongs to it: https to anywhere, plain http to
loopback alone (a token must not cross a network in the clear); and that two spellings of one server
are one, since stored tokens belong to it.

A check is told how its value was ``named``, to say so in its error: ``server=`` by a program,
``--server `` in a command.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import msgspec

from refapp import __version__
from refapp.trusted.errors import ConfigError
from refapp.trusted.wording import setting_words

APP_ID = "refapp"
PROGRAM = f"{APP_ID}/{__version__}"
AUTH_PATH = "/api/auth"
LONGEST_ACCOUNT = 200
_PATH = r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)+"
_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the app.

    ``origin``: the server's base, its origin and the path under which it lives, if there is one
    (``origin_of``); "" where no request is made.
    ``auth_path``: where under that the auth endpoints are. ``sign_in_page``: where a person signs
    in with the browser, a path under the base or an address of its own. ``client_id``: the name
    that the server knows the program by (RFC 8628).
    ``account``: which of several accounts of one person at one server, by a name of the program's;
      each has its own tokens.
    """

    origin: str
    data_dir: Path
    app_id: str = APP_ID
    auth_path: str = AUTH_PATH
    sign_in_page: str = "/sign-in"
    client_id: str = APP_ID
    account: str = ""
    connect_timeout_s: float = 5.0
    request_timeout_s: float = 15.0
    keychain_deadline_s: float = 3.0
    lock_deadline_s: float = 20.0

    def __post_init__(self) -> None:
        """However they are made: no settings let a token cross a network in the clear.
        Raises ConfigError.
        """
        for name, checked in (
            ("origin", origin_of),
            ("auth_path", auth_path_of),
            ("sign_in_page", page_of),
        ):
            if getattr(self, name) or name != "origin":
                msgspec.structs.force_setattr(self, name, checked(getattr(self, name)))
        if len(self.account) > LONGEST_ACCOUNT or not self.account.isprintable():
            raise ConfigError(setting_words.not_an_account_name(self.account, LONGEST_ACCOUNT))

    @property
    def bound_to(self) -> str:
        """What stored tokens belong to: two auth servers may share an origin, and one's token is
        not the other's business.
        """
        server = self.origin if self.auth_path == AUTH_PATH else f"{self.origin}#{self.auth_path}"
        return f"{server}#account={self.account}" if self.account else server


def origin_of(url: str, named: str = "server=") -> str:
    """The base ``scheme://host[:port][/path]`` of a server's URL. Upper case, the default port, a
    dot after the name and the letters of another alphabet are spellings of the same.

    Raises:
        ConfigError: not an http(s) URL, with user info,
        query or fragment, or plain http to another machine.
    """
    given = f"{named}{url!r}"
    parts, host = _taken_apart(given, url)
    if (
        parts.username
        or parts.password
        or parts.query
        or parts.fragment
        or "?" in url
        or "#" in url
    ):
        raise ConfigError(setting_words.address_alone(given))
    path = parts.path.rstrip("/")
    if path and not re.fullmatch(_PATH, path):
        raise ConfigError(setting_words.no_such_path(given))
    if parts.scheme == "http" and not _is_loopback(host):
        raise ConfigError(setting_words.plain_http_with_tokens(given))
    default = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{path}"


def server_of(url: str, auth_path: str, named: str = "server=") -> str:
    """``origin_of`` an auth server, whose endpoints are at ``auth_path`` under that.
    Raises ConfigError also where the address ends in that path, as BetterAuth's own does.
    """
    origin = origin_of(url, named)
    if origin.endswith(auth_path.rstrip("/") or "//"):
        raise ConfigError(setting_words.auth_path_twice(f"{named}{url!r}", auth_path))
    return origin


def auth_path_of(path: str, named: str = "auth_path=") -> str:
    """Where the auth endpoints are, under the server's base.
    Raises ConfigError: not a plain path.
    """
    if not re.fullmatch(_PATH, path.rstrip("/")):
        raise ConfigError(setting_words.not_an_auth_path(named, path, AUTH_PATH))
    return path.rstrip("/")


def page_of(page: str, named: str = "sign_in_page=") -> str:
    """The sign-in page: a path under the server's base, or an address of its own, which has to be
    https or on this machine.

    Raises:
        ConfigError: neither.
    """
    given = f"{named}{page!r}"
    if page.startswith("/") and re.fullmatch(rf"({_PATH})?/?(\?[!-~]*)?(#[!-~]*)?", page):
        return page
    if "://" not in page:
        raise ConfigError(setting_words.not_a_sign_in_page(given))
    parts, host = _taken_apart(given, page)
    if parts.username or parts.password or not re.fullmatch(r"[!-~]+", page):
        raise ConfigError(setting_words.plain_letters(given))
    if parts.scheme == "http" and not _is_loopback(host):
        raise ConfigError(setting_words.plain_http(given))
    return page


def _taken_apart(given: str, url: str) -> tuple[SplitResult, str]:
    """The parts of a URL, and its host as it is asked for:
    in lower case, in ASCII, without a dot at the end.
    """
    try:
        parts = urlsplit(url.strip())
        host = _asked_for((parts.hostname or "").lower())
    except ValueError:
        raise ConfigError(setting_words.not_an_address(given)) from None
    try:
        parts.port  # noqa: B018 - it is looked at here, so that it raises here
    except ValueError:
        raise ConfigError(setting_words.no_such_port(given)) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(setting_words.not_http(given))
    if not host:
        raise ConfigError(setting_words.no_such_name(given))
    return parts, host


def words_of(option: str, command: str) -> list[str]:
    """A command line as its words; none if it is empty.
    Raises ConfigError: a quotation mark has no end.
    """
    try:
        return shlex.split(command)
    except ValueError:
        raise ConfigError(setting_words.quotation_without_end(option, command)) from None


def _asked_for(host: str) -> str:
    """The name or number under which a server is looked up; empty if no server can have it."""
    if not host.isascii():
        import idna  # as httpx has it

        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            return ""
    host = host.removesuffix(".")
    if ":" in host or host.rpartition(".")[2].isdecimal():
        number = _ip(host)
        return "" if number is None else str(number)
    return host if len(host) <= 253 and HOST.fullmatch(host) is not None else ""


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    ip = _ip(host)
    return host == "localhost" or (ip is not None and ip.is_loopback)


def data_dir(home: Path | None, app: str = APP_ID, named: str = "--home DIR") -> Path:
    """Where the app's files are: in ``home``, or platformdirs' user data folder.
    It need not be there.

    Raises:
        ConfigError: there is no such folder:
        HOME is not set, and the system knows nobody of this number.
    """
    if home is not None:
        return home.absolute()
    import platformdirs

    try:
        folder = Path(platformdirs.user_data_dir(app, appauthor=False))
    except RuntimeError:  # newer platformdirs; with an older one the path begins with a tilde
        folder = Path()
    if not folder.is_absolute():
        why = setting_words.no_home(named)
        raise ConfigError(why)
    return folder
