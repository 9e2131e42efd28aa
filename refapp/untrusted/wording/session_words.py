"""What the window says of a session:
where it stands, where it is kept, where else there are some, and its end.
"""

from __future__ import annotations

WHY_SIGNED_OUT = "Why was I signed out?"
SIGNING_IN = "Signing in…"
SIGNING_OUT = "Signing out…"
RESTORING = "Restoring your session…"


def server_not_reached(server: str) -> str:
    return f"Can't reach {server}. You stay signed in."


def and_notes_are_kept(cause: str, next_try: str) -> str:
    """``next_try``: the time of it, or nothing."""
    kept = f"{cause.removesuffix('.')}; your notes are kept."
    return f"{kept} Next try at {next_try}." if next_try else kept


EXPIRED = "Session expired. Sign in again to restore cloud features."
SIGNED_OUT = "Signed out. Restart to finish."
NOTHING_IS_LEFT = (
    "Nothing of the session is left on this computer's disk, and your notes are kept. "
    "Restart to clear what the app still holds in memory."
)
WHERE_SIGNED_IN = "Where am I signed in?"
WHERE_SIGNED_IN_NOW = "Where am I signed in now?"
ASKING = "Asking the server…"


def only_here(sentence: str) -> str:
    return f"{sentence} You are signed in only here.".strip()


def since(day: str) -> str:
    return f"Since {day}"


def and_seen(began: str, day: str) -> str:
    return f"{began}, seen {day}"


MEMORY_OFFER = (
    "Without a keychain the app can keep a session in memory alone: nothing of it is written, and "
    "you are signed out when the app is closed."
)


def encrypted(keychain: str, more: str, *, has_session: bool) -> str:
    which = "Your session is" if has_session else "Once you sign in, your session is"
    return f"{which} encrypted on this computer. Its key is kept by {keychain}. {more}".strip()
