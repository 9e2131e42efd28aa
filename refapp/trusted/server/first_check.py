"""The session check that follows a sign-in: whether the server takes the token that it has just
handed out, and until when.

Owns what that adds to a sign-in's answer. A server without BetterAuth's bearer plugin opens
sessions whose token it never takes: that is said at once, and not as an expiry later. And the end
that is learned here is what keeps the session alive (RF-13).
"""

from __future__ import annotations

from msgspec.structs import replace

from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.verdict import Confirmed, NotTheServer, Refused, Verdict
from refapp.trusted.storage.secret import Challenge, TokenPair


async def checked(auth: AuthClient, opened: Verdict) -> Verdict:
    """``opened``, a sign-in's answer, with what the session check says of it.
    One that can't tell adds nothing (SI-17).
    """
    if not isinstance(opened, Confirmed) or opened.access is None:
        return opened
    said = await auth.session(opened.access)
    if isinstance(said, Refused):
        return NotTheServer(NoAnswer(Cause.TOKEN_NOT_TAKEN))
    if not isinstance(said, Confirmed):
        return opened
    return replace(
        opened,
        profile=said.profile or opened.profile,
        access=said.access or opened.access,
        expires_at=said.expires_at,
    )


def left_by(opened: Challenge | Verdict) -> TokenPair | None:
    """The pair of the session that a sign-in has opened, to be revoked where nothing comes of it
    (SI-4); None: it opened none.
    """
    if not isinstance(opened, Confirmed) or opened.access is None:
        return None
    return TokenPair(opened.access, opened.refresh or opened.access)
