"""What is said of what a server answered: a sign-in, a second factor, a session;
what is kept, and the way on.
"""

from __future__ import annotations

CALL_TO_A_PATH = (
    "A call goes to a path of the server, such as /items. For another address use session.auth."
)
NO_METHOD = "The method of a call is a word, such as GET. Nothing was sent."
NOT_VERIFIED = (
    "Your e-mail address is not confirmed yet. Follow the link in the message that the server has "
    "sent to it, then sign in again."
)
PASSWORDS_OFF = "This server takes no passwords. Sign in with the browser."
ACCOUNT_WITHOUT_PASSWORD = "This account has no password. Sign in with the browser."
CAPTCHA = (
    "The server wants to see that it is a person who signs in, which this window can't show. Sign "
    "in with the browser."
)
SECOND_FACTOR_ELSEWHERE = (
    "The server wants a second factor that this window can't ask for. Sign in with the browser."
)
CREDENTIALS_WRONG = "The server does not accept this e-mail and password."


def banned(message: str) -> str:
    """``message``: the server's own, or nothing."""
    return (
        "The server has banned this account. Only those who run it can change that. "
        f"{_it_says(message)}".rstrip()
    )


def locked(wait: str) -> str:
    """``wait``: how long, where the server says it."""
    again = f"Try again in {wait}." if wait else "Usually that is a quarter of an hour."
    return f"The server has locked this account for a time, after too many wrong tries. {again}"


def refuses(message: str) -> str:
    return f"The server refuses this sign-in. {_it_says(message)}".rstrip()


def _it_says(message: str) -> str:
    return f"It says: {message}" if message else ""


CODE_WRONG_APP = (
    "This code is not right, or its half minute is over. Enter the one that the app shows now."
)
CODE_WRONG_MAIL = "This code is not right. Enter the one of the newest message."
CODE_WRONG_BACKUP = (
    "This is not a backup code, or it was used before. Each is good for one sign-in."
)
CODE_RAN_OUT = "This code has run out, or none was sent. Have a new one sent."
CODES_WRONG_SEND = "Too many wrong codes. Have a new one sent."
CODES_WRONG_SIGN_IN = "Too many wrong codes. Sign in with your password again for another try."
CODE_NOT_WAITED_FOR = (
    "The server does not wait for this code any more. Sign in with your password again."
)
CODE_REFUSED = "The server says no, but not why. Try again, or use another kind of code."
NO_SUCH_FACTOR = "The server takes no such code for this account. Use another kind."


def too_many_tries(wait: str) -> str:
    return f"Too many tries. Try again in {wait}."


def problem_try_again(status: int) -> str:
    return f"The server has a problem (error {status}). Try again."


SESSION_UNKNOWN = "The server does not know this session any more."
DOUBTFUL = (
    "An answer that may not be the server's own says that nobody is signed in. The app "
    "asks again later."
)


def wait_seconds(seconds: float) -> str:
    return f"The server asks you to wait {seconds:.0f} seconds."


def problem(status: int) -> str:
    return f"The server has a problem (error {status})."


NOT_ALLOWED = "The server does not allow this request."
CAN_NOT_RENEW = "The server says that it can't renew sessions, although it did so before."
INCOMPLETE = "The server's answer was not complete."


def signed_in_still(said: str) -> str:
    return f"{said} You stay signed in."


def problem_try_later(status: int) -> str:
    return f"The server has a problem (error {status}). Try again later."


NO_USER_NAMES = "This server does not offer this kind of sign-in. Try your e-mail address."
NO_PASSWORDS = "This server does not offer signing in with e-mail and password."


def wait_for(wait: str) -> str:
    return f"The server asks you to wait {wait}."


def says(message: str) -> str:
    return f"The server says: {message}"


DOES_NOT_SEND = "The server does not send it."


def not_sent(why: str) -> str:
    return f"No message was sent. {why}"


def does_not_offer(what: str) -> str:
    return f"This server does not offer {what}."


BROWSER_REFUSED = (
    "The server did not accept what came back from the browser. It may have come too "
    "late; try again."
)
DEVICE_REFUSED = "The server does not let this app sign in with a code."
ANSWERED_IN_PLACE = "Something else answered in the server's place."
TROUBLE = "The server has trouble."


def keeps_asking(said: str) -> str:
    return f"{said} The app keeps asking until the code runs out."


ENDED_LOST_ANSWER = (
    "The server refused the session. Its answer to an earlier renewal was lost on the way, "
    "which can cause this."
)
ENDED = "The server ended the session: it expired, or you were signed out from elsewhere."


def clock_off(amount: str, direction: str) -> str:
    return (
        f"This computer's clock is {amount} {direction} the server's. You stay signed in; "
        "please set the clock."
    )


NO_DATA = "Sign-in failed: no data returned"


def password_without_answer(why: str, *, sent: bool) -> str:
    """``sent``: it may have been."""
    return f"{why} Your password was not {'refused' if sent else 'sent'}."


def code_without_answer(why: str, *, sent: bool) -> str:
    """``sent``: it may have been."""
    return f"{why} Try again." if sent else f"{why} Your code was not sent. Try again."
