"""What a server's answer means: one total function to a closed set of meanings. Pure.

Only an answer that is provably the configured server's own may end a session: not redirected, JSON
where the server sends JSON, of the server's shape (OF-8). Everything else is "can't tell", and
nothing is cleared (OF-3); a no that may be the server's and may be a gateway's is ``Doubtful``
(OF-9). What the server sends:

- get-session answers an absent, expired or revoked session with 200 and the body ``null`` (RS-10);
  its rare 401 is a lost race.
- A refusal of BetterAuth's has a message and a code, one of OAuth's a known ``error``. A gateway
  has words of its own, and BetterAuth 1.4 none at all where a session is demanded; a proxy or a
  captive portal sends HTML.
- A 403 is about origin, freshness or permission, unless its code is of a bad token (RS-6, OF-6).
- 429 carries ``x-retry-after`` (BetterAuth) or ``retry-after`` (everybody else) (OF-7).
- There is no refresh endpoint on a stock server: 404, empty body (RS-9). So it is with plugins that
  a server lacks (SI-9, SI-11). A 404 with a page is a proxy's or a portal's.
- ``set-auth-token`` holds the token to send back, byte for byte; it goes before the body's.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping

import msgspec

from refapp.trusted.files.profile import Profile
from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.network.stranger import stranger
from refapp.trusted.server import bodies
from refapp.trusted.server.server_times import http_date, unix_of
from refapp.trusted.wording import server_words

DEFAULT_WAIT_S = 10.0
LONGEST_WAIT_S = 3600.0
SOON_BELIEVED_S, LATE_BELIEVED_S = 30.0, 3600.0
"""A 200 that names nobody is hardly a gateway's; a 401 without a word may be, for so long."""

TOKEN_IS_BAD = frozenset({
    "INVALID_SESSION", "SESSION_EXPIRED", "SESSION_NOT_FOUND", "INVALID_REFRESH_TOKEN",
    "INVALID_TOKEN", "TOKEN_EXPIRED", "BANNED_USER", "invalid_token", "invalid_grant",
})  # fmt: skip

LOCKED = frozenset({"ACCOUNT_TEMPORARILY_LOCKED", "ACCOUNT_LOCKED"})
"""A 429 that is about the account, and not about how often it was asked (TF-4)."""

CAPTCHAS_WORDS = frozenset({"Missing CAPTCHA response", "Captcha verification failed"})


class Call(enum.Enum):
    """What was asked. The same answer means different things to different questions."""

    SIGN_IN = "sign-in"
    SECOND_FACTOR = "second factor"
    SEND_CODE = "code by e-mail"
    VERIFICATION = "confirmation by e-mail"
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
BESIDE_PASSWORD = frozenset({Call.SIGN_IN, Call.SECOND_FACTOR, Call.SEND_CODE, Call.VERIFICATION})
"""Asked on the way to a session: a no is about her account or what she entered."""


class Reply(msgspec.Struct, frozen=True):
    """A whole answer. Header names are in lower case. The body may hold secrets."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        """Never show headers or body."""
        return f"Reply(status={self.status})"


class Confirmed(msgspec.Struct, frozen=True):
    """Yes. ``profile``, tokens, expiry (unix seconds, the server's) as far as they came."""

    profile: Profile | None = None
    access: str | None = None
    refresh: str | None = None
    expires_at: float | None = None

    def __repr__(self) -> str:
        """Never show a token."""
        return f"Confirmed(profile={self.profile!r}, expires_at={self.expires_at!r})"


class Refused(msgspec.Struct, frozen=True):
    """The server itself says no to these credentials or this token.
    For a resource: a suspicion only.

    ``after``: seconds after which it may say something else, if it told.
    """

    message: str = ""
    code: str = ""
    after: float | None = None


class Forbidden(msgspec.Struct, frozen=True):
    """Not allowed, and not because of the session."""

    message: str = ""
    code: str = ""


class Doubtful(msgspec.Struct, frozen=True):
    """A no that is not in BetterAuth's words: a gateway's, or a rare server's. It ends nothing.

    ``believed_after``: seconds for which session checks have to say so before it is believed.
    """

    why: NoAnswer
    believed_after: float


class Throttled(msgspec.Struct, frozen=True):
    """Too many requests: ask again after so many seconds."""

    after: float


class Unreachable(msgspec.Struct, frozen=True):
    """No whole answer came."""

    why: NoAnswer


class Fault(msgspec.Struct, frozen=True):
    """The server has a problem (5xx)."""

    status: int


class NotTheServer(msgspec.Struct, frozen=True):
    """A whole answer came, and it is not the server's, or none that it sends to such a request."""

    why: NoAnswer


class NoSuchEndpoint(msgspec.Struct, frozen=True):
    """The server does not offer this call."""


Verdict = (
    Confirmed | Refused | Forbidden | Doubtful | Throttled | Unreachable | Fault | NotTheServer
    | NoSuchEndpoint
)  # fmt: skip


def judge(call: Call, came: Reply | NoAnswer, now: float) -> Verdict:
    """What ``came`` back from ``call`` means: one meaning each. ``now``: unix seconds."""
    if isinstance(came, NoAnswer):
        return Unreachable(came)
    status = came.status
    if status == 429:
        locked = call in BESIDE_PASSWORD and bodies.complaint(came.body)
        if locked and locked.code in LOCKED:
            after = _wait(came.headers, now) if _says_how_long(came.headers) else None
            return Refused(locked.message, locked.code, after)
        return Throttled(_wait(came.headers, now))
    if status >= 500 and status != 511:
        return Fault(status)
    if not 200 <= status < 300 and not 400 <= status < 500:
        return not_the_server(came)
    if _is_lacking(call, came):
        return NoSuchEndpoint()
    if call is Call.RESOURCE:
        return _judge_resource(came)
    if not _is_json(came.headers) and not (call is Call.SIGN_IN and _is_captchas(came)):
        if call is Call.SESSION and status == 200 and _is_plain_null(came):
            return _doubtful(came)
        return not_the_server(came)
    return _judge_success(call, came) if status < 300 else _judge_complaint(call, came)


def _is_plain_null(came: Reply) -> bool:
    """The word for "nobody", from a server whose framework has lost the type of its answer."""
    kind = came.headers.get("content-type", "")
    return kind.startswith("text/plain") and came.body.strip() == b"null"


def _is_captchas(came: Reply) -> bool:
    """BetterAuth 1.4's captcha plugin, alone of all, answers without the type of JSON."""
    return came.status in (400, 403) and bodies.complaint(came.body).message in CAPTCHAS_WORDS


def _doubtful(came: Reply) -> Doubtful:
    why = stranger(came.status, came.headers, came.body)
    return Doubtful(why, SOON_BELIEVED_S if came.status == 200 else LATE_BELIEVED_S)


def not_the_server(came: Reply) -> NotTheServer:
    """That ``came`` is not the server's, and whose it may be."""
    return NotTheServer(stranger(came.status, came.headers, came.body))


def _is_lacking(call: Call, came: Reply) -> bool:
    """Whether the server itself says that it has no such call."""
    if came.status not in (404, 405):
        return False
    body = came.body.strip()
    own = not body or (_is_json(came.headers) and body.startswith(b"{"))
    if call in BESIDE_PASSWORD:
        return own and came.status == 404
    return own and (
        call is Call.REFRESH or (call in ELSEWHERE and not bodies.complaint(came.body).code)
    )


def _judge_resource(came: Reply) -> Verdict:
    if came.status not in (401, 403):
        return Confirmed()  # what else is in it is the caller's to read
    said = bodies.complaint(came.body)
    return (Refused if came.status == 401 else Forbidden)(said.message, said.code)


def _judge_success(call: Call, came: Reply) -> Verdict:
    header = bodies.carried(came.headers.get("set-auth-token"))
    body = came.body.strip()
    match call:
        case Call.SIGN_IN | Call.CODE | Call.SECOND_FACTOR:
            if body in (b"null", b"{}", b""):
                return Confirmed()
            opened = bodies.opened(body)
            profile = bodies.profile_of(opened.user) if opened is not None else None
            if opened is not None and profile is not None:
                refresh = came.headers.get("set-refresh-token") or None
                if not opened.token:
                    return Confirmed()
                return Confirmed(profile, header or opened.token, refresh)
        case Call.SESSION:
            if body == b"null" and came.status == 200:
                return Refused(server_words.SESSION_UNKNOWN)
            if bodies.says_nobody(body) and came.status == 200:
                return _doubtful(came)
            checked = bodies.checked(body)
            if checked is not None:
                return Confirmed(checked.profile, header, None, checked.expires_at)
        case Call.REFRESH:
            new = bodies.refreshed(body)
            if new is not None and new.accessToken and new.refreshToken:
                return Confirmed(None, new.accessToken, new.refreshToken, unix_of(new.expiresAt))
        case Call.SIGN_OUT:
            if bodies.is_success(body):
                return Confirmed()
        case _:
            if bodies.is_json(body or b"{}"):
                return Confirmed()
    return not_the_server(came)


def _judge_complaint(call: Call, came: Reply) -> Verdict:
    said = bodies.complaint(came.body)
    if came.body.strip() and not came.body.lstrip().startswith(b"{"):
        return not_the_server(came)
    if call is Call.DEVICE_POLL and not said.own:
        return not_the_server(came)  # one such answer is no reason to give a code up
    if call in BESIDE_PASSWORD or call in ELSEWHERE:
        return Refused(said.message, said.code)
    if not said.own and (came.status == 401 or (came.status == 403 and call is Call.REFRESH)):
        return _doubtful(came)
    # An OAuth server's 401 may be about the app, and its "invalid_grant" comes with 400.
    of_oauth = said.code in bodies.OF_OAUTH
    if said.code in TOKEN_IS_BAD and (of_oauth or came.status == 403):
        return Refused(said.message, said.code)
    if came.status == 401 and not of_oauth:
        return Refused(said.message, said.code)
    if came.status == 403 or of_oauth:
        return Forbidden(said.message, said.code)
    return NotTheServer(NoAnswer(Cause.NOT_UNDERSTOOD, said=str(came.status)))


def _is_json(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").split(";")[0].strip().lower() == "application/json"


def _says_how_long(headers: Mapping[str, str]) -> bool:
    return "x-retry-after" in headers or "retry-after" in headers


def _wait(headers: Mapping[str, str], now: float) -> float:
    said = headers.get("x-retry-after") or headers.get("retry-after") or ""
    try:
        seconds = float(said)
    except ValueError:
        date = http_date(said)
        seconds = DEFAULT_WAIT_S if date is None else date - now
    return DEFAULT_WAIT_S if math.isnan(seconds) else min(max(seconds, 1.0), LONGEST_WAIT_S)
