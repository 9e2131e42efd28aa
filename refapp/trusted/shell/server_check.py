"""Whether the server itself answers, asked when a call of the application brought nothing (OF-10).

Owns that question: one at a time for each owner, however many calls fail together. An endpoint that is slow, large or broken is
the call's own trouble; only if the session check brings nothing either, the session is offline. The next good answer of any call
is a chance to come back, taken at most once in ``CHANCE_EACH_S``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from refapp.snapshot import Phase
from refapp.trusted.errors import CallError
from refapp.trusted.files.owner import Owner
from refapp.trusted.rules import events as ev
from refapp.trusted.scheduling.single_flight import SingleFlight
from refapp.trusted.scheduling.tasks import Tasks, in_turn
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.verdict import Confirmed, NotTheServer, Refused, Unreachable
from refapp.trusted.server.wording import cannot_tell
from refapp.trusted.shell.auth_store import AuthStore

CHANCE_EACH_S = 10.0


class ServerCheck:
    """Made for one session, whose ``store`` is told. ``clock`` gives unix seconds."""

    def __init__(self, auth: AuthClient, store: AuthStore, clock: Callable[[], float]) -> None:
        self._auth = auth
        self._store = store
        self._clock = clock
        self._tasks = Tasks()
        self._flight: SingleFlight[None] = SingleFlight()
        self._took_chance_at = 0.0

    def call_failed(self, owner: Owner) -> None:
        """A call of ``owner`` brought nothing, and nothing was heard of the server since it began."""
        held = self._store.held
        if held is not None and self._store.state.phase is Phase.SIGNED_IN:
            self._tasks.start(self._flight.run(owner, lambda: self._ask(held.pair.access, owner)))

    def call_answered(self, owner: Owner) -> None:
        """A call of ``owner`` was answered by the server."""
        waits = self._store.state.phase is Phase.OFFLINE and not self._store.asked_to_wait
        if waits and not 0 <= self._clock() - self._took_chance_at < CHANCE_EACH_S:
            self._took_chance_at = self._clock()
            self._store.dispatch(ev.RetryDue(owner.generation))

    async def _ask(self, access: str, owner: Owner) -> None:
        verdict = await self._auth.session(access)
        if isinstance(verdict, Confirmed):
            await self._store.confirmed(access, verdict, owner)
        elif isinstance(verdict, Unreachable | NotTheServer):
            self._store.dispatch(ev.Unreachable(owner.generation, cannot_tell(verdict)))
        elif isinstance(verdict, Refused):
            # Its access token may have run out, as at any call: a renewal finds out.
            with contextlib.suppress(CallError):
                await self._store.renew(access, owner)

    async def close(self) -> None:
        """Ask no more."""
        await in_turn(self._tasks.close, self._flight.close)
