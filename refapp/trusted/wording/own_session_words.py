"""What is said of the list of the places where a person is signed in, and of signing out there."""

from __future__ import annotations

NOT_FRESH = (
    "The server shows this list only shortly after you sign in. Sign out and sign in "
    "again to see it."
)
NOT_OFFERED = "This server does not offer a list of your sessions."
NOT_UNDERSTOOD = "The server's answer was not understood. Nothing was changed."
NOT_LISTED = "This session is not in the list any more. Ask for the list again."
NOT_ENDED = "The server did not end that session. Try again."
BUSY = "The app is already asking the server. Wait for its answer."


def ended(device: str) -> str:
    return f"Signed out: {device}."


ENDED_ELSEWHERE = "Signed out everywhere else."


def refused(status: int) -> str:
    return f"The server refused that (error {status}). Nothing was changed."


def not_shown(count: int) -> str:
    return f"{count} more are not shown."
