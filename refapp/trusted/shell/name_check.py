"""Who the session's person is by now: a name or an e-mail that she changed elsewhere is shown within minutes (LY-8).

Owns that question and when it is asked: beside what she or the program does, not by the clock, so that an app which nobody uses
asks nothing. At most once in ``EACH_S``, a sign-in's, a start's and a reconnect's own answer included. Nothing waits for it.

It decides little: a yes is told to the session, a no is a reason to renew, as at any call, and what can't tell is asked again at
the next chance. That the server is out of reach is ``server_check``'s to find.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from refapp.snapshot import Phase
from refapp.trusted.errors import CallError
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.rules import events as ev
from refapp.trusted.scheduling.tasks import Tasks
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.verdict import Confirmed, Refused
from refapp.trusted.shell.auth_store import AuthStore

EACH_S = 300.0


class NameCheck:
    """Made for one session, whose ``store`` is told. ``clock`` gives unix seconds."""

    def __init__(self, auth: AuthClient, store: AuthStore, clock: Callable[[], float]) -> None:
        self._auth = auth
        self._store = store
        self._clock = clock
        self._tasks = Tasks()
        self._of = NOBODY
        self._asked_at = 0.0
        self._closed = False

    def follow(self) -> None:
        """The session has changed: how it became good, the server has just said whose it is."""
        of = self._store.owner if self._store.state.phase is Phase.SIGNED_IN else NOBODY
        if of != self._of:
            self._of, self._asked_at = of, self._clock()

    def used(self) -> None:
        """The person does something in the app, or the server has answered a call."""
        held = self._store.held
        if self._closed or held is None or self._store.state.phase is not Phase.SIGNED_IN:
            return
        if not 0 <= self._clock() - self._asked_at < EACH_S:
            self._asked_at = self._clock()
            self._tasks.start(self._ask(held.pair.access, self._store.owner))

    async def _ask(self, access: str, owner: Owner) -> None:
        said = await self._auth.session(access)
        if isinstance(said, Confirmed):
            await self._store.confirmed(access, said, owner)
        held = self._store.held
        if held is None or not owner.is_still(self._store.owner):
            return
        if isinstance(said, Refused):
            with contextlib.suppress(CallError):
                await self._store.renew(access, owner)
        elif isinstance(said, Confirmed) and said.profile is not None:
            if said.profile.id == owner.user_id:
                self._store.dispatch(ev.Confirmed(owner.generation, said.profile, held.mode))
            else:
                await self._store.validate(owner.generation)  # under the lease, from the file, and said (OW-10)

    async def close(self) -> None:
        """Ask no more."""
        self._closed = True
        await self._tasks.close()
