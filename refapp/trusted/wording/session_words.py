"""What is said of a session:
how it stands, why it could not be renewed or checked, how it ended.
"""

from __future__ import annotations

EXPIRED = "Session expired. Sign in again to restore cloud features."
SIGNED_OUT_ELSEWHERE = "You were signed out in another window of the app."
NOT_SAID_WHOSE = "The server did not say who is signed in. You stay signed in."
BROKEN_OFF = "The app broke this off."
BROKEN_OFF_SIGNED_IN = f"{BROKEN_OFF} You stay signed in."
TRY_AGAIN = "Try again."
BROKEN_OFF_TRY_AGAIN = f"{BROKEN_OFF} {TRY_AGAIN}"
RENEWAL_TOOK_TOO_LONG = "The server took too long to renew the session. You stay signed in."
NO_REFRESH_TOKEN = "There was no refresh token to renew the session with."
NO_TOKEN = "There was no token to check the session with."


def not_saved_yet(sentence: str, cure: str) -> str:
    return f"{sentence} You stay signed in; the app tries to save again. {cure}"


SAVED_AFTER_ALL = "Your stored session could be saved now. You stay signed in."
NAMES_ANOTHER = (
    "The server gave another person's name in answer to your session, so nothing is synced until "
    "it gives yours. You stay signed in, and your notes stay yours. If your account was moved, "
    "sign out and in again; if not, and this goes on, tell the people who run the server."
)
LOOP_STANDS_STILL = (
    "A call gets its token while the session's event loop runs, and that stands still."
)
NO_JWTS = "This server hands out no short-lived tokens (JWT) for its API."
JWT_NOT_UNDERSTOOD = "The server's short-lived token (JWT) was not understood."

CLOSED = "The session was closed. What is stored is kept for the next start."
CURE_WRONG_LOOP = (
    "Use it there (asyncio.run_coroutine_threadsafe), or use refapp.blocking, which any thread may."
)
WRONG_LOOP = "This session was opened in another event loop."
NO_ACCESS_TOKEN = "No access token available"
CURE_NO_ACCESS_TOKEN = "Sign in with the session, then call again."
EXPIRED_FOR_A_CALL = "Session expired - please sign in again"
SOMEBODY_ELSE = (
    "Somebody else has signed in in another copy of this program. Nothing was done in their name."
)
CURE_SOMEBODY_ELSE = "Look who it is (session.state), then call again."

LOOP_HELD_UP = (
    "httpx.Client would hold up the session's own event loop. Use httpx.AsyncClient there, "
    "or another thread."
)
