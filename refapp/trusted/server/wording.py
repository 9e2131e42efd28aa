"""The sentences that people read about what a server answered: what happened, what was kept.
No secrets, no exception texts.
"""

from __future__ import annotations

from typing import assert_never

from refapp.snapshot import Way
from refapp.trusted.errors import StorageError
from refapp.trusted.network.no_answer import MAYBE_CARRIED_OUT
from refapp.trusted.network.no_answer_words import told
from refapp.trusted.server import verdict as v
from refapp.trusted.server.refusals import Refusal, minutes, refusal_of, said_of
from refapp.trusted.wording import server_words


def cannot_tell(verdict: v.Verdict) -> str:
    """Why nothing is known about the session. Ends with what was kept."""
    match verdict:
        case v.Unreachable(why=why) | v.NotTheServer(why=why):
            said = told(why)
        case v.Doubtful():
            said = server_words.DOUBTFUL
        case v.Throttled(after=after):
            said = server_words.wait_seconds(after)
        case v.Fault(status=status):
            said = server_words.problem(status)
        case v.Forbidden():
            said = server_words.NOT_ALLOWED
        case v.NoSuchEndpoint():
            said = server_words.CAN_NOT_RENEW
        case v.Confirmed() | v.Refused():
            said = server_words.INCOMPLETE
        case _:
            assert_never(verdict)
    return server_words.signed_in_still(said)


def no_storage(error: StorageError) -> str:
    """Why the server was not even asked: what the storage says, and what to do.
    Ends with what was kept.
    """
    return server_words.signed_in_still(f"{error.sentence} {error.cure}".strip())


def sign_in_failed(verdict: v.Verdict, *, by_name: bool = False) -> str:
    """Why no session came of a sign-in (SI-3, SI-8, SI-9).
    The server's own message where it is about the credentials.

    ``by_name``: it was tried with a user name, for which a server needs a plugin.
    """
    match verdict:
        case v.Confirmed():
            return server_words.NO_DATA
        case v.Refused(message=message, after=after):
            return said_of(refusal_of(verdict), message, after)
        case v.Forbidden(message=message):
            return said_of(refusal_of(verdict), message)
        case v.Unreachable(why=why):
            return server_words.password_without_answer(
                told(why), sent=why.cause in MAYBE_CARRIED_OUT
            )
        case v.NotTheServer(why=why) | v.Doubtful(why=why):
            return told(why)
        case v.Throttled(after=after):
            return server_words.too_many_tries(minutes(after))
        case v.Fault(status=status):
            return server_words.problem_try_later(status)
        case v.NoSuchEndpoint():
            if by_name:
                return server_words.NO_USER_NAMES
            return server_words.NO_PASSWORDS
        case _:
            assert_never(verdict)


def not_sent_again(verdict: v.Verdict) -> str:
    """Why the message by which an e-mail address is confirmed was not sent again (TF-4)."""
    match verdict:
        case v.Unreachable(why=why) | v.NotTheServer(why=why) | v.Doubtful(why=why):
            said = told(why)
        case v.Throttled(after=after):
            said = server_words.wait_for(minutes(after))
        case v.Fault(status=status):
            said = server_words.problem_try_later(status)
        case v.Refused(message=message) | v.Forbidden(message=message) if message:
            said = server_words.says(message)
        case _:
            said = server_words.DOES_NOT_SEND
    return server_words.not_sent(said)


def elsewhere_failed(way: Way, verdict: v.Verdict) -> str:
    """Why no session came of a sign-in in the browser or with a code (SI-11)."""
    match verdict:
        case v.NoSuchEndpoint():
            lacks = (
                "signing in with the browser" if way is Way.BROWSER else "signing in with a code"
            )
            return server_words.does_not_offer(lacks)
        case v.Confirmed():
            return server_words.NO_DATA
        case v.Refused() | v.Forbidden():
            if way is Way.BROWSER:
                return server_words.BROWSER_REFUSED
            return server_words.DEVICE_REFUSED
        case v.Unreachable(why=why):
            return told(why)
        case v.Throttled() | v.Fault() | v.NotTheServer() | v.Doubtful():
            return sign_in_failed(verdict)
        case _:
            assert_never(verdict)


def keeps_asking(verdict: v.Verdict) -> str:
    """That the server can't be asked now what became of a pending sign-in,
    and that this ends nothing.
    """
    match verdict:
        case v.Unreachable(why=why) | v.NotTheServer(why=why) | v.Doubtful(why=why):
            said = told(why)
        case v.NoSuchEndpoint():
            said = server_words.ANSWERED_IN_PLACE
        case _:
            said = server_words.TROUBLE
    return server_words.keeps_asking(said)


def ended(verdict: v.Verdict, *, lost_answer: bool) -> str:
    """Why a session is over, for the history. ``verdict``: what says so."""
    if isinstance(verdict, v.Refused) and refusal_of(verdict) is Refusal.BANNED:
        return said_of(Refusal.BANNED, verdict.message)
    if lost_answer:
        return server_words.ENDED_LOST_ANSWER
    return server_words.ENDED


def clock_off(offset_s: float) -> str:
    """That this computer's clock is wrong, to the unit that matters.
    ``offset_s``: how far the server's is ahead.
    """
    minutes = round(abs(offset_s) / 60)
    hours, days = round(minutes / 60), round(minutes / 1440)
    amount = f"{days} days" if days > 1 else f"{hours} hours" if hours > 1 else f"{minutes} minutes"
    direction = "behind" if offset_s > 0 else "ahead of"
    return server_words.clock_off(amount, direction)
