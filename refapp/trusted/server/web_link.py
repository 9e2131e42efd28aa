"""Which links may be shown to a person and opened.
One that a server sent is as suspect as anything else that it sends.
"""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 2000
"""Characters: what every browser takes, and what fits into a line to the window."""


def is_web(link: str) -> bool:
    """Is it an http or https address in printable ASCII, and not endless?"""
    if len(link) > LONGEST or not link.isascii() or not link.isprintable() or " " in link:
        return False
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host)
