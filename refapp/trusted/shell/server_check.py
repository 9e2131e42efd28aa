"""The session check that is asked beside calls: whether the server itself answers (OF-10), and whom
it names by now (LY-8).

Owns that question and when it is asked. Nothing waits for it, and it decides little: a yes is told
to the session, a no is a reason to renew, as at any call.

- A call brought nothing: asked at once, one at a time for each owner, however many calls fail
  together. An endpoint that is slow, large or broken is the call's own trouble; only if this brings
  nothing either, the session is offline. The next good answer of any call is a chance to come back,
  taken at most once in ``CHANCE_EACH_S``.
- The person or the program does something: asked at most once in ``NAME_EACH_S``, the answers of a
  sign-in, a start and a reconnect included, and never by the clock, so that an app which nobody
  uses asks nothing. What can't tell is asked again at the next chance.

The second is the one request that a good day has besides a sign-in's own check. It can't ride on
another: no answer that comes anyhow names the person (a refresh brings tokens alone, and the
application's API is not the auth server), and a change that was made on another device leaves no
hint here. To ask only after a pause would never ask a program that makes none (LY-8).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from refapp.snapshot import Phase
from refapp.trusted.errors import CallError
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.rules import events as ev
from refapp.trusted.scheduling.single_flight import SingleFlight
from refapp.trusted.scheduling.tasks import Tasks, in_turn
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.verdict import Confirmed, NotTheServer, Refused, Unreachable, Verdict
from refapp.trusted.server.wording import cannot_tell
from refapp.trusted.shell.auth_store import AuthStore

CHANCE_EACH_S = 10.0
NAME_EACH_S = 300.0


class ServerCheck:
    """Made for one session, whose ``store`` is told. ``clock`` gives unix seconds."""

    def __init__(self, auth: AuthClient, store: AuthStore, clock: Callable[[], float]) -> None:
        self._auth = auth
        self._store = store
        self._clock = clock
        self._tasks = Tasks()
        self._flight: SingleFlight[None] = SingleFlight()
        self._took_chance_at = 0.0
        self._named = NOBODY
        self._named_at = 0.0
        self._closed = False

    def follow(self) -> None:
        """The session has changed: how it became good, the server has just said whose it is."""
        named = self._store.owner if self._store.state.phase is Phase.SIGNED_IN else NOBODY
        if named != self._named:
            self._named, self._named_at = named, self._clock()

    def used(self) -> None:
        """The person does something in the app, or a program that has the session does."""
        held = self._store.held
        if self._closed or held is None or self._store.state.phase is not Phase.SIGNED_IN:
            return
        if not 0 <= self._clock() - self._named_at < NAME_EACH_S:
            self._named_at = self._clock()
            self._tasks.start(self._ask_whose(held.pair.access, self._store.owner))

    def call_failed(self, owner: Owner) -> None:
        """A call of ``owner`` brought nothing,
        and nothing was heard of the server since it began.
        """
        held = self._store.held
        if held is not None and self._store.state.phase is Phase.SIGNED_IN:
            self._tasks.start(
                self._flight.run(owner, lambda: self._ask_whether(held.pair.access, owner))
            )

    def call_answered(self, owner: Owner) -> None:
        """A call of ``owner`` was answered by the server."""
        waits = self._store.state.phase is Phase.OFFLINE and not self._store.asked_to_wait
        if waits and not 0 <= self._clock() - self._took_chance_at < CHANCE_EACH_S:
            self._took_chance_at = self._clock()
            self._store.dispatch(ev.RetryDue(owner.generation))
        self.used()

    async def _ask_whose(self, access: str, owner: Owner) -> None:
        said = await self._ask(access, owner)
        held = self._store.held
        if not isinstance(said, Confirmed) or said.profile is None:
            return
        if held is None or not owner.is_still(self._store.owner):
            return
        if said.profile.id == owner.user_id:
            self._store.dispatch(ev.SessionGood(owner.generation, said.profile, held.mode))
        else:
            await self._store.check_session(
                owner.generation
            )  # under the lease, from the file, and said (OW-10)

    async def _ask_whether(self, access: str, owner: Owner) -> None:
        said = await self._ask(access, owner)
        if isinstance(said, Unreachable | NotTheServer):
            self._store.dispatch(ev.ServerUnreachable(owner.generation, cannot_tell(said)))

    async def _ask(self, access: str, owner: Owner) -> Verdict:
        said = await self._auth.session(access)
        if isinstance(said, Confirmed):
            await self._store.confirmed(access, said, owner)
        elif isinstance(said, Refused):
            # Its access token may have run out, as at any call: a renewal finds out.
            with contextlib.suppress(CallError):
                await self._store.renew(access, owner)
        return said

    async def close(self) -> None:
        """Ask no more."""
        self._closed = True
        await in_turn(self._tasks.close, self._flight.close)
