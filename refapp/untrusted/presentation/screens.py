"""What each part of the window shows of a snapshot: ``screen(state, local)``. Pure.

``state`` is the parent's newest snapshot, ``local`` what only the window knows. Widgets copy their
part (``view``). The sign-in card is decided in ``sign_in_screen``, the notes in ``notes_screen``
and ``draft``. Every sentence says what happened, what was kept and what to do; no state is told by
colour alone.
"""

from __future__ import annotations

from refapp.snapshot import WITH_SESSION, Boundary, OwnSession, Phase, Reason, StateParams
from refapp.untrusted.presentation.notes_screen import apart, notes, services
from refapp.untrusted.presentation.sign_in_screen import may_keep_in_memory, shortened, sign_in_card
from refapp.untrusted.presentation.times import clock, day
from refapp.untrusted.presentation.view import (
    AccountCards,
    Action,
    Banner,
    Header,
    Inspector,
    Local,
    NoticeLine,
    Page,
    ProfileCard,
    Screen,
    SessionRow,
    SessionsCard,
)
from refapp.untrusted.wording import session_words, window_words

SHORT = {
    Phase.UNAVAILABLE: "No secure storage",
    Phase.SIGNED_OUT: "Signed out",
    Phase.SIGNING_IN: session_words.SIGNING_IN,
    Phase.RESTORING: "Restoring…",
    Phase.SIGNED_IN: "Signed in",
    Phase.OFFLINE: "Offline",
    Phase.EXPIRED: "Session expired",
    Phase.SIGNING_OUT: session_words.SIGNING_OUT,
    Phase.AWAITING_RESTART: "Restart needed",
}
BUSY = {
    Phase.SIGNING_IN: session_words.SIGNING_IN,
    Phase.RESTORING: session_words.RESTORING,
    Phase.SIGNING_OUT: session_words.SIGNING_OUT,
}
SIGN_IN_CARD = frozenset({Phase.SIGNED_OUT, Phase.SIGNING_IN, Phase.EXPIRED, Phase.UNAVAILABLE})
PROFILE_CARD = WITH_SESSION | {Phase.EXPIRED, Phase.UNAVAILABLE, Phase.SIGNING_OUT}
SESSIONS_CARD = frozenset({Phase.SIGNED_IN, Phase.OFFLINE})
MODES = {
    "unknown": "Not known yet",
    "sliding": "One token, extended by use",
    "rotating": "Access token with a one-time refresh token",
}


def screen(state: StateParams, local: Local) -> Screen:
    """What the window shows of ``state``."""
    busy = BUSY.get(state.phase, "") if local.busy_long else ""
    return Screen(
        title=f"refapp - {SHORT[state.phase]}",
        page=local.page or page_of(state),
        warning="" if state.boundary.verified else window_words.NOT_SANDBOXED,
        banner=banner_of(state),
        notice=_notice(state, local),
        header=_header(state),
        account=_account(state, busy, local),
        notes=notes(state),
        apart=apart(state, local),
        services=services(state, local),
        inspector=_inspector(state.boundary, _kept(state)),
    )


def _notice(state: StateParams, local: Local) -> NoticeLine | None:
    if local.refusal:
        return NoticeLine("warning", local.refusal, None)
    said = state.notice
    if said is None or said.number <= covered_by(state, local):
        return None
    return NoticeLine(said.kind, said.text, said.number)


def covered_by(state: StateParams, local: Local) -> int:
    """The newest notice that needs no line of its own any more, for the next ``Local``."""
    banner = banner_of(state)
    if state.notice is not None and banner is not None and state.notice.text == banner.text:
        return max(local.covered, state.notice.number)
    return local.covered


def page_of(state: StateParams) -> Page:
    """Where a person wants to be who has chosen no page: at the form if signed out or just refused,
    otherwise at the notes.
    """
    leads_to_account = {
        Phase.SIGNED_OUT,
        Phase.SIGNING_IN,
        Phase.UNAVAILABLE,
        Phase.SIGNING_OUT,
        Phase.AWAITING_RESTART,
    }
    return "account" if state.phase in leads_to_account or state.form_error else "notes"


def banner_of(state: StateParams) -> Banner | None:
    """What the keychain waits for, or the trouble that stands,
    if there is one (OF-1, EX-1, SS-13, SO-6).

    A session in memory alone is said beside all else, for as long as it lasts (SS-18).
    """
    if state.storage.waiting:
        return Banner("info", state.storage.waiting, Action("Cancel", 0, "cancel_prompt"))
    trouble = _trouble(state)
    if state.storage.state != "memory":
        return trouble
    if trouble is None:
        return Banner("info", state.storage.sentence, None)
    return Banner(trouble.kind, f"{trouble.text} {state.storage.sentence}", trouble.action)


def _trouble(state: StateParams) -> Banner | None:
    match state.phase:
        case Phase.OFFLINE:
            when = clock(state.retry_at, seconds=True) if state.retry_at is not None else ""
            cause = state.sentence or session_words.server_not_reached(state.server)
            text = session_words.and_notes_are_kept(cause, when)
            return Banner("warning", text, Action("Try again", 0, "try_again"))
        case Phase.UNAVAILABLE:
            unlock = state.storage.state == "locked"
            action = (
                Action("Unlock", 0, "unlock_storage")
                if unlock
                else Action("Try again", 0, "try_again")
            )
            return Banner("error", f"{state.storage.sentence} {state.storage.cure}".strip(), action)
        case Phase.AWAITING_RESTART:
            return Banner("info", session_words.SIGNED_OUT, Action("Restart", 0, "restart"))
        case Phase.EXPIRED:
            return Banner("warning", session_words.EXPIRED, Action("Sign in", 2, "sign_in"))
        case _:
            return None


def initials(name: str) -> str:
    """The first letters of the first and the last word, or nothing."""
    words = name.split()
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else ""


def _header(state: StateParams) -> Header:
    name = (state.user.name or state.user.email) if state.user else "Account"
    return Header(initials(name) if state.user else "", shortened(name), SHORT[state.phase])


def _account(state: StateParams, busy: str, local: Local) -> AccountCards:
    heading, message = "", ""
    if state.phase is Phase.AWAITING_RESTART:
        heading = "You are signed out"
        message = session_words.NOTHING_IS_LEFT
    elif state.phase in PROFILE_CARD and state.user is None:
        message = busy
    return AccountCards(
        sign_in=sign_in_card(state, busy, local.now) if state.phase in SIGN_IN_CARD else None,
        profile=_profile(state, busy) if state.phase in PROFILE_CARD and state.user else None,
        sessions=_sessions(state, local) if state.phase in SESSIONS_CARD and state.user else None,
        heading=heading,
        message=message,
        # The banner says it, with what to do about it.
        kept=_unavailable(state) if state.phase is Phase.UNAVAILABLE else _kept(state),
        history=tuple(
            f"{clock(reason.at)}   {reason.sentence}"
            for reason in sorted(state.history, key=_at, reverse=True)
        ),
    )


def _at(reason: Reason) -> float:
    return reason.at


def _profile(state: StateParams, busy: str) -> ProfileCard:
    name = state.user.name if state.user else ""
    email = state.user.email if state.user else ""
    return ProfileCard(
        initials=initials(name or email),
        name=name or email,
        email=email,
        rows=(
            ("Signed in at", state.server),
            (
                "State",
                f"{SHORT[state.phase]}. {state.sentence}" if state.sentence else SHORT[state.phase],
            ),
            ("Kind of session", MODES[state.mode]),
            ("Version", state.version),
        ),
        busy=busy,
        can_sign_out=state.phase is not Phase.SIGNING_OUT,
    )


def _sessions(state: StateParams, local: Local) -> SessionsCard:
    own = state.own_sessions
    sentence = own.sentence
    if own.state == "known" and len(own.sessions) < 2:
        sentence = session_words.only_here(sentence)
    return SessionsCard(
        ask=_ASK.get(own.state, session_words.WHERE_SIGNED_IN_NOW),
        again=own.state == "not_fresh",
        rows=tuple(
            SessionRow(one.session, one.device, _when(one), not one.here) for one in own.sessions
        ),
        offers=own.state == "not_fresh" or len(own.sessions) > 1,
        sentence=sentence,
        wrong=own.state == "failed",
        busy=session_words.ASKING if own.state == "asking" and local.busy_long else "",
        enabled=state.phase is Phase.SIGNED_IN and own.state != "asking",
    )


_ASK = {"unknown": session_words.WHERE_SIGNED_IN, "not_fresh": "Sign out and sign in again"}


def _when(one: OwnSession) -> str:
    if one.here:
        return "This session"
    began = session_words.since(day(one.began_at)) if one.began_at is not None else "Start unknown"
    # The server moves the second time seldom:
    # until it does, it says nothing that the first does not.
    seen = day(one.seen_at) if one.seen_at is not None else ""
    return (
        session_words.and_seen(began, seen)
        if seen and session_words.since(seen) != began
        else began
    )


def busy_with(state: StateParams) -> str:
    """What the person waits for, as a word that changes when the waiting begins anew;
    empty if for nothing.
    """
    if state.phase in BUSY:
        return state.phase.value
    if state.own_sessions.state == "asking":
        return "own_sessions"
    return "sync" if state.sync.state == "busy" else ""


def _unavailable(state: StateParams) -> str:
    return session_words.MEMORY_OFFER if may_keep_in_memory(state) else ""


def _kept(state: StateParams) -> str:
    storage = state.storage
    if storage.sentence and storage.state != "ready":
        return f"{storage.sentence} {storage.cure}".strip()
    if not storage.backend:
        return ""
    return session_words.encrypted(
        storage.backend, storage.sentence, has_session=state.phase in WITH_SESSION
    )


def _inspector(boundary: Boundary, kept: str) -> Inspector:
    verdict = window_words.CONFINED if boundary.verified else window_words.NOT_VERIFIED
    words = [(check, "✓ enforced") for check in boundary.checks] + [
        (check, "says the window") for check in boundary.claims
    ]
    checks = tuple(
        (check.name, word if check.held else "✗ NOT enforced", check.detail)
        for check, word in words
    )
    return Inspector(verdict, boundary.display, checks, kept)
