"""What is said of a sign-in that is under way, and of one that came to nothing;
also on the page in the browser.
"""

from __future__ import annotations


def tokens_not_stored(why: str) -> str:
    return f"Failed to store tokens: {why}"


ALREADY = "Somebody is signed in already."
NOT_RESTORED_YET = "The stored session has not been restored yet."
SIGN_OUT_UNDER_WAY = "A sign-out is under way."
NO_SECOND_FACTOR = "The server wants a second factor, and this program does not ask for one."
USE_THE_BROWSER = "Sign in with the browser."
GIVEN_UP = "The sign-in was given up."
BROWSER_NOT_IN_TIME = (
    "Nobody signed in with the browser within 10 minutes. Try again when you like."
)
CANCELLED_IN_BROWSER = "The sign-in was cancelled in the browser."
NOT_A_CODE = "This is not a code from the sign-in page. Copy the whole code."
CODE_OF_ANOTHER = "This code belongs to another sign-in. Use the link above."
NOT_READABLE = (
    "A letter of the e-mail or the password could not be read, so nothing was sent. Type both "
    "again; in a terminal, under a UTF-8 locale."
)
NO_CODE = "There was no code in what you entered. Enter it again."
PAGE_DONE = "Done. You can close this tab and go back to the app."
PAGE_NOT_THE_ANSWER = "This is not the answer that the app is waiting for."
PAGE_NOTHING_HERE = "There is nothing here."
PAGE_WAY_BACK_ALONE = "This address is only for the way back from the sign-in."
PAGE_TOO_LATE = "The app is no longer waiting for a sign-in. You can close this tab."
PAGE_COOKIES = (
    "The browser sends more cookies than the app reads. Delete the cookies of 127.0.0.1, then "
    "load this page again."
)
PAGE_CANCELLED = "The sign-in was cancelled. You can close this tab."
CODE_NOT_IN_TIME = "Nobody entered the code before it ran out. Ask for a new one."
DENIED_ON_DEVICE = "The sign-in was denied on the other device."
CODE_UNKNOWN = "The server does not know this code any more. Ask for a new one."
SESSION_NOT_ACCEPTED = (
    "The server gave a session that it does not accept itself. Nothing of it was kept; tell "
    "whoever runs the server."
)
SECOND_FACTOR_NOT_IN_TIME = "No code was entered in time. Sign in with your password again."
MESSAGE_SENT_AGAIN = "The message is sent again. Follow its link, then sign in."
LINK_TOO_OFTEN = "The link was opened several times just now. Open it yourself, or wait a minute."
BROWSER_NOT_OPENED = "The browser could not be opened. Open the link yourself."


def not_as(name: str) -> str:
    return (
        f"You did not go on as {name}. Nothing of that sign-in was kept, and the server is told "
        "to end its session."
    )
