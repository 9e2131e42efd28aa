"""The waiting for an outcome: of a sign-in, a restore, a sign-out.
Owns which sign-in is waited for, and its error.

What happens is the session's; here it is begun, given up and waited for.
Whoever is no longer waited for is told so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from refapp.snapshot import PendingSignIn, Phase
from refapp.trusted.composition.known_person import KnownPerson
from refapp.trusted.composition.session_words import NOT_NOW, Change, SignInFailed
from refapp.trusted.composition.told_changes import ToldChanges
from refapp.trusted.files.profile import Profile
from refapp.trusted.rules import events as ev
from refapp.trusted.rules.pending import SignInAccepted, SignInCancelled, SignInElsewhereAsked
from refapp.trusted.rules.signing_in import SIGN_IN_FROM
from refapp.trusted.shell.auth_store import AuthStore
from refapp.trusted.wording import sign_in_words

Another = Callable[[PendingSignIn], bool | Awaitable[bool]]
"""Whether to go on as somebody else; the session goes on while that is awaited."""
BUSY = frozenset({Phase.RESTORING, Phase.SIGNING_IN, Phase.SIGNING_OUT})


class Awaited:
    """``told`` hears of each change of ``store``, ``known`` of what the program learns."""

    def __init__(self, store: AuthStore, told: ToldChanges, known: KnownPerson) -> None:
        self._store = store
        self._told = told
        self._known = known
        # Which sign-in is waited for.
        # Another number, and nobody has to wait for the former one any more.
        self._turn = 0
        self._closing = False

    @property
    def _phase(self) -> Phase:
        return self._store.state.phase

    async def begin(self, asked: ev.SignInAsked | SignInElsewhereAsked) -> None:
        """Begin a sign-in, in place of one that is under way.
        Raises SignInFailed: it is not the time for one.
        """
        if self._phase is Phase.SIGNING_IN:
            self.give_up()
            await self.settled(until_pending=True)
        if self._phase not in SIGN_IN_FROM:
            raise SignInFailed(NOT_NOW.get(self._phase, sign_in_words.ALREADY))
        self._store.dispatch(asked)

    def give_up(self) -> None:
        """Cancel the sign-in that is under way, if one is."""
        if self._phase is Phase.SIGNING_IN:
            self._turn += 1
            self._store.dispatch(SignInCancelled())

    def closing(self) -> None:
        """From here on a sign-in that comes to nothing was given up, whatever else there is."""
        self._closing = True

    def end(self) -> None:
        """Nobody waits any more: the session is closed."""
        self._turn += 1
        self._told.tell()

    async def signed_in(
        self,
        show: Callable[[PendingSignIn], None],
        another: Another = lambda _: False,
    ) -> Profile:
        """Who is signed in by the sign-in that is under way. Raises SignInFailed: nobody."""
        turn = self._turn
        try:
            phase, profile = await self.settled(show, another), self._store.state.profile
        finally:
            # Still under way if the caller was cancelled, or if ``show`` raised:
            # then nobody waits for it.
            if turn == self._turn:
                self.give_up()
        if turn == self._turn and phase is Phase.SIGNED_IN and profile is not None:
            return profile
        if self._closing or turn != self._turn:
            raise SignInFailed(sign_in_words.GIVEN_UP)
        now = Change.of(self._store.state)
        raise SignInFailed(now.sentence or sign_in_words.GIVEN_UP, now.cure)

    async def settled(
        self,
        show: Callable[[PendingSignIn], None] = lambda _: None,
        another: Another = lambda _: False,
        *,
        until_pending: bool = False,
    ) -> Phase:
        """The phase in which nothing is under way; ``until_pending``: or a person is waited for."""
        shown: PendingSignIn | None = None
        turn = self._turn
        while self._phase in BUSY and turn == self._turn and not self._store.closed:
            pending = self._store.state.pending
            if pending is not None and (pending.link or pending.second_factor) and pending != shown:
                if until_pending:
                    break
                shown = pending
                if pending.other is None:
                    show(pending)
                else:
                    goes_on = another(pending)
                    if isinstance(goes_on, Awaitable):
                        goes_on = await self._answered(goes_on, pending, turn)
                    if self._asks(pending, turn):
                        self._store.dispatch(SignInAccepted() if goes_on else SignInCancelled())
                continue  # what they did is a change that nobody tells of any more
            await self._told.next()
        self._known.told()
        return self._phase

    def _asks(self, pending: PendingSignIn, turn: int) -> bool:
        """Whether it is still the question whether to go on as ``pending.other``."""
        now = self._store.state.pending
        asks = now is not None and now.other == pending.other
        return asks and turn == self._turn and not self._store.closed

    async def _answered(self, asked: Awaitable[bool], pending: PendingSignIn, turn: int) -> bool:
        """The answer, while it is asked for; then it is cancelled. One that was cancelled is no."""
        answer = asyncio.ensure_future(asked)
        answer.add_done_callback(self._heard)
        try:
            while self._asks(pending, turn) and not answer.done():
                await self._told.next()
            return answer.done() and not answer.cancelled() and answer.result()
        finally:
            answer.cancel()

    def _heard(self, answer: asyncio.Future[bool]) -> None:
        if not answer.cancelled():
            answer.exception()  # raised where it is waited for; nobody's once that is over
        self._told.tell()
