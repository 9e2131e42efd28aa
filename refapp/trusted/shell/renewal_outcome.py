"""What a renewal comes to: a session, or the event that says why not.
Values, and what a verdict means for them.

Owns no state and asks nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

import msgspec

from refapp.trusted.errors import CannotTell, NoAccessToken, SessionExpired
from refapp.trusted.files.owner import Owner
from refapp.trusted.files.profile import Profile
from refapp.trusted.network.no_answer import MAYBE_CARRIED_OUT
from refapp.trusted.rules import events as ev
from refapp.trusted.server.verdict import Confirmed, Fault, Throttled, Unreachable, Verdict
from refapp.trusted.server.wording import cannot_tell
from refapp.trusted.storage.secret import SessionMode, StoredSession, TokenPair, new_family
from refapp.trusted.wording import session_words


class Good(msgspec.Struct, frozen=True):
    """The session is good. ``warning``: what the disk did not take, if anything.

    ``asked`` False: another copy stored it, and the server has not been asked yet.
    """

    session: StoredSession
    profile: Profile | None = None
    warning: str = ""
    asked: bool = True


class Another(msgspec.Struct, frozen=True):
    """``session`` is on file, and it is another person's: another copy of the app signed in."""

    session: StoredSession


class Misnamed(msgspec.Struct, frozen=True):
    """``session`` is what to go on with, and the answer to it named somebody else: whether it is
    good is not known (OW-10).
    """

    session: StoredSession


Unrenewed = ev.SessionOver | ev.NothingStored | ev.ServerUnreachable | ev.Superseded
"""What else a renewal may come to.
Nothing has to be added to these: they are what happens to the session.
"""

Outcome = Good | Another | Misnamed | Unrenewed


def for_a_call(
    outcome: Outcome, *, hers: Callable[[StoredSession], bool], expired: bool
) -> StoredSession:
    """The session that a call goes on with.
    ``hers``: it is still the caller's; ``expired``: of one that is gone, how it went.

    Raises:
        SessionExpired, NoAccessToken, CannotTell: there is none, and why.
    """
    match outcome:
        case Good(session=session) if hers(session):
            return session
        case ev.SessionOver():
            raise SessionExpired
        case ev.NothingStored() if expired:
            raise SessionExpired
        case ev.ServerUnreachable(sentence=sentence):
            raise CannotTell(sentence)
        case Misnamed():
            raise CannotTell(session_words.NAMES_ANOTHER)
        case Good() | Another() | ev.NothingStored() | ev.Superseded():
            raise NoAccessToken
        case _:
            assert_never(outcome)


def not_carried_out(verdict: Verdict) -> bool:
    """Whether the server has surely not used the refresh token up."""
    if isinstance(verdict, Unreachable):
        return verdict.why.cause not in MAYBE_CARRIED_OUT
    return not isinstance(verdict, Confirmed | Fault)


def names_another(profile: Profile | None, session: StoredSession, known: Profile | None) -> bool:
    """Whether an answer to ``session`` is about somebody else than the one who is ``known`` to have
    it (OW-10).

    A cache before the server may mix answers up.
    An account that has another id and the same address is still hers (NT-3).
    """
    if profile is None or not session.user_id or profile.id == session.user_id:
        return False
    address = known.email if known is not None and known.id == session.user_id else ""
    return not address or profile.email.casefold() != address.casefold()


def with_pair(
    stored: StoredSession, pair: TokenPair, expires_at: float | None, now: float
) -> StoredSession:
    """``stored`` with the pair that a refresh brought ``now`` (the server's clock, as
    ``expires_at``).
    """
    return msgspec.structs.replace(
        stored,
        pair=pair,
        mode=SessionMode.ROTATING,
        obtained_at=now,
        expires_at=expires_at,
        family=stored.family or new_family(),
    )


def as_confirmed(stored: StoredSession, said: Confirmed, now: float) -> StoredSession:
    """``stored`` with what a session check brought: its person, its end, and a token in the old
    one's place if it was moved.
    """
    single = stored.pair.access == stored.pair.refresh
    access = said.access or stored.pair.access
    return msgspec.structs.replace(
        stored,
        pair=TokenPair(access, access if single else stored.pair.refresh),
        user_id=said.profile.id if said.profile else stored.user_id,
        obtained_at=now if said.expires_at != stored.expires_at else stored.obtained_at,
        expires_at=said.expires_at,
        family=stored.family or new_family(),
    )


def unknown(verdict: Verdict, owner: Owner) -> ev.ServerUnreachable:
    """``verdict`` says nothing of the session."""
    after = verdict.after if isinstance(verdict, Throttled) else None
    return ev.ServerUnreachable(owner.generation, cannot_tell(verdict), after)
