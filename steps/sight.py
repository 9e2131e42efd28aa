"""What a person would say the window shows, from the texts of its widgets."""

from __future__ import annotations

from collections.abc import Mapping


def situation(seen: Mapping[str, str]) -> str:
    """One of the situations that ``features/README.md`` lists, such as "Ada signed in"."""
    who = seen.get("account", "somebody").split(" ")[0]
    return {
        "unavailable": "that signing in is not possible",
        "signed_out": "the login form",
        "signing_in": "that a sign-in is under way",
        "restoring": f"{who}, and that the server is being asked",
        "signed_in": f"{who} signed in",
        "offline": f"{who} offline",
        "expired": f"{who} with an expired session",
        "signing_out": "that a sign-out is under way",
        "awaiting_restart": "that a restart is needed",
    }[seen["phase"]]


def services(seen: Mapping[str, str]) -> tuple[str, str]:
    """The states of sync and assistant."""
    return seen["sync"], seen["assistant"]


def form(seen: Mapping[str, str]) -> tuple[str, str]:
    """E-mail and password in the login form."""
    return seen.get("form.email", ""), seen.get("form.password", "")
