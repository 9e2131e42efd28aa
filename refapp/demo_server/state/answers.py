"""What BetterAuth's answers look like: status, headers in order, body.
Owns the wire format, decides nothing.

The formats follow better-auth 1.7.25 as it answers on the wire: errors are ``{"message", "code"}``,
an unknown route is an empty 404, a failed route an empty 500, times are ISO 8601 in UTC with
milliseconds.
"""

from __future__ import annotations

import dataclasses
import datetime
import urllib.parse

import msgspec

from refapp.demo_server.state.delivery import PROMPT, Delivery

Headers = tuple[tuple[str, str], ...]

_JSON: Headers = (("content-type", "application/json"),)
NO_STORE: Headers = (("cache-control", "no-store"),)
NOT_CACHED: Headers = (*NO_STORE, ("pragma", "no-cache"))
_FLAGS = "Path=/; HttpOnly; SameSite=Lax"
CLEARED_COOKIES: Headers = tuple(
    ("set-cookie", f"better-auth.{name}=; Max-Age=0; {_FLAGS}")
    for name in ("session_token", "session_data", "dont_remember")
)


def set_cookie(name: str, value: str, max_age_s: int) -> Headers:
    """A cookie of BetterAuth's; an empty one of no age is taken back."""
    return (
        (
            "set-cookie",
            (
                f"better-auth.{name}={urllib.parse.quote(value, safe='.')}; "
                f"Max-Age={max_age_s}; {_FLAGS}"
            ),
        ),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. ``headers`` may name a header twice (``set-cookie``);
    the transport adds the length and the date.
    """

    status: int
    headers: Headers = dataclasses.field(default=(), repr=False)
    body: bytes = dataclasses.field(default=b"", repr=False)
    delivery: Delivery = PROMPT

    def plus(self, headers: Headers) -> Answer:
        """The same answer with ``headers`` after its own."""
        return dataclasses.replace(self, headers=self.headers + headers)


class Refusal(Exception):
    """An endpoint's way to stop with an error answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def json_answer(body: object, status: int = 200, headers: Headers = ()) -> Answer:
    """``body`` as JSON without spaces, as BetterAuth sends it."""
    return Answer(status, _JSON + headers, msgspec.json.encode(body))


def refusal(status: int, code: str, message: str, headers: Headers = ()) -> Refusal:
    """An error as BetterAuth words it, ready to be raised."""
    return Refusal(json_answer({"message": message, "code": code}, status, headers))


def invalid(message: str) -> Refusal:
    """400 VALIDATION_ERROR: the body has not the shape that the endpoint wants."""
    return refusal(400, "VALIDATION_ERROR", message)


def unauthorized(headers: Headers = ()) -> Refusal:
    """401: the endpoint wants a session and there is none."""
    return refusal(401, "UNAUTHORIZED", "Unauthorized", headers)


def too_many(after_s: int) -> Answer:
    """BetterAuth's 429: its own header ``x-retry-after``, and no code."""
    body = {"message": "Too many requests. Please try again later."}
    return json_answer(body, 429, (("x-retry-after", str(after_s)),))


NOT_FOUND = Answer(404)
BROKEN = Answer(500)


def session_headers(signed: str, max_age_s: int | None) -> Headers:
    """What comes with a new or moved session:
    the signed token for bearers, the cookie for browsers.

    ``max_age_s`` None makes the cookie end with the browser (sign-in with ``rememberMe: false``).
    """
    age = "" if max_age_s is None else f"Max-Age={max_age_s}; "
    cookie = f"better-auth.session_token={urllib.parse.quote(signed, safe='.')}; {age}{_FLAGS}"
    return (
        ("access-control-expose-headers", "set-auth-token"),
        ("set-auth-token", signed),
        ("set-cookie", cookie),
    )


def iso(at: float) -> str:
    """Unix seconds as ``2026-11-30T05:49:17.019Z``."""
    moment = datetime.datetime.fromtimestamp(at, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
