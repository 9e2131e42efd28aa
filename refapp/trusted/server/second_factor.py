"""What a server's answers about a second factor mean (BetterAuth's twoFactor plugin, 1.4 and 1.7).
Pure and total.

Owns the two cookies of that plugin, which are all the cookies that this app ever sends: the one
that stands for the password that was right, and the one that stands for a computer that the person
trusts. Any other in the answer, and any token that came with the question, is not even read (TF-3):
some servers send a session's before the second factor was given.
"""

from __future__ import annotations

import msgspec

from refapp.snapshot import Factor
from refapp.trusted.network.no_answer import MAYBE_CARRIED_OUT, NoAnswer
from refapp.trusted.network.no_answer_words import told
from refapp.trusted.server import bodies
from refapp.trusted.server.refusals import Refusal, minutes, refusal_of, said_of
from refapp.trusted.server.verdict import (
    Call,
    Confirmed,
    Fault,
    Forbidden,
    NoSuchEndpoint,
    Refused,
    Reply,
    Throttled,
    Unreachable,
    Verdict,
    judge,
)
from refapp.trusted.storage.secret import Challenge, Trust
from refapp.trusted.wording import server_words

WAITS_FOR, TRUSTS = "two_factor", "trust_device"
"""How the names of the cookies end; before that stands what the server's owner chose."""
USUAL_LIFE_S, LONGEST_LIFE_S = 600.0, 3600.0
USUAL_TRUST_S, LONGEST_TRUST_S = 30 * 86400.0, 90 * 86400.0
WITHOUT_COOKIE = "TWO_FACTOR_WITHOUT_COOKIE"
"""A code of this app's own:
the server wants a second factor, and its answer lacks what to go on with.
"""

_FACTORS = {"totp": Factor.AUTHENTICATOR, "otp": Factor.MAIL}
PATHS = {
    Factor.AUTHENTICATOR: "/api/auth/two-factor/verify-totp",
    Factor.MAIL: "/api/auth/two-factor/verify-otp",
    Factor.BACKUP: "/api/auth/two-factor/verify-backup-code",
}

_WRONG = {"INVALID_CODE", "INVALID_BACKUP_CODE"}
_RUN_OUT = {"OTP_HAS_EXPIRED"}
# The second of each pair is 1.4's, which makes its codes from its messages.
_TOO_MANY = {"TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE", "TOO_MANY_ATTEMPTS_PLEASE_REQUEST_A_NEW_CODE"}
_NOT_THIS = {
    "TOTP_NOT_ENABLED", "TOTP_NOT_CONFIGURED", "TOTP_ISNT_CONFIGURED", "OTP_NOT_ENABLED",
    "OTP_NOT_CONFIGURED", "OTP_ISNT_CONFIGURED", "BACKUP_CODES_NOT_ENABLED",
    "BACKUP_CODES_ARENT_ENABLED",
}  # fmt: skip
_GONE = {"INVALID_TWO_FACTOR_COOKIE"}

WRONG = {
    Factor.AUTHENTICATOR: server_words.CODE_WRONG_APP,
    Factor.MAIL: server_words.CODE_WRONG_MAIL,
    Factor.BACKUP: server_words.CODE_WRONG_BACKUP,
}


class Answered(msgspec.Struct, frozen=True):
    """A code brought no session: why.
    ``over``: the sign-in is; ``refusal``: what the server has against the account, if that.

    ``lacks``: this kind of code is none that the account has.
    """

    sentence: str
    over: bool = False
    refusal: Refusal | None = None
    lacks: bool = False


def judge_password(came: Reply | NoAnswer, now: float) -> Challenge | Verdict:
    """What the answer to a password means: the question for a second factor, or what ``judge``
    says. ``now``: unix seconds.
    """
    verdict = judge(Call.SIGN_IN, came, now)
    if not isinstance(came, Reply) or came.status != 200:
        return verdict
    wanted = bodies.second_factors(came.body)
    if wanted is None:
        return verdict
    # 1.4 does not say which there are.
    known = tuple(dict.fromkeys(_FACTORS[name] for name in wanted if name in _FACTORS)) or tuple(
        _FACTORS.values()
    )
    cookie = _cookie(came, WAITS_FOR, USUAL_LIFE_S, LONGEST_LIFE_S)
    if cookie is None:
        return Refused("", WITHOUT_COOKIE)
    return Challenge((*known, Factor.BACKUP), cookie[0], now + cookie[1])


def trust_in(came: Reply | NoAnswer, who: str, now: float) -> Trust | None:
    """What the server will know this computer by when ``who`` signs in again,
    None if it says nothing of it.
    """
    if not isinstance(came, Reply) or came.status != 200:
        return None
    cookie = _cookie(came, TRUSTS, USUAL_TRUST_S, LONGEST_TRUST_S)
    return None if cookie is None else Trust(who, cookie[0], now + cookie[1])


def _cookie(came: Reply, name: str, usual_s: float, longest_s: float) -> tuple[str, float] | None:
    """``name=value``, byte for byte, and for how many seconds.
    What is taken back (``Max-Age=0``) is not there.
    """
    for line in came.headers.get("set-cookie", "").split("\n"):
        pair, *attributes = (part.strip() for part in line.split(";"))
        key, _, value = pair.partition("=")
        if not value or not (key == name or key.endswith(f".{name}")) or not bodies.carried(pair):
            continue
        life = usual_s
        for attribute in attributes:
            what, _, amount = attribute.partition("=")
            if what.lower() == "max-age" and amount.removeprefix("-").isdecimal():
                life = min(float(amount), longest_s)
        if life > 0:
            return pair, life
    return None


def read(factor: Factor, verdict: Verdict) -> Answered:
    """Why a code, or the wish for one by e-mail,
    came to nothing, and whether the person can go on (TF-2).
    """
    match verdict:
        case Confirmed():
            return Answered(server_words.NO_DATA, over=True)
        case NoSuchEndpoint():
            return Answered(said_of(Refusal.ELSEWHERE), over=True, refusal=Refusal.ELSEWHERE)
        case Refused(code=code) if code in _WRONG:
            return Answered(WRONG[factor])
        case Refused(code=code) if code in _RUN_OUT:
            return Answered(server_words.CODE_RAN_OUT)
        case Refused(code=code) if code in _TOO_MANY:
            # One that was sent is used up; of the others the whole sign-in is.
            if factor is Factor.MAIL:
                return Answered(server_words.CODES_WRONG_SEND)
            return Answered(server_words.CODES_WRONG_SIGN_IN, over=True)
        case Refused(code=code) if code in _NOT_THIS:
            return Answered(server_words.NO_SUCH_FACTOR, lacks=True)
        case Refused(code=code) if code in _GONE:
            return Answered(server_words.CODE_NOT_WAITED_FOR, over=True)
        case Refused(message=message) | Forbidden(message=message):
            refusal = refusal_of(verdict)
            if refusal is Refusal.CREDENTIALS and not message:
                return Answered(server_words.CODE_REFUSED)  # the password was right
            over = refusal not in (Refusal.OTHER, Refusal.CREDENTIALS)
            return Answered(
                said_of(refusal, message, verdict.after if isinstance(verdict, Refused) else None),
                over,
                refusal,
            )
        case Throttled(after=after):
            return Answered(server_words.too_many_tries(minutes(after)))
        case Fault(status=status):
            return Answered(server_words.problem_try_again(status))
        case Unreachable(why=why):
            return Answered(
                server_words.code_without_answer(told(why), sent=why.cause in MAYBE_CARRIED_OUT)
            )
        case _:
            return Answered(server_words.code_without_answer(told(verdict.why), sent=True))
