"""Why no answer of the server came: one closed type, split by what a person can do about it.
Values alone, pure.

``why_no_answer`` finds the cause of what failed on the way, ``verdict`` that of a whole answer that
is not the server's; ``no_answer_words`` has each one's sentence and cure. Invariant: no value here
holds a secret. A proxy is named without its user name and password, a redirect without its query.
"""

from __future__ import annotations

import enum

import msgspec

LONGEST = 120


class Cause(enum.Enum):
    """The causes, in the order of a request's way."""

    # the name, and the way to it
    NAME_UNKNOWN = "name_unknown"
    NO_NAME_SERVICE = "no_name_service"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMED_OUT_CONNECTING = "timed_out_connecting"
    # the proxy before the server
    PROXY_MISSPELT = "proxy_misspelt"
    PROXY_NEEDS_SOCKS = "proxy_needs_socks"
    PROXY_UNKNOWN = "proxy_unknown"
    PROXY_DOWN = "proxy_down"
    PROXY_SILENT = "proxy_silent"
    PROXY_UNTRUSTED = "proxy_untrusted"
    PROXY_PASSWORD = "proxy_password"  # noqa: S105 - a cause, no password
    PROXY_FORBIDS = "proxy_forbids"
    PROXY_FAILS = "proxy_fails"
    PROXY_GARBLED = "proxy_garbled"
    # the secure connection
    CA_FILE = "ca_file"
    UNKNOWN_ISSUER = "unknown_issuer"
    EXPIRED = "certificate_expired"
    NOT_YET_VALID = "certificate_not_yet_valid"
    WRONG_NAME = "certificate_wrong_name"
    UNFIT_CERTIFICATE = "certificate_unfit"
    OLD_TLS = "old_tls"
    NOT_TLS = "not_tls"
    CLIENT_CERTIFICATE = "client_certificate"
    TLS_FAILED = "tls_failed"
    CUT_OFF_CONNECTING = "cut_off_connecting"
    # the request went out
    TIMED_OUT_ANSWERING = "timed_out_answering"
    TIMED_OUT_READING = "timed_out_reading"
    CUT_OFF = "cut_off"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    UNFORESEEN = "unforeseen"
    # a whole answer, and not the server's
    REDIRECT = "redirect"
    WEB_PAGE = "web_page"
    NETWORK_PAGE = "network_page"
    PASSWORD_WALL = "password_wall"  # noqa: S105 - a cause, no password
    OTHER_API = "other_api"
    NOT_UNDERSTOOD = "not_understood"
    TOKEN_NOT_TAKEN = "token_not_taken"  # noqa: S105 - a cause, no token


ANSWER_LOST = frozenset({Cause.CUT_OFF, Cause.TOO_LARGE, Cause.UNREADABLE})
"""The request came through, and its answer did not come whole (RF-14)."""

MAYBE_CARRIED_OUT = ANSWER_LOST | {
    Cause.TIMED_OUT_ANSWERING,
    Cause.TIMED_OUT_READING,
    Cause.UNFORESEEN,
}
"""The server may have done what was asked."""


class NoAnswer(msgspec.Struct, frozen=True):
    """``cause``, and what its sentence names.

    ``name``: who was asked, ``host:port``, the proxy where it is about that. ``variable``: of the
    environment. ``said``: a date, a name, a place or a status, as the cause has it.
    """

    cause: Cause
    name: str = ""
    variable: str = ""
    said: str = ""


def shown(text: str) -> str:
    """What somebody else wrote, fit for a sentence: printable, without line ends, of ``LONGEST``
    characters at most.
    """
    plain = "".join(char if char.isprintable() else " " for char in text)
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
