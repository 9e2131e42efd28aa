"""One renewal at a time: one task here, one lease across copies, over read, ask, durable write.

Owns the asking and its order; ``session`` decides what follows.
A renewal ends in a session, or in the event that says why not. Invariants:

- Under the lease the file is read again: it is the truth. Another copy's pair is adopted (RF-11).
- A refresh token is sent once, but for an answer that was lost on the way (RF-14).
  Each sending is journalled before, which shows too that the disk takes what it will bring (LY-2).
- A new pair is durable before anybody uses it (RF-3);
  if the disk does not take it, it is held, with the lease, and written at the next chance
  (``store_watch``): within seconds, before the next refresh, and when the app is closed.
- Another person's pair is adopted for nobody: who waits for the former one's gets nothing (OW-1).
- An answer for another owner than the session's now, or for a pair that is not on file any more,
  stores nothing, and the pair that it brought is revoked (RF-10, SO-7), unless another copy of the
  app goes on with the same session (LY-4). During a sign-out the file says whether it has happened.
- Every waiter ends: the lease's and the requests' deadlines bound the task, which is dropped then.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import msgspec

from refapp.trusted.errors import StorageError, WriteNotDurable
from refapp.trusted.files.owner import Owner
from refapp.trusted.files.profile import Profile
from refapp.trusted.network.no_answer import ANSWER_LOST
from refapp.trusted.rules import events as ev
from refapp.trusted.scheduling.single_flight import SingleFlight
from refapp.trusted.scheduling.tasks import Tasks, in_turn
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.verdict import (
    Confirmed,
    Doubtful,
    NoSuchEndpoint,
    Refused,
    Unreachable,
    Verdict,
)
from refapp.trusted.server.wording import ended, no_storage
from refapp.trusted.shell.doubt import Doubt
from refapp.trusted.shell.renewal_outcome import (
    Another,
    Good,
    Misnamed,
    Outcome,
    as_confirmed,
    names_another,
    not_carried_out,
    unknown,
    with_pair,
)
from refapp.trusted.shell.sign_out_work import LAST_WORDS_S
from refapp.trusted.storage.secret import SessionMode, StoredSession, TokenPair
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.wording import session_words

Report = Callable[[Owner, Outcome], None]


class Renewal:
    """Renews what ``tokens`` holds. ``current()``: whose the session is; ``held()``: the session;
    ``known()``: her profile, as far as it is known; ``server_clock``: unix time.
    """

    def __init__(
        self, tokens: TokenService, auth: AuthClient, *, server_clock: Callable[[], float],
        current: Callable[[], Owner], held: Callable[[], StoredSession | None],
        known: Callable[[], Profile | None],
    ) -> None:  # fmt: skip
        self._tokens = tokens
        self._auth = auth
        self._server_clock = server_clock
        self._current = current
        self._held = held
        self._known = known
        self._flight: SingleFlight[tuple[str, Outcome]] = SingleFlight()
        self._closed = False
        self._doubt = Doubt()
        self._misnamed = ""

    async def renew(self, used: str, owner: Owner, *, profile_too: bool, report: Report) -> Outcome:
        """Renew the pair whose access token is ``used``, or join the renewal of it (RF-2).

        ``report`` hears the outcome once, before any waiter does.
        """
        came = await self._flight.run(owner, lambda: self._fly(used, owner, profile_too, report))
        if came is None or self._closed:
            generation = owner.generation
            broken_off: Outcome = ev.Superseded(generation)
            if not self._closed:
                broken_off = ev.ServerUnreachable(generation, session_words.BROKEN_OFF_SIGNED_IN)
            report(owner, broken_off)
            return broken_off
        joined, outcome = came
        if joined != used and isinstance(outcome, Good) and outcome.session.pair.access == used:
            # That renewal was of an older token, and took this one from the file, undoubted yet.
            return await self.renew(used, owner, profile_too=profile_too, report=report)
        if profile_too and isinstance(outcome, Good) and not outcome.asked:
            # It was a call's, which is its own question; a validation has to ask.
            return await self.renew(used, owner, profile_too=True, report=report)
        return outcome

    async def close(self, by: float) -> None:
        """End what is under way; a refresh that was sent may be answered until ``by``, in the
        loop's time, for its token may be spent. After that the answer is lost, as on a network that
        fails (RF-14). What the disk did not take is written once more.
        """
        self._closed = True
        left = max(0.0, by - asyncio.get_running_loop().time())
        await in_turn(lambda: self._flight.close(left), self._save_at_last)

    async def _save_at_last(self) -> None:
        async def save() -> None:
            with contextlib.suppress(StorageError):
                await self._tokens.save_again()

        saving = Tasks()
        saving.start(save())
        with contextlib.closing(self._tokens.unsaved):
            await saving.finish(LAST_WORDS_S)

    async def _fly(
        self, used: str, owner: Owner, profile_too: bool, report: Report
    ) -> tuple[str, Outcome]:
        """The outcome, and which token's it is."""
        return used, await self._reported(
            lambda: self._under_lease(used, owner, profile_too), owner, report
        )

    async def confirmed(self, used: str, said: Confirmed, owner: Owner, report: Report) -> None:
        """Another's question with ``used`` was answered with a new token: take that up."""

        async def take_up() -> Outcome:
            stored = await self._tokens.load_or_restore(self._held())
            if stored is None or stored.pair.access != used:
                return ev.Superseded(owner.generation)
            return await self._confirmed(stored, said, owner)

        await self._reported(take_up, owner, report)

    async def _reported(
        self, work: Callable[[], Awaitable[Outcome]], owner: Owner, report: Report
    ) -> Outcome:
        try:
            async with self._tokens.lease():
                outcome = await work()
        except StorageError as error:
            outcome = ev.ServerUnreachable(owner.generation, no_storage(error))
        if not isinstance(outcome, Good) and not self._goes_on(owner):
            outcome = ev.Superseded(owner.generation)  # and nothing that is said of her session
        report(owner, outcome)
        return outcome

    async def _under_lease(self, used: str, owner: Owner, profile_too: bool) -> Outcome:
        stored = await self._tokens.load_or_restore(self._held())
        if not self._goes_on(owner):
            return ev.Superseded(owner.generation)
        if stored is None:
            return ev.NothingStored(owner.generation)
        if not msgspec.structs.replace(owner, user_id=stored.user_id).is_still(owner):
            return Another(stored)
        if stored.pair.access != used or (profile_too and stored.pair.access == self._misnamed):
            if not owner.user_id:
                return Another(stored)  # both are nobody's, and so they may be two people's
            adopted = await self._adopt(stored, owner) if profile_too else Good(stored, asked=False)
            if adopted is not None:
                return adopted
        if stored.mode is not SessionMode.SLIDING:
            if not stored.pair.refresh:
                return ev.SessionOver(owner.generation, stored.pair, session_words.NO_REFRESH_TOKEN)
            outcome = await self._refresh(stored, owner, profile_too)
            if outcome is not None:
                return outcome
            stored = msgspec.structs.replace(stored, mode=SessionMode.SLIDING)
        return await self._check(stored, owner)

    async def _adopt(self, stored: StoredSession, owner: Owner) -> Outcome | None:
        """What the server says of another copy's pair; None: renew it first (NM-6)."""
        if stored.mode is SessionMode.SLIDING or not stored.pair.access:
            return None
        verdict = await self._auth.session(stored.pair.access)
        if isinstance(verdict, Confirmed):
            if not self._goes_on(owner):
                return ev.Superseded(owner.generation)
            return await self._named(stored, verdict.profile, "")
        return None if isinstance(verdict, Refused) else unknown(verdict, owner)

    async def _refresh(
        self, stored: StoredSession, owner: Owner, profile_too: bool
    ) -> Outcome | None:
        """Trade the pair for a new one; None where the server has no refresh.

        One that has renewed before has one: its 404 is a fault, of a proxy or of a moment. To
        believe it would turn the session for good into one that ends with its access token (RS-9).
        """
        sent_before = await self._tokens.refresh_sent_at(stored.pair)
        verdict = await self._send(stored.pair)
        if isinstance(verdict, Unreachable) and verdict.why.cause in ANSWER_LOST:
            sent_before = sent_before or self._server_clock()
            verdict = await self._send(stored.pair)
        if isinstance(verdict, Confirmed) and verdict.access and verdict.refresh:
            pair = TokenPair(verdict.access, verdict.refresh)
            new = with_pair(stored, pair, verdict.expires_at, self._server_clock())
            return await self._take(stored.pair, new, owner, profile_too)
        if not_carried_out(verdict) and sent_before is None:
            await self._tokens.forget_refresh_sent()
        if isinstance(verdict, NoSuchEndpoint) and stored.mode is not SessionMode.ROTATING:
            return None
        if isinstance(verdict, Refused):
            why = ended(verdict, lost_answer=sent_before is not None)
            return ev.SessionOver(owner.generation, stored.pair, why)
        if isinstance(verdict, Doubtful):
            return await self._check(stored, owner)
        return unknown(verdict, owner)

    async def _send(self, pair: TokenPair) -> Verdict:
        await self._tokens.mark_refresh_sent(pair)
        self._flight.spare()
        return await self._auth.refresh(pair.refresh)

    async def _take(
        self, old: TokenPair, new: StoredSession, owner: Owner, profile_too: bool
    ) -> Outcome:
        if not self._goes_on(owner):
            return await self._give_back(new, owner)
        warning = await self._save(old, new)
        if warning is None:
            return await self._overtaken(new, owner)
        profile = None
        if profile_too and self._goes_on(owner) and not self._closed:
            checked = await self._auth.session(new.pair.access)
            profile = checked.profile if isinstance(checked, Confirmed) else None
        if not self._goes_on(owner):
            return await self._give_back(new, owner)
        return await self._named(new, profile, warning)

    async def _named(self, session: StoredSession, said: Profile | None, warning: str) -> Outcome:
        """``session`` is good, and whose it is, if the server has said, is put on file."""
        if names_another(said, session, self._known()):
            self._misnamed = session.pair.access
            return Misnamed(session)
        if said is not None and said.id != session.user_id:
            session = msgspec.structs.replace(session, user_id=said.id)
            warning = warning or await self._save(session.pair, session) or ""
        return Good(session, said, warning)

    def _goes_on(self, owner: Owner) -> bool:
        return owner.is_still(self._current())

    async def _overtaken(self, new: StoredSession, owner: Owner) -> Outcome:
        """Another copy has replaced it: to end the session that it goes on with would end both."""
        stored = await self._tokens.load()
        if stored is not None and stored.family == new.family != "":
            return Good(stored, asked=False)
        return await self._give_back(new, owner)

    async def _give_back(self, new: StoredSession, owner: Owner) -> Outcome:
        await self._auth.sign_out(new.pair.access)
        return ev.Superseded(owner.generation)

    async def _check(self, stored: StoredSession, owner: Owner) -> Outcome:
        if not stored.pair.access:
            return ev.SessionOver(owner.generation, stored.pair, session_words.NO_TOKEN)
        verdict = await self._auth.session(stored.pair.access)
        settled = self._doubt.settled(verdict, stored.pair.access, self._server_clock())
        if isinstance(verdict, Confirmed):
            return await self._confirmed(stored, verdict, owner)
        if settled or isinstance(verdict, Refused):
            why = ended(verdict, lost_answer=False)
            return ev.SessionOver(owner.generation, stored.pair, why)
        return unknown(verdict, owner)

    async def _confirmed(self, stored: StoredSession, verdict: Confirmed, owner: Owner) -> Outcome:
        if not self._goes_on(owner):
            return ev.Superseded(owner.generation)
        if names_another(verdict.profile, stored, self._known()):
            return Misnamed(stored)
        known = as_confirmed(stored, verdict, self._server_clock())
        warning = await self._save(stored.pair, known)
        if warning is None:
            return ev.Superseded(owner.generation)
        return Good(known, verdict.profile, warning)

    async def _save(self, old: TokenPair, new: StoredSession) -> str | None:
        """Make ``new`` durable; what the disk says against it, or ""; None: ``old`` is gone."""
        try:
            if not await self._tokens.replace(old, new):
                return None
        except WriteNotDurable as error:
            return error.sentence
        except StorageError as error:
            return session_words.not_saved_yet(error.sentence, error.cure)
        return ""
