"""What is said of a sign-out: what it could not do, and that the session stays where the tokens
could not be deleted.
"""

from __future__ import annotations

SERVER_NOT_TOLD = (
    "You are signed out on this computer. The server could not be told, so it may list the "
    "session until it expires."
)


def not_signed_out(why: str) -> str:
    return f"You are still signed in: {why}"


REASON_NOT_WRITTEN = (
    "Why the session ended could not be written down. Another copy of the app may "
    "call it a sign-out."
)
STILL_SIGNED_IN = "You are still signed in."
