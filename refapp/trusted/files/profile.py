"""The profile: the non-sensitive facts about the signed-in person that may stand in plain settings
(SS-10).
"""

from __future__ import annotations

import msgspec


class Profile(msgspec.Struct, frozen=True):
    """``id`` is the server's user id. ``image`` is a URL or None; nothing in the app fetches it."""

    id: str
    name: str
    email: str
    image: str | None = None
