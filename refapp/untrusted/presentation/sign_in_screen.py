"""What the sign-in card shows: the three ways, or the one that is pending.
Pure, and a part of ``screens``.
"""

from __future__ import annotations

import math

from refapp.snapshot import Factor, PendingSignIn, Phase, StateParams, User, Way
from refapp.untrusted.presentation.view import Action, PendingCard, SecondFactorCard, SignInCard
from refapp.untrusted.wording import sign_in_words

BROWSER, DEVICE = "Sign in with the browser", "Sign in with a code"
OFFERS: dict[Way, Action] = {
    Way.BROWSER: Action("Sign in with the browser instead", 17, "sign_in_browser"),
    Way.DEVICE: Action("Sign in with a code instead", 15, "sign_in_device"),
    Way.PASSWORD: Action("Use your password instead", 0, "password"),
}
SEND_AGAIN = Action("Send the message again", 9, "send_verification")
IN_MEMORY = Action("Keep my session in memory alone", 0, "keep_in_memory")
HEADINGS: dict[Way, str] = {Way.BROWSER: BROWSER, Way.DEVICE: DEVICE, Way.PASSWORD: "Sign in"}
SOMEBODY_ELSE = "Somebody else signed in"
LONGEST_NAME = 30
"""Characters of a name in the bar, or on a button."""
LONGEST_EMAIL, LONGEST_PASSWORD = 320, 1024
"""Characters (``params``)."""
LONGEST_CODE = 128
TRUST = "Ask for no code on this computer until I sign out"
KINDS: dict[Factor, tuple[str, int]] = {
    Factor.AUTHENTICATOR: ("From my authenticator app", 9),
    Factor.MAIL: ("From an e-mail message", 8),
    Factor.BACKUP: ("A backup code", 2),
}


def missing(email: str, password: str) -> tuple[str, bool]:
    """What keeps a form from being sent, as a sentence, and whether it is the password;
    empty if nothing does.
    """
    if not email.strip():
        return sign_in_words.EMAIL_MISSING, False
    if len(email) > LONGEST_EMAIL:
        return sign_in_words.wrong_email(len(email)), False
    if len(password) > LONGEST_PASSWORD:
        return sign_in_words.wrong_password(len(password), LONGEST_PASSWORD), True
    return "" if password else sign_in_words.PASSWORD_MISSING, not password


def sign_in_card(state: StateParams, busy: str, now: float) -> SignInCard:
    """The card. ``busy``: what is waited for, if it takes long;
    ``now``: unix seconds, 0 if time left is not to be shown.
    """
    demo, pending = state.demo, state.pending
    elsewhere = pending is not None and pending.way is not Way.PASSWORD
    return SignInCard(
        heading="Sign in again" if state.expired else "Sign in",
        email=state.form_email or (state.user.email if state.user else ""),
        # The banner names the keychain, with what to do about it.
        error="" if state.phase is Phase.UNAVAILABLE else state.form_error,
        busy=busy,
        enabled=state.phase is not Phase.SIGNING_IN,
        hint=sign_in_words.demo_account(demo.email, demo.password) if demo else "",
        fill=(demo.email, demo.password) if demo else None,
        where=sign_in_words.or_here(state.server),
        wrong=state.form_wrong,
        offer=_offer(state),
        pending=_pending(pending, now) if pending is not None and elsewhere else None,
        second_factor=_second_factor(pending, now) if pending is not None else None,
    )


def _offer(state: StateParams) -> Action | None:
    if may_keep_in_memory(state):
        return IN_MEMORY
    if state.unverified:
        return SEND_AGAIN
    return OFFERS[state.offer] if state.offer else None


def may_keep_in_memory(state: StateParams) -> bool:
    """Where there is no keychain, and nowhere else (SS-18)."""
    return state.phase is Phase.UNAVAILABLE and state.storage.state in ("unavailable", "insecure")


def _pending(pending: PendingSignIn, now: float) -> PendingCard:
    if pending.other is not None:
        return _whether(pending, pending.other)
    return PendingCard(
        heading=HEADINGS[pending.way],
        text=sign_in_words.FINISH[pending.way] if pending.link else sign_in_words.ASKING,
        code=in_groups(pending.user_code),
        plain_code=pending.user_code,
        link=pending.link,
        pastes=pending.way is Way.BROWSER and bool(pending.link),
        sentence=pending.sentence,
        left=time_left(pending.expires_at, now),
    )


def _second_factor(pending: PendingSignIn, now: float) -> SecondFactorCard | None:
    wanted = pending.second_factor
    if wanted is None:
        return None
    send = "Send another code" if wanted.sent else "Send a code by e-mail"
    return SecondFactorCard(
        text=sign_in_words.CODE_SENT if wanted.sent else sign_in_words.SECOND_FACTOR_WANTED,
        factors=tuple((factor.value, *KINDS[factor]) for factor in wanted.factors),
        send=send if Factor.MAIL in wanted.factors else "",
        sentence=pending.sentence,
        busy=sign_in_words.ASKING if wanted.asking else "",
        enabled=not wanted.asking,
        left=time_left(pending.expires_at, now),
    )


def lacks_code(code: str) -> str:
    """What keeps a code from being sent, as a sentence; empty if nothing does."""
    if not code.strip():
        return sign_in_words.CODE_MISSING
    if len(code) > LONGEST_CODE:
        return sign_in_words.wrong_code(len(code))
    return ""


def _whether(pending: PendingSignIn, other: User) -> PendingCard:
    """The question whether to go on as ``other`` (SI-18), or that she does."""
    before = pending.before.known_as if pending.before is not None else "somebody else"
    return PendingCard(
        heading=SOMEBODY_ELSE,
        text=sign_in_words.going_on_as(other.known_as)
        if not pending.link
        else sign_in_words.somebody_else(other.known_as, pending.way, before),
        code="",
        plain_code="",
        link="",
        pastes=False,
        sentence="",
        left="",
        accept=sign_in_words.go_on_as(shortened(other.email or other.name)) if pending.link else "",
    )


def shortened(name: str) -> str:
    """``name`` for a place of one line; the profile has all of it."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def in_groups(code: str) -> str:
    """A code of letters and digits in groups of four, to be read aloud and typed;
    one that has groups of its own as it is.
    """
    if not code.isalnum():
        return code
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def time_left(expires_at: float | None, now: float) -> str:
    """How long a pending sign-in has still: minutes, and at the end seconds."""
    if expires_at is None or now <= 0:
        return ""
    seconds = math.ceil(max(0.0, expires_at - now))
    if seconds > 90:
        return sign_in_words.minutes_left(math.ceil(seconds / 60))
    return sign_in_words.seconds_left(seconds)
