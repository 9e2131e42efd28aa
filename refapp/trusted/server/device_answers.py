"""What the server's answers in the device flow mean (RFC 8628, as BetterAuth's deviceAuthorization
speaks it). Pure and total.

Differences from the RFC that a client has to know: ``slow_down`` comes before every other answer,
and a code that was approved, denied or has expired is used up by the answer that says so. Anything
that is not OAuth's own shape is ``verdict``'s to judge.
"""

from __future__ import annotations

import enum

import msgspec

from refapp.trusted.errors import UNDECODABLE
from refapp.trusted.network.no_answer import NoAnswer
from refapp.trusted.server.bodies import Carried, carried
from refapp.trusted.server.verdict import Call, Reply, Verdict, judge, not_the_server
from refapp.trusted.server.web_link import is_web
from refapp.trusted.storage.secret import DeviceGrant

USUAL_INTERVAL_S = 5.0
SHORTEST_INTERVAL_S, LONGEST_INTERVAL_S = 1.0, 60.0
LONGEST_LIFE_S = 1800.0


class Poll(enum.Enum):
    """No session, and why (RFC 8628, section 3.5).
    ``UNKNOWN``: the server does not know the code any more.
    """

    PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    DENIED = "access_denied"
    EXPIRED = "expired_token"
    UNKNOWN = "invalid_grant"


class Granted(msgspec.Struct, frozen=True):
    """A session was opened. Whose it is, is not said."""

    access: str
    refresh: str | None

    def __repr__(self) -> str:
        """Never show a token."""
        return "Granted(…)"


class _Codes(msgspec.Struct):
    device_code: str
    user_code: str
    verification_uri: str
    expires_in: float
    interval: float = USUAL_INTERVAL_S
    verification_uri_complete: str = ""

    def __repr__(self) -> str:
        """Never show the device code."""
        return "_Codes(…)"


class _Token(msgspec.Struct):
    access_token: Carried

    def __repr__(self) -> str:
        """Never show the token."""
        return "_Token(…)"


class _Problem(msgspec.Struct):
    error: str = ""


def judge_codes(came: Reply | NoAnswer, now: float) -> DeviceGrant | Verdict:
    """The codes, or why there are none. ``now``: unix seconds on this computer's clock."""
    if isinstance(came, NoAnswer) or came.status != 200:
        return judge(Call.DEVICE_CODES, came, now)
    try:
        codes = msgspec.json.decode(came.body, type=_Codes)
    except UNDECODABLE:
        return not_the_server(came)
    link = codes.verification_uri_complete or codes.verification_uri
    if not is_web(link) or not codes.device_code or not _is_short(codes.user_code):
        return not_the_server(came)
    interval = min(max(codes.interval, SHORTEST_INTERVAL_S), LONGEST_INTERVAL_S)
    life = min(max(codes.expires_in, 0.0), LONGEST_LIFE_S)
    return DeviceGrant(codes.device_code, codes.user_code, link, interval, now + life)


def judge_poll(came: Reply | NoAnswer, now: float) -> Granted | Poll | Verdict:
    """What became of a device sign-in."""
    if isinstance(came, Reply):
        try:
            if came.status == 200:
                token = msgspec.json.decode(came.body, type=_Token).access_token
                refresh = came.headers.get("set-refresh-token") or None
                if token:
                    return Granted(carried(came.headers.get("set-auth-token")) or token, refresh)
                return not_the_server(came)
            if came.status == 400:
                return Poll(msgspec.json.decode(came.body, type=_Problem).error)
        except (*UNDECODABLE, ValueError):
            if came.status == 200:
                return not_the_server(came)
    return judge(Call.DEVICE_POLL, came, now)


def _is_short(text: str) -> bool:
    return 0 < len(text) <= 40 and text.isprintable()
