"""The owner of the session: keeps the state, performs the effects in order, feeds outcomes back.

``dispatch`` is synchronous, so no two events are ever half-way through at once. What takes time
runs as a task and comes back as an event that carries the generation it belongs to. What follows
from an event is decided in ``session`` alone.

Invariant: ``held`` is the session whose pair may be used now. It is set only from what is on file
or was just stored, or to a renewed pair that the disk did not take yet (RF-3).
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine
from typing import assert_never

import msgspec

from refapp.snapshot import WITH_SESSION, Phase
from refapp.trusted.errors import CallError, CannotTell, StorageError
from refapp.trusted.files.earlier_files import EarlierFiles
from refapp.trusted.files.history import History
from refapp.trusted.files.owner import Owner
from refapp.trusted.files.profile_cache import ProfileCache
from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.pending import PendingFound
from refapp.trusted.rules.session import advance
from refapp.trusted.rules.session_state import State
from refapp.trusted.rules.shell import Shell
from refapp.trusted.scheduling.alarm import Alarm
from refapp.trusted.scheduling.backoff import delay
from refapp.trusted.scheduling.in_time import in_time
from refapp.trusted.scheduling.tasks import Tasks, in_turn
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.verdict import Confirmed
from refapp.trusted.shell.early_renewal import EarlyRenewal
from refapp.trusted.shell.no_session import no_session
from refapp.trusted.shell.renewal import Renewal
from refapp.trusted.shell.renewal_outcome import Another, Good, Misnamed, Outcome, for_a_call
from refapp.trusted.shell.server_clock import ServerClock
from refapp.trusted.shell.session_work import SessionWork
from refapp.trusted.shell.sign_out_work import LAST_WORDS_S, ResettableServices, SignOutWork
from refapp.trusted.shell.store_watch import StoreWatch
from refapp.trusted.sign_in.sign_in_work import Elsewhere, SignInWork
from refapp.trusted.storage.secret import StoredSession
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.wording import session_words

WAITER_LIMIT_S = 90.0


class AuthStore:
    """The session's shell.
    ``changed`` is called after each change of ``state``, ``restart`` when all must start afresh.

    ``base`` is the server's; ``clock`` this computer's, in unix seconds;
    ``clock_offset``: by how many the server's is ahead.
    """

    def __init__(
        self, *, tokens: TokenService, auth: AuthClient, base: str, profiles: ProfileCache,
        history: History, earlier: EarlierFiles, services: ResettableServices, elsewhere: Elsewhere,
        clock: Callable[[], float], clock_offset: Callable[[], float],
        changed: Callable[[], None], restart: Callable[[], None],
        chance: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        self.state = State()
        self.held: StoredSession | None = None
        self.confirmations = 0
        self.closed = False
        self._base = base
        self._tokens = tokens
        self._profiles = profiles
        self._history = history
        self._clock = clock
        self._server_clock = ServerClock(clock, clock_offset)
        shell = self._shell = Shell(
            base, clock, self._server_clock.now, lambda: self.state.generation, self.dispatch
        )
        self._work = SessionWork(tokens, profiles, earlier, shell)
        self._tasks = Tasks()
        last_words = Tasks()
        self._sign_in = SignInWork(auth, tokens, elsewhere, shell, last_words)
        self._sign_out = SignOutWork(auth, tokens, history, services, shell, last_words)
        self._changed = changed
        self._restart = restart
        self._chance = chance
        self._renewal = Renewal(
            tokens, auth, server_clock=self._server_clock.now, current=lambda: self.owner,
            held=lambda: self.held, known=lambda: self.state.profile,
        )  # fmt: skip
        self._watch = StoreWatch(
            tokens, self._work.read_store, shell, state=lambda: self.state, chance=chance
        )
        self._retry = Alarm(clock)
        self.asked_to_wait = False
        self._early = EarlyRenewal(clock, clock_offset, chance)

    def dispatch(self, event: ev.Event) -> None:
        """Let ``event`` happen."""
        if self.closed:
            return
        if isinstance(event, ev.NothingStored | PendingFound) and self.held is not None:
            why = self._history.why_expired(self.held.family)
            event = msgspec.structs.replace(event, expired=why)
        before = self.state
        self.state, effects = advance(before, event)
        if (
            isinstance(event, ev.SessionGood | ev.PairStored)
            and event.generation == before.generation
        ):
            self.confirmations += 1
        for effect in effects:
            self._perform(effect)
        if self.state != before:
            self._changed()
        if self.state.phase is Phase.SIGNED_IN and (wrong := self._server_clock.wrong()):
            self.dispatch(ev.ClockOff(wrong))

    @property
    def owner(self) -> Owner:
        """Whose the session is now."""
        return Owner(self._base, self.state.user_id, self.state.generation)

    def owner_of(self, session: StoredSession) -> Owner:
        """Whose it would be now, if ``session`` were the one in use."""
        return msgspec.structs.replace(self.owner, user_id=session.user_id)

    def _hold(self, session: StoredSession | None) -> None:
        """Use ``session`` from now on, and renew it before its end."""
        self.held = session
        self._early.plan(session, self._renew_early)

    def _renew_early(self) -> bool:
        if self.held is None or self.state.phase is not Phase.SIGNED_IN:
            return False
        self._tasks.start(self._renew_quietly(self.held.pair.access, self.owner))
        return True

    def _feed(self, effect: do.Effect, work: Callable[[], Coroutine[None, None, ev.Event]]) -> None:
        self._tasks.start(self._shell.feed(work), lambda: self._shell.give_up(effect))

    def _perform(self, effect: do.Effect) -> None:
        if isinstance(effect, do.OfPending):
            self._sign_in.perform(effect)
            return
        if isinstance(effect, do.OfSignOut):
            self._sign_out.perform(effect, self.held, self.owner)
            forgotten = effect.pair if isinstance(effect, do.ForgetPair) else None
            if self.held is not None and self.held.pair == forgotten:
                self._hold(None)
            return
        match effect:
            case do.ReadStore():
                self._watch.look(effect)
            case do.CheckStorage():
                self._feed(effect, lambda: self._work.check_storage(effect))
            case do.Hold(session=session):
                self._hold(session)
            case do.StorePair():
                self._sign_in.store(effect, lambda: self._work.store_pair(effect))
            case do.CheckSession(generation=generation):
                self._tasks.start(
                    self.check_session(generation), lambda: self._shell.give_up(effect)
                )
            case do.RememberProfile(profile=profile):
                if not self._tokens.in_memory:
                    self._profiles.save(profile)
            case do.ForgetProfile():
                self._profiles.clear(self.state.user_id)
            case do.ScheduleRetry(generation=generation):
                self.asked_to_wait = effect.after is not None
                due = self._clock() + delay(effect.attempt, self._chance(), effect.after)
                self._retry.at(due, lambda: self.dispatch(ev.RetryDue(generation)))
            case do.CancelRetry():
                self._retry.cancel()
            case do.KeepReason(sentence=sentence, expired=expired):
                family = self.held.family if self.held is not None else ""
                self._history.keep(sentence, self.state.user_id, family, expired=expired)
            case do.RestartApp():
                self._restart()
            case _:
                assert_never(effect)

    async def check_session(self, generation: int) -> None:
        """Ask the server whether the session is good, and whose it is."""
        if self.held is None:
            self.dispatch(ev.NothingStored(generation))
            return
        owner = msgspec.structs.replace(self.owner, generation=generation)
        used = self.held.pair.access
        await self._renewal.renew(used, owner, profile_too=True, report=self._heard)

    async def confirmed(self, used: str, said: Confirmed, owner: Owner) -> None:
        """Yes to ``used`` beside the session's questions; a token in its place is hers (RF-13)."""
        if said.access not in (None, used):
            await self._renewal.confirmed(used, said, owner, self._heard)

    def _heard(self, owner: Owner, outcome: Outcome) -> None:
        generation = owner.generation
        match outcome:
            case Good(session=session, profile=profile, warning=warning, asked=asked):
                if not owner.is_still(self.owner):
                    return
                self._hold(session)
                # Another copy's pair is used, and no answer: offline, a reason to ask (NM-6).
                again = ev.RetryDue(generation)
                self.dispatch(ev.SessionGood(generation, profile, session.mode) if asked else again)
                if warning:
                    self.dispatch(ev.RenewedNotStored(self.state.generation, warning))
            case Misnamed(session=session):
                if owner.is_still(self.owner):
                    self._hold(session)
                    self.dispatch(ev.ServerUnreachable(generation, session_words.NAMES_ANOTHER))
            case Another(session=session):
                self.dispatch(self._work.found(generation, session))
            case _:
                self.dispatch(outcome)

    async def newest(self, owner: Owner) -> StoredSession:
        """What ``owner`` may use now: what is on file, if another copy changed it (RF-11, SO-8).

        Raises:
            SessionExpired, NoAccessToken: there is none of hers.
        """
        if self.held is not None and self._tokens.version.changed():
            with contextlib.suppress(StorageError):
                stored = await self._tokens.load()
                if owner.is_still(self.owner):
                    self._take_up(stored)
        return self._held_by(owner)

    def _take_up(self, stored: StoredSession | None) -> None:
        generation = self.state.generation
        if stored is None:
            self.dispatch(ev.NothingStored(generation))
        elif stored.user_id and self.owner_of(stored).is_still(self.owner):
            self._hold(stored)
        else:
            self.dispatch(self._work.found(generation, stored))

    def _held_by(self, owner: Owner) -> StoredSession:
        held = self.held
        if held is None or not (held.pair.access and self.usable):
            raise no_session(self.state)
        if not self.owner_of(held).is_still(owner):
            raise no_session(self.state)
        return held

    async def renew(self, used: str, owner: Owner) -> StoredSession:
        """The session after ``used`` met a 401: another token, or the same if that is good.

        Raises:
            SessionExpired: the server ended the session (RF-4).
            NoAccessToken: nobody is signed in any more.
            CannotTell: the server could not be asked (OF-4).
        """
        held = self._held_by(owner)
        if held.pair.access != used:
            return held
        try:
            renewal = self._renewal.renew(used, owner, profile_too=False, report=self._heard)
            outcome = await in_time(renewal, WAITER_LIMIT_S)
        except TimeoutError:
            raise CannotTell(session_words.RENEWAL_TOOK_TOO_LONG) from None
        return for_a_call(
            outcome, hers=lambda new: self.owner_of(new).is_still(owner), expired=self.state.expired
        )

    async def _renew_quietly(self, used: str, owner: Owner) -> None:
        with contextlib.suppress(CallError):
            await self.renew(used, owner)

    @property
    def retry_at(self) -> float | None:
        """When the next try is due by itself, unix seconds."""
        return self._retry.moment

    async def close(self) -> None:
        """End what is under way; a sign-out may be told (SO-1), a refresh answered (RF-14)."""
        by = asyncio.get_running_loop().time() + LAST_WORDS_S
        # First: what is finished here may begin and plan something, which ends with all else.
        first = (self._sign_in.close, lambda: self._sign_out.finish(self.held), self._stop)
        renewed = (self._tasks.close, lambda: self._renewal.close(by), self._let_go)
        await in_turn(*first, self._watch.close, *renewed)

    async def _stop(self) -> None:
        self._retry.cancel()
        self._early.cancel()
        self.closed = True

    async def _let_go(self) -> None:
        self._hold(None)

    @property
    def usable(self) -> bool:
        """Whether calls that need a session may be made now."""
        return self.held is not None and self.state.phase in WITH_SESSION
