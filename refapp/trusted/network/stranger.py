"""Who answered in the server's place, told from a whole answer that is not an auth server's. Pure.

Owns these guesses and nothing else: ``verdict`` decides that an answer is not the server's, and no
guess changes that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from refapp.trusted.network.no_answer import Cause, NoAnswer, shown

# A company's or a hoster's own password before the server;
# the server itself asks for "Bearer" if anything.
_OWN_PASSWORD = re.compile(r"\s*(basic|digest|negotiate|ntlm)\b", re.IGNORECASE)


def stranger(status: int, headers: Mapping[str, str], body: bytes) -> NoAnswer:
    """Whose answer that may be. ``headers``: names in lower case."""
    said = str(status)
    if status == 511:  # RFC 6585, section 6: network authentication required
        return NoAnswer(Cause.NETWORK_PAGE, said=said)
    if 300 <= status < 400:
        return NoAnswer(Cause.REDIRECT, said=_where(headers.get("location", "")))
    if status == 401 and _OWN_PASSWORD.match(headers.get("www-authenticate", "")):
        return NoAnswer(Cause.PASSWORD_WALL, said=said)
    if headers.get("content-type", "").lower().startswith("text/html") or body.lstrip()[:1] == b"<":
        # nginx and its kin let the handshake pass and say it in a page.
        if status in (400, 496) and b"SSL certificate" in body[:2000]:
            return NoAnswer(Cause.CLIENT_CERTIFICATE, said=said)
        return NoAnswer(Cause.WEB_PAGE, said=said)
    return NoAnswer(Cause.OTHER_API, said=said)


def _where(location: str) -> str:
    """``location`` without its query,
    which may hold what is nobody's business, and without a password.
    """
    try:
        parts = urlsplit(location)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return "an address that is none"
    named = f"[{host}]" if ":" in host else host
    before = f"{parts.scheme}://" if parts.scheme else "//" if host else ""
    return shown(f"{before}{named}{port}{parts.path}") or "nowhere"
