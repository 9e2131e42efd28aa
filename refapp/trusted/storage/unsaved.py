"""A renewed session that the disk did not take: it is held here, and takes the place of what it
replaces wherever that is still on file, until it is written (RF-3).

Owns which of the two is meant, and that the lease is held as long: the pair on file is spent, and
another copy of the app that sent it once more would end the session of both (RF-11). Writes
nothing: ``token_service`` does, and says when it is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from refapp.trusted.files.lease import Lease
from refapp.trusted.storage.secret import StoredSession, TokenPair


class Unsaved:
    """At most one. ``writing`` is held by whoever writes in its place; ``begun`` is called with the
    reason when the disk did not take it, and ``told`` once it is on file after all.
    """

    def __init__(self, lease: Lease) -> None:
        self.writing = asyncio.Lock()
        self._held: tuple[TokenPair, StoredSession] | None = None
        self._lease = lease
        self._stays = False
        self._closed = False
        self.begun: Callable[[BaseException], None] = lambda _: None
        self.told: Callable[[], None] = lambda: None

    @property
    def held(self) -> tuple[TokenPair, StoredSession] | None:
        """The pair on file, and the session that belongs in its place."""
        return self._held

    def keep(self, on_file: TokenPair, session: StoredSession, why: BaseException) -> None:
        """The disk did not take ``session`` in place of ``on_file``."""
        self._held = on_file, session
        if not self._stays and not self._closed:
            self._stays = self._lease.stay()
        self.begun(why)

    def tried(self, *, written: bool) -> None:
        """The disk took what it was given; or what that was to replace is not there any more."""
        late = written and self._held is not None
        self.drop()
        if late:
            self.told()

    def drop(self) -> None:
        """Another session was written, or none is stored any more."""
        self._held = None
        self._leave()

    def close(self) -> None:
        """It will not be tried again: other copies may have the lease."""
        self._closed = True
        self._leave()

    def _leave(self) -> None:
        if self._stays:
            self._stays = False
            self._lease.leave()

    def newest(self, stored: StoredSession | None) -> StoredSession | None:
        """``stored``, or what belongs in its place."""
        if self._held is None or stored is None or stored.pair != self._held[0]:
            return stored
        return self._held[1]

    def may_be_on_file(self, pair: TokenPair) -> tuple[TokenPair, ...]:
        """What that may be where ``pair`` belongs, the likelier first: a write that was
        cancelled may have come through.
        """
        if self._held is not None and pair == self._held[1].pair != self._held[0]:
            return self._held[0], pair
        return (pair,)
