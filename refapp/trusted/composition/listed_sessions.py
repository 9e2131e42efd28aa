"""Where the person is signed in, for a program without a window of ours: the list, or an error that
says why there is none.

Owns the way from ``OwnSessionList``, which keeps what a window shows, to a value or CallError for
whoever asked. Its ids are made up for each session of this program; the tokens behind them stay
here (WS-1).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from refapp.snapshot import OwnSession
from refapp.trusted.composition.known_person import KnownPerson
from refapp.trusted.errors import CallError
from refapp.trusted.services.own_sessions import OwnSessionList
from refapp.trusted.shell.api_client import ApiClient
from refapp.trusted.shell.auth_store import AuthStore
from refapp.trusted.shell.no_session import no_session


class ListedSessions:
    """``follow`` at each change of ``store``'s state."""

    def __init__(self, api: ApiClient, store: AuthStore, known: KnownPerson) -> None:
        self._store = store
        self._known = known
        self._list = OwnSessionList(api, self._access, lambda: None)

    def _access(self) -> str | None:
        return None if self._store.held is None else self._store.held.pair.access

    def follow(self) -> None:
        """Drop a list that is another person's by now."""
        self._list.follow(self._store.state.phase, self._store.owner)

    async def after(self, ask: Callable[[OwnSessionList], Awaitable[None]]) -> list[OwnSession]:
        """The list after what ``ask`` does, this session first. Raises CallError."""
        self._known.owner()
        await ask(self._list)
        shown = self._list.shown
        if shown.state == "unknown":
            raise no_session(self._store.state)
        if shown.state != "known":
            raise CallError(shown.sentence)
        return list(shown.sessions)
