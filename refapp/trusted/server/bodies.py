"""The JSON bodies that an auth server sends, as far as they are read. Pure.

Owns what is taken leniently and what is not: where nothing is at stake (names, addresses, pictures,
times, ids that are numbers) what can't be used counts as not said; a token is text that a header
can carry, or there is none, and a person has an id. Unknown fields are the server's business. Every
reader returns None for what is not of its shape.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

import msgspec

from refapp.trusted.errors import UNDECODABLE
from refapp.trusted.files.profile import Profile
from refapp.trusted.server.server_times import unix_of

LONGEST = 300
T = TypeVar("T")

_CARRIED = r"^([!-~]([ -~]*[!-~])?)?\Z"
Token = Annotated[str, msgspec.Meta(max_length=65_536)]
"""Several times what servers take in a header; two of them fit into the token file."""
Carried = Annotated[Token, msgspec.Meta(pattern=_CARRIED)]
"""What a request's header can carry as it is: an access token that is anything else is none."""
_OF_BETTERAUTH = re.compile(r"[A-Z][A-Z0-9_]*")
# RFC 6749, section 5.2, and RFC 6750, section 3.1.
OF_OAUTH = frozenset({
    "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
    "unsupported_grant_type", "invalid_scope", "access_denied", "invalid_token",
    "insufficient_scope",
})  # fmt: skip


class _User(msgspec.Struct):
    id: str | int
    email: object = None
    name: object = None
    image: object = None


class Opened(msgspec.Struct):
    """A session that a sign-in opened."""

    user: _User
    token: Carried

    def __repr__(self) -> str:
        """Never show the token."""
        return "Opened(…)"


class Refreshed(msgspec.Struct):
    """A new pair."""

    accessToken: Carried  # noqa: N815 - the server's name
    refreshToken: Token  # noqa: N815 - the server's name
    expiresAt: object = None  # noqa: N815 - the server's name

    def __repr__(self) -> str:
        """Never show a token."""
        return "Refreshed(…)"


class Checked(msgspec.Struct, frozen=True):
    """A session that the server stands by.
    ``profile`` None: the answer does not say whose, as a server may want it.
    """

    profile: Profile | None
    expires_at: float | None


class Complaint(msgspec.Struct, frozen=True):
    """Why a request was refused.
    ``own``: it is in an auth server's own words, BetterAuth's or OAuth's.
    """

    message: str = ""
    code: str = ""
    own: bool = False


def carried(said: str | None) -> str | None:
    """What a header of the answer ``said``, if a request's can carry it; None: nothing."""
    return said if said and re.match(_CARRIED, said) else None


def opened(body: bytes) -> Opened | None:
    """The answer to a sign-in."""
    return _decoded(body, Opened)


def second_factors(body: bytes) -> list[str] | None:
    """The kinds of code that a sign-in asks for beside the password, as far as it says;
    None: it asks for none.

    Whatever else the answer holds: a token in it is from before the second factor (TF-3).
    """
    said = _decoded(body, dict[str, Any]) or {}
    if said.get("twoFactorRedirect") is not True:
        return None
    kinds = said.get("twoFactorMethods")
    return [kind for kind in kinds if isinstance(kind, str)] if isinstance(kinds, list) else []


def refreshed(body: bytes) -> Refreshed | None:
    """The answer to a refresh."""
    return _decoded(body, Refreshed)


def checked(body: bytes) -> Checked | None:
    """The answer to a session check that stands by one: a session or a person is in it, whatever
    else its owner made of it.
    """
    said = _decoded(body, dict[str, Any]) or {}
    session = said.get("session")
    try:
        profile = profile_of(msgspec.convert(said.get("user"), _User))
    except msgspec.ValidationError:
        profile = None
    if profile is None and not isinstance(session, dict):
        return None
    return Checked(
        profile, unix_of(session.get("expiresAt")) if isinstance(session, dict) else None
    )


def says_nobody(body: bytes) -> bool:
    """Whether an answer to a session check says in words of its own that there is none: nothing, or
    nothing but nulls.
    """
    text = body.strip()
    if text in (b"", b"null"):
        return True
    said = _decoded(text, dict[str, Any])
    return said is not None and said.keys() <= {"session", "user"} and not any(said.values())


def complaint(body: bytes) -> Complaint:
    """What a refusal says; all of it is for people but ``code``."""
    said = _decoded(body, dict[str, Any]) or {}
    message, code, error = (said.get(name) for name in ("message", "code", "error"))
    if isinstance(error, str) and error in OF_OAUTH:
        told = said.get("error_description")
        return Complaint(_text(told), error, own=True)
    own = isinstance(message, str) and bool(message) and isinstance(code, str)
    return Complaint(
        _text(message), _text(code)[:100], own and _OF_BETTERAUTH.fullmatch(str(code)) is not None
    )


def profile_of(user: _User) -> Profile | None:
    """Whose session it is; None without an id.
    A name of a megabyte would not fit into a line to the window.
    """
    image = user.image if isinstance(user.image, str) else None
    return (
        Profile(str(user.id), _text(user.name), _text(user.email), image) if user.id != "" else None
    )


def is_success(body: bytes) -> bool:
    """BetterAuth's yes to what has nothing else to say."""
    said = _decoded(body, dict[str, Any])
    return said is not None and said.get("success") is True


def is_json(body: bytes) -> bool:
    """Whether it is JSON at all."""
    try:
        msgspec.json.decode(body)
    except UNDECODABLE:
        return False
    return True


def _text(said: object) -> str:
    return said[:LONGEST] if isinstance(said, str) else ""


def _decoded(body: bytes, shape: type[T]) -> T | None:
    try:
        return msgspec.json.decode(body, type=shape)
    except UNDECODABLE:
        return None
