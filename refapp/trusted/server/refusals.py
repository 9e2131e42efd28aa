"""Why a server refuses to sign an account in although the password may be right: a closed set, and
the way on of each (TF-4).

Owns the codes of BetterAuth and its plugins that mean one, their sentences, and where a person goes
on. Pure. A code that is not known is said in the server's own words, and that it is the server's
refusal: it is never the network's fault.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Mapping

from refapp.snapshot import Way
from refapp.trusted.server.verdict import LOCKED, Forbidden, Refused
from refapp.trusted.wording import server_words


class Refusal(enum.Enum):
    """What the server has against it.
    ``ELSEWHERE``: a second factor that only the server's own page can ask for.
    """

    CREDENTIALS = "credentials"
    NOT_VERIFIED = "not verified"
    BANNED = "banned"
    PASSWORDS_OFF = "passwords off"
    NO_PASSWORD = "no password"  # noqa: S105 - no password
    CAPTCHA = "captcha"
    LOCKED = "locked"
    ELSEWHERE = "elsewhere"
    OTHER = "other"


_CODES: Mapping[str, Refusal] = {
    "INVALID_EMAIL_OR_PASSWORD": Refusal.CREDENTIALS,
    "INVALID_USERNAME_OR_PASSWORD": Refusal.CREDENTIALS,
    "INVALID_EMAIL": Refusal.CREDENTIALS,
    "INVALID_USERNAME": Refusal.CREDENTIALS,
    "USERNAME_IS_INVALID": Refusal.CREDENTIALS,  # 1.4
    "USERNAME_TOO_SHORT": Refusal.CREDENTIALS,
    "USERNAME_TOO_LONG": Refusal.CREDENTIALS,
    "PASSWORD_TOO_LONG": Refusal.CREDENTIALS,
    "VALIDATION_ERROR": Refusal.CREDENTIALS,
    "EMAIL_NOT_VERIFIED": Refusal.NOT_VERIFIED,
    "BANNED_USER": Refusal.BANNED,
    "EMAIL_PASSWORD_DISABLED": Refusal.PASSWORDS_OFF,
    "EMAIL_AND_PASSWORD_IS_NOT_ENABLED": Refusal.PASSWORDS_OFF,  # 1.4
    "CREDENTIAL_ACCOUNT_NOT_FOUND": Refusal.NO_PASSWORD,
    "MISSING_RESPONSE": Refusal.CAPTCHA,
    "MISSING_CAPTCHA_RESPONSE": Refusal.CAPTCHA,  # 1.4, from its message
    "VERIFICATION_FAILED": Refusal.CAPTCHA,
    "CAPTCHA_VERIFICATION_FAILED": Refusal.CAPTCHA,  # 1.4, from its message
    **dict.fromkeys(LOCKED, Refusal.LOCKED),
    "TWO_FACTOR_WITHOUT_COOKIE": Refusal.ELSEWHERE,
    # The server's address is another than the one by which the app knows it.
    "INVALID_ORIGIN": Refusal.ELSEWHERE,
    "MISSING_OR_NULL_ORIGIN": Refusal.ELSEWHERE,
}

_SAID: Mapping[Refusal, str] = {
    Refusal.NOT_VERIFIED: server_words.NOT_VERIFIED,
    Refusal.PASSWORDS_OFF: server_words.PASSWORDS_OFF,
    Refusal.NO_PASSWORD: server_words.ACCOUNT_WITHOUT_PASSWORD,
    Refusal.CAPTCHA: server_words.CAPTCHA,
    Refusal.ELSEWHERE: server_words.SECOND_FACTOR_ELSEWHERE,
}

WAY_ON: Mapping[Refusal, Way] = {
    Refusal.PASSWORDS_OFF: Way.BROWSER,
    Refusal.NO_PASSWORD: Way.BROWSER,
    Refusal.CAPTCHA: Way.BROWSER,
    Refusal.ELSEWHERE: Way.BROWSER,
}
"""Where the person goes on.
What is not here: with another try, or after somebody else has acted.
"""


def refusal_of(verdict: Refused | Forbidden) -> Refusal:
    """Which of them the server's answer is."""
    # BetterAuth 1.4 makes its codes from its messages like this,
    # but for its captcha's, which has none.
    code = verdict.code or re.sub(r"[^A-Z0-9_]", "", verdict.message.upper().replace(" ", "_"))
    return _CODES.get(code, Refusal.OTHER if code else Refusal.CREDENTIALS)


def said_of(refusal: Refusal, message: str = "", after: float | None = None) -> str:
    """The sentence. ``message``: the server's own;
    ``after``: seconds that it asks to wait, if it does.
    """
    match refusal:
        case Refusal.CREDENTIALS:
            return message or server_words.CREDENTIALS_WRONG
        case Refusal.BANNED:
            return server_words.banned(message)
        case Refusal.LOCKED:
            return server_words.locked("" if after is None else minutes(after))
        case Refusal.OTHER:
            return server_words.refuses(message)
        case _:
            return _SAID[refusal]


def minutes(seconds: float) -> str:
    """How long to wait, for people: never shorter than it is."""
    if seconds <= 90:
        return "1 second" if seconds <= 1 else f"{math.ceil(seconds)} seconds"
    return f"{math.ceil(seconds / 60)} minutes"
