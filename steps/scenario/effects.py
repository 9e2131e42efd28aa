"""What an app does to the world, as the ledger names it;
and what of it refapp's own record says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

Party = Literal["server", "keychain", "disk", "browser", "notice"]
PARTIES: tuple[Party, ...] = ("server", "keychain", "disk", "browser", "notice")
_TIME = re.compile(r"\b\d\d:\d\d:\d\d\b")
CALLS = {
    "PUT /app/notes": "notes",
    "POST /app/summarise": "summary",
    "GET /app/me": "who am I",
    "GET /app/jwt-me": "who am I",
    "GET /api/auth/token": "JWT",
    "GET /api/auth/list-sessions": "list of sessions",
    "POST /api/auth/revoke-session": "end of a session",
    "POST /api/auth/revoke-other-sessions": "end of all others",
}
"""What the features call the requests that are made with the session's token."""


class Effect(NamedTuple):
    """One thing that the app did to the world: asked the server, used the keychain, touched the
    disk, told the person.
    """

    party: Party
    what: str


def masked_time(text: str) -> str:
    """``text`` with every time of day as "hh:mm:ss"."""
    return _TIME.sub("hh:mm:ss", text)


def effects_of(
    entries: Iterable[tuple[str, str, str, Mapping[str, Any]]], since: int
) -> list[Effect]:
    """What the app's own record says it did: the recorder's entries (source, target, what, detail),
    from entry ``since`` on.
    """
    found: list[Effect] = []
    notice, number = 0, -1
    for number, (source, target, what, detail) in enumerate(entries):
        if number == since:
            found.clear()
        if source == "parent" and target == "server":
            found.append(
                Effect(
                    "server",
                    CALLS.get(detail["request"], detail["request"]) if what == "resource" else what,
                )
            )
        elif source == "parent" and target == "keychain":
            found.append(Effect("keychain", what))
        elif source == "parent" and target == "disk":
            found.append(Effect("disk", what))
        elif source == "parent" and target == "browser":
            found.append(Effect("browser", what))
        elif target == "window" and what == "state" and detail.get("notice"):
            if detail["notice"]["number"] > notice:
                found.append(Effect("notice", masked_time(detail["notice"]["text"])))
            notice = max(notice, detail["notice"]["number"])
    return found if number >= since else []
