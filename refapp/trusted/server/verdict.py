"""What a server's answer means: one total function from what came back to a closed set of meanings. Pure.

Only an answer that is provably the configured server's own may end a session: not redirected, JSON where the server sends JSON,
of the server's shape (OF-8). Everything else is "can't tell", and nothing is cleared (OF-3). What the real server sends:

- get-session answers an absent, expired or revoked session with 200 and the body ``null`` (RS-10); its rare 401 is a lost race.
- A server may send a 401 with an empty body and a JSON content type; a proxy or a captive portal sends HTML.
- A 403 is about origin, freshness or permission unless its code says that the token itself is bad (RS-6, OF-6).
- 429 carries ``x-retry-after`` (BetterAuth) or ``retry-after`` (everybody else) (OF-7).
- There is no refresh endpoint on a stock server: 404, empty body (RS-9). So it is with plugins that a server lacks (SI-9, SI-11).
  A 404 with a page is a proxy's or a portal's.
- ``set-auth-token`` holds the token in the form to send back; it goes before the body's, byte for byte.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping

import msgspec

from refapp.trusted.errors import UNDECODABLE
from refapp.trusted.server.server_times import http_date, unix_of
from refapp.trusted.storage.profile import Profile

DEFAULT_WAIT_S = 10.0
LONGEST_WAIT_S = 3600.0
LONGEST = 300

TOKEN_IS_BAD = frozenset({
    "INVALID_SESSION", "SESSION_EXPIRED", "SESSION_NOT_FOUND", "INVALID_REFRESH_TOKEN", "INVALID_TOKEN", "TOKEN_EXPIRED",
})  # fmt: skip


class Call(enum.Enum):
    """What was asked. The same answer means different things to different questions."""

    SIGN_IN = "sign-in"
    SESSION = "session check"
    REFRESH = "refresh"
    SIGN_OUT = "sign-out"
    RESOURCE = "resource"
    BROWSER_OFFER = "browser flow check"
    CODE = "code exchange"
    DEVICE_CODES = "device codes"
    DEVICE_POLL = "device check"


ELSEWHERE = frozenset({Call.BROWSER_OFFER, Call.CODE, Call.DEVICE_CODES, Call.DEVICE_POLL})
"""Plugins that a server may lack: its 404 has no code then."""


class Transport(enum.Enum):
    """How a request failed before any whole answer came, in words that end a sentence about the server."""

    TIMEOUT = "took too long to answer"
    NO_ADDRESS = "can't be found"
    NO_CONNECTION = "can't be reached"
    TLS = "can't prove who it is"
    CUT_OFF = "broke off its answer"
    HTTPS_PROXY = "can't be asked: the proxy that HTTPS_PROXY names can't be used"
    ALL_PROXY = "can't be asked: the proxy that ALL_PROXY names can't be used"


UNUSABLE_PROXY = frozenset({Transport.HTTPS_PROXY, Transport.ALL_PROXY})
"""Nothing was sent, and asking again does not help before the environment is another."""


class Reply(msgspec.Struct, frozen=True):
    """A whole answer. Header names are in lower case. The body may hold secrets."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        """Never show headers or body."""
        return f"Reply(status={self.status})"


class Confirmed(msgspec.Struct, frozen=True):
    """Yes. ``profile``, tokens and expiry (unix seconds, the server's clock) as far as the answer brought them."""

    profile: Profile | None = None
    access: str | None = None
    refresh: str | None = None
    expires_at: float | None = None

    def __repr__(self) -> str:
        """Never show a token."""
        return f"Confirmed(profile={self.profile!r}, expires_at={self.expires_at!r})"


class Refused(msgspec.Struct, frozen=True):
    """The server itself says no to these credentials or this token. For a resource: a suspicion only."""

    message: str = ""
    code: str = ""


class Forbidden(msgspec.Struct, frozen=True):
    """Not allowed, and not because of the session."""

    message: str = ""
    code: str = ""


class Throttled(msgspec.Struct, frozen=True):
    """Too many requests: ask again after so many seconds."""

    after: float


class Unreachable(msgspec.Struct, frozen=True):
    """No whole answer came."""

    how: Transport


class Fault(msgspec.Struct, frozen=True):
    """The server has a problem (5xx)."""

    status: int


class NotTheServer(msgspec.Struct, frozen=True):
    """Something answered that is not the server: a portal, a proxy, another site. ``why`` is for people."""

    why: str


class NoSuchEndpoint(msgspec.Struct, frozen=True):
    """The server does not offer this call."""


Verdict = Confirmed | Refused | Forbidden | Throttled | Unreachable | Fault | NotTheServer | NoSuchEndpoint


class _Lenient(msgspec.Struct):
    """What is read of a body. Unknown fields are the server's business."""


class _User(_Lenient):
    id: str
    email: str
    name: str = ""
    image: str | None = None


class _Session(_Lenient):
    expiresAt: str | None = None  # noqa: N815 - the server's name


class _Opened(_Lenient):
    user: _User
    token: str

    def __repr__(self) -> str:
        """Never show the token."""
        return "_Opened(…)"


class _Checked(_Lenient):
    user: _User
    session: _Session


class _Refreshed(_Lenient):
    accessToken: str  # noqa: N815 - the server's name
    refreshToken: str  # noqa: N815 - the server's name
    expiresAt: str | None = None  # noqa: N815 - the server's name

    def __repr__(self) -> str:
        """Never show a token."""
        return "_Refreshed(…)"


class _Complaint(_Lenient):
    message: str = ""
    code: str = ""


def judge(call: Call, came: Reply | Transport, now: float) -> Verdict:
    """What ``came`` back from ``call`` means. Total: every answer has one meaning. ``now``: unix seconds."""
    if isinstance(came, Transport):
        return Unreachable(came)
    status = came.status
    if status == 429:
        return Throttled(_wait(came.headers, now))
    if status >= 500:
        return Fault(status)
    if 300 <= status < 400:
        return NotTheServer("the answer leads to another address")
    if status < 200:
        return NotTheServer("the answer is not a final one")
    if _is_lacking(call, came):
        return NoSuchEndpoint()
    if call is Call.RESOURCE:
        return _judge_resource(came)
    if not _is_json(came.headers):
        # Sign-out answers an empty request with an empty body and no type at all.
        if call is Call.SIGN_OUT and status == 200 and not came.body:
            return Confirmed()
        return NotTheServer("the answer is not in the server's format")
    return _judge_success(call, came) if status < 300 else _judge_complaint(call, came)


def _is_lacking(call: Call, came: Reply) -> bool:
    """Whether the server itself says that it has no such call."""
    if came.status not in (404, 405):
        return False
    body = came.body.strip()
    own = not body or (_is_json(came.headers) and body.startswith(b"{"))
    if call is Call.SIGN_IN:
        return own and came.status == 404
    return own and (call is Call.REFRESH or (call in ELSEWHERE and not _complaint(came)[1]))


def _judge_resource(came: Reply) -> Verdict:
    if came.status == 401:
        return Refused(*_complaint(came))
    if came.status == 403:
        return Forbidden(*_complaint(came))
    return Confirmed()


def _judge_success(call: Call, came: Reply) -> Verdict:
    header = came.headers.get("set-auth-token") or None
    body = came.body.strip()
    try:
        match call:
            case Call.SIGN_IN | Call.CODE:
                if body in (b"null", b"{}", b""):
                    return Confirmed()
                opened = msgspec.json.decode(body, type=_Opened)
                refresh = came.headers.get("set-refresh-token") or None
                return (
                    Confirmed(_profile(opened.user), header or opened.token, refresh) if opened.token else Confirmed()
                )
            case Call.SESSION:
                if body == b"null" and came.status == 200:
                    return Refused("The server does not know this session any more.")
                checked = msgspec.json.decode(body, type=_Checked)
                return Confirmed(_profile(checked.user), header, None, unix_of(checked.session.expiresAt))
            case Call.REFRESH:
                new = msgspec.json.decode(body, type=_Refreshed)
                if new.accessToken and new.refreshToken:
                    return Confirmed(None, new.accessToken, new.refreshToken, unix_of(new.expiresAt))
            case _:
                msgspec.json.decode(body or b"{}")
                return Confirmed()
    except UNDECODABLE:
        pass
    return NotTheServer("the answer is not of the server's shape")


def _judge_complaint(call: Call, came: Reply) -> Verdict:
    message, code = _complaint(came)
    if came.body.strip() and not came.body.lstrip().startswith(b"{"):
        return NotTheServer("the answer is not of the server's shape")
    if call is Call.SIGN_IN or call in ELSEWHERE:
        return Refused(message, code)
    if came.status == 401:
        return Refused(message, code)
    if came.status == 403:
        return Refused(message, code) if code in TOKEN_IS_BAD else Forbidden(message, code)
    return NotTheServer("the server does not understand the request")


def _complaint(came: Reply) -> tuple[str, str]:
    try:
        said = msgspec.json.decode(came.body, type=_Complaint)
    except UNDECODABLE:
        return "", ""
    return said.message[:LONGEST], said.code[:100]


def _profile(user: _User) -> Profile:
    """A name of a megabyte would not fit into a line to the window."""
    return Profile(user.id, user.name[:LONGEST], user.email[:LONGEST], user.image)


def _is_json(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").split(";")[0].strip().lower() == "application/json"


def _wait(headers: Mapping[str, str], now: float) -> float:
    said = headers.get("x-retry-after") or headers.get("retry-after") or ""
    try:
        seconds = float(said)
    except ValueError:
        date = http_date(said)
        seconds = DEFAULT_WAIT_S if date is None else date - now
    return DEFAULT_WAIT_S if math.isnan(seconds) else min(max(seconds, 1.0), LONGEST_WAIT_S)
