"""One request as the endpoints see it,
and the checks that BetterAuth makes before any endpoint runs.

Owns reading bodies and the origin check.
Decides nothing about sessions. Errors are raised as ``Refusal``.
"""

from __future__ import annotations

import dataclasses
import re
import urllib.parse
from collections.abc import Collection, Mapping

import msgspec

from refapp.demo_server.state.answers import invalid, refusal

MAX_BODY_BYTES = 1024 * 1024
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PORT = re.compile(r":[0-9]{1,5}\Z")

_KINDS: Mapping[type, str] = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """``path`` without its query; ``headers`` with lower-case names;
    ``query`` and ``body`` as they came.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str] = dataclasses.field(repr=False)
    body: bytes = dataclasses.field(repr=False)

    @property
    def bearer(self) -> str | None:
        """The token of ``Authorization: Bearer``, byte for byte;
        the scheme in any case, as BetterAuth 1.7 reads it.
        """
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None

    def cookie(self, name: str) -> str:
        """The value of BetterAuth's cookie ``name``, empty without one."""
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return next(
            (
                urllib.parse.unquote(value)
                for key, _, value in pairs
                if key == f"better-auth.{name}"
            ),
            "",
        )

    def is_for(self, origin: str) -> bool:
        """Does ``Host`` name this server: loopback, or the host of ``origin``, at any port?

        By DNS rebinding a page in the person's browser reaches a server on loopback under the
        page's own name, and reads all answers; its Host is the one thing that it can't choose.
        """
        host = _PORT.sub("", self.headers.get("host", "127.0.0.1")).lower()
        return host in OWN_NAMES or host == urllib.parse.urlsplit(origin).hostname

    def parameter(self, name: str) -> str | None:
        """The first value of ``name`` in the query."""
        return next(iter(urllib.parse.parse_qs(self.query).get(name, [])), None)

    def fields(self, *names: str, form_allowed: bool = False) -> Mapping[str, str]:
        """The body's text fields ``names``; all of them must be there.

        Raises:
            Refusal: 415 another content type, 400 not JSON or not this shape.
        """
        body = self.read(form_allowed=form_allowed)
        found = {
            name: value for name in names if isinstance(value := body.get(name, msgspec.UNSET), str)
        }
        wrong = [
            f"[body.{name}] Invalid input: expected string, received "
            f"{_kind(body.get(name, msgspec.UNSET))}"
            for name in names
            if name not in found
        ]
        if wrong:
            raise invalid("; ".join(wrong))
        return found

    def read(self, *, form_allowed: bool = False, optional: bool = False) -> dict[str, object]:
        """The body as an object. ``optional``: nothing at all counts as ``{}``.

        Raises:
            Refusal: 415 another content type, 400 not JSON or no object.
        """
        content_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not self.body and content_type in ("", JSON_TYPE):
            if optional:
                return {}
            raise invalid("[body] Invalid input: expected object, received undefined")
        if content_type == FORM_TYPE and form_allowed:
            return dict(
                urllib.parse.parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True)
            )
        if content_type != JSON_TYPE:
            allowed = f"{FORM_TYPE}, {JSON_TYPE}" if form_allowed else JSON_TYPE
            message = f'Content-Type "{content_type}" is not allowed. Allowed types: {allowed}'
            raise refusal(415, "UNSUPPORTED_MEDIA_TYPE", message)
        try:
            body = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise refusal(400, "BAD_REQUEST", "Invalid JSON in request body") from None
        if not isinstance(body, dict):
            raise invalid(f"[body] Invalid input: expected object, received {_kind(body)}")
        return body

    def check_origin(self, trusted: Collection[str], *, always: bool) -> None:
        """BetterAuth's guard against forged requests:
        a cookie on a POST needs a trusted ``Origin``.

        ``always``: the endpoint checks an ``Origin`` that is there even without a cookie (sign-in
        by e-mail, sign-up).

        Raises:
            Refusal: 403, which never means that a session has ended.
        """
        origin = self.headers.get("origin")
        if self.method != "POST" or not (
            "cookie" in self.headers or (always and origin is not None)
        ):
            return
        if origin in (None, "null"):
            raise refusal(403, "MISSING_OR_NULL_ORIGIN", "Missing or null Origin")
        if origin not in trusted:
            raise refusal(403, "INVALID_ORIGIN", "Invalid origin")


def _kind(value: object) -> str:
    if value is msgspec.UNSET:
        return "undefined"
    return "null" if value is None else _KINDS.get(type(value), "object")
