"""Cloud sync of the notes: enabled with the signed-in user's id and only then (IN-1), paused while
offline or expired (EX-4).

Owns when it runs and its state: when it last ran, for whom, and the person's ``sync-<…>.json`` that
keeps that between starts. What a round is, ``sync_round`` says. The first of a run asks the server
for everything, the others for what is new: what a power cut took of the files comes back so. It
runs when the session has become good, when the person asks for it, and some time after a change
(IN-7); what failed, or was broken off, is tried again (NM-3). Reset at sign-out (SO-4); once it
ran, the app needs a restart to be rid of what it holds in memory (SO-5).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import msgspec

from refapp.snapshot import Service
from refapp.trusted.errors import UNDECODABLE, CallError, CannotTell, StorageError
from refapp.trusted.files import atomic_file, places
from refapp.trusted.files.moments import Moment
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.scheduling.alarm import Alarm
from refapp.trusted.scheduling.backoff import delay
from refapp.trusted.scheduling.tasks import Tasks
from refapp.trusted.services.note_files import Note, Room
from refapp.trusted.services.pieces import Pieces
from refapp.trusted.services.sync_round import NotTaken, Overtaken, SyncRound
from refapp.trusted.services.workspace import Workspace
from refapp.trusted.shell.api_client import ApiClient

AFTER_S = 120.0
"""From the first change that is not synced to its sync: a note that is being written is saved every
few words. And from a no of the server's to the next try: it stays a no for as long as nobody
changes something, here or there.
"""


class _Kept(msgspec.Struct, frozen=True):
    done_at: Moment
    room: Room | None = None


class Sync:
    """Pushes and pulls the workspace's notes over ``api``. ``room``: for so many notes more at the
    server, as it last said, in an earlier run too; None if it has not.
    """

    def __init__(
        self,
        folder: Path,
        *,
        api: ApiClient,
        workspace: Workspace,
        recorder: Recorder,
        clock: Callable[[], float],
        changed: Callable[[], None],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._folder = folder
        self._api = api
        self._workspace = workspace
        self._recorder = recorder
        self._clock = clock
        self._changed = changed
        self._owner = NOBODY
        self._chance = chance
        self._pieces = Pieces()
        self._since = 0
        self._sent: dict[str, list[Note]] = {}
        self._ran = False
        self._failures = 0
        self._closed = False
        self._next = Alarm(clock)
        self.room: int | None = None
        self._tasks = Tasks()
        self.service = Service(state="off")

    def enable(self, owner: Owner) -> bool:
        """The session is good, and it is ``owner``'s (IN-1); True if that is news.
        It is too late for a sync that is closed.
        """
        if self._closed or (
            self.service.state not in ("off", "paused") and self._owner.is_still(owner)
        ):
            return False
        self._belong_to(owner)
        self.service = Service(state="ready", done_at=self._recalled(owner))
        return True

    def pause(self, sentence: str, owner: Owner) -> None:
        """The session of ``owner`` is not good now; say why (EX-4)."""
        done_at = self.service.done_at if self._owner.same_person(owner) else self._recalled(owner)
        self._belong_to(owner)
        self.service = Service(state="paused", sentence=sentence, done_at=done_at)

    def disable(self) -> None:
        """There is no session."""
        self._next.cancel()
        self._belong_to(NOBODY)
        self.service = Service(state="off")

    def _belong_to(self, owner: Owner) -> None:
        """What was planned for somebody else goes, and how often it failed."""
        if not self._owner.same_person(owner):
            self._next.cancel()
            self._failures = 0
            self._since, self._sent = 0, {}
        self._owner = owner

    def reset(self, owner: Owner) -> bool:
        """Drop everything that belongs to the session of ``owner``;
        True if only a restart makes that complete (SO-4, SO-5).
        """
        self.disable()
        try:
            with atomic_file.unconfirmed_too(self._note_gone):
                if atomic_file.remove(places.sync(self._folder, owner)):
                    self._note_gone()
        except StorageError:
            return True
        return self._ran

    def _note_gone(self) -> None:
        self._recorder.note("parent", "disk", "delete sync state")

    def note_changed(self) -> None:
        """Sync within ``AFTER_S``, unless it runs before that anyway (IN-7)."""
        if self._next.moment is None:
            self._next.at(self._clock() + AFTER_S, self._due)

    def _due(self) -> None:
        if self.service.state == "busy":
            self.note_changed()  # the round that is under way may have begun before the change
        else:
            self._tasks.start(self.run())

    async def close(self) -> None:
        """End what is under way.
        A round that somebody else waits for ends with him, and plans nothing.
        """
        self._closed = True
        try:
            await self._tasks.close()
        finally:
            self.disable()

    async def run(self) -> None:
        """One round of ``sync_round``.
        The outcome is in ``service``, unless that says something newer.
        """
        owner, before = self._owner, self.service
        if before.state not in ("ready", "failed"):
            return
        self._next.cancel()
        self._ran = True
        busy = Service(state="busy", done_at=before.done_at)
        self._show(busy)
        ended, after = before, None
        try:
            ended = await self._round(owner, before)
            self._failures = 0
        except (CallError, StorageError) as error:
            ended = Service(state="failed", sentence=error.sentence, done_at=before.done_at)
            after = (
                AFTER_S
                if isinstance(error, NotTaken)
                else error.after
                if isinstance(error, CannotTell)
                else None
            )
        finally:
            # Also when the window that asked is gone, and with it the question.
            # The session may have paused it meanwhile.
            if self.service is busy:
                self._show(ended)
                if ended is before or ended.state == "failed":
                    self._failures += 1
                    self._next.at(
                        self._clock() + delay(self._failures, self._chance(), after), self._due
                    )

    async def _round(self, owner: Owner, before: Service) -> Service:
        """What came of it; ``before`` if somebody else is there by now.
        Raises CallError, StorageError.
        """
        work = SyncRound(
            self._api,
            self._workspace,
            self._pieces,
            self._since,
            self._sent,
            lambda: self._still(owner),
        )
        try:
            await work.run()
        except Overtaken:
            return before
        finally:
            if self._still(owner):
                self._since, self.room = work.since, work.room
        if not self._still(owner):
            return before
        kept = _Kept(self._clock(), self.room)
        self._keep(owner, kept)
        return Service(state="ready", done_at=kept.done_at)

    def _still(self, owner: Owner) -> bool:
        """Or somebody else's notes are shown by now (EX-6)."""
        return owner.is_still(self._owner) and owner.is_still(self._workspace.owner)

    def _show(self, service: Service) -> None:
        self.service = service
        self._changed()

    def _recalled(self, owner: Owner) -> float | None:
        """When ``owner``'s notes were synced last, by any copy of the app;
        the server's room is taken up as it was then.
        """
        try:
            found = atomic_file.read(places.sync(self._folder, owner))
            kept = msgspec.json.decode(found[0], type=_Kept) if found else None
        except (StorageError, *UNDECODABLE):
            kept = None
        self.room = kept.room if kept is not None else None
        return kept.done_at if kept is not None else None

    def _keep(self, owner: Owner, kept: _Kept) -> None:
        atomic_file.replace(
            places.sync(self._folder, owner), msgspec.json.encode(kept), durable=False
        )
        self._recorder.note("parent", "disk", "write sync state")
