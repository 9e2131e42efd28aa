"""Cloud sync of the notes: enabled with the signed-in user's id and only then (IN-1), paused while offline or expired (EX-4).

Owns when it runs and its state: when it last ran, for whom, and ``sync.json`` that keeps that between starts. It runs when the
session has become good, when the person asks for it, and some time after a change (IN-7). Reset at sign-out (SO-4); once it ran,
the app needs a restart to be rid of what it holds in memory (SO-5).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec

from refapp.snapshot import Service
from refapp.trusted.errors import UNDECODABLE, CallError, StorageError
from refapp.trusted.recorder import Recorder
from refapp.trusted.scheduling.alarm import Alarm
from refapp.trusted.scheduling.tasks import Tasks
from refapp.trusted.services.workspace import Note, Workspace
from refapp.trusted.shell.api_client import ApiClient
from refapp.trusted.storage import atomic_file

PATH = "/app/notes"
AFTER_S = 120.0
"""From the first change that is not synced to its sync: a note that is being written is saved every few words."""


class _Kept(msgspec.Struct, frozen=True):
    user_id: str
    done_at: float


class _Answer(msgspec.Struct):
    notes: list[Note]


class Sync:
    """Pushes and pulls the workspace's notes over ``api``."""

    def __init__(
        self,
        folder: Path,
        *,
        api: ApiClient,
        workspace: Workspace,
        recorder: Recorder,
        clock: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self._file = folder / "sync.json"
        self._api = api
        self._workspace = workspace
        self._recorder = recorder
        self._clock = clock
        self._changed = changed
        self._user_id: str | None = None
        self._ran = False
        self._next = Alarm(clock)
        self._tasks = Tasks()
        self.service = Service(state="off")

    def enable(self, user_id: str) -> None:
        """The session is good (IN-1)."""
        if self.service.state in ("off", "paused") or self._user_id != user_id:
            self._user_id = user_id
            self.service = Service(state="ready", done_at=self._done_at(user_id))

    def pause(self, sentence: str) -> None:
        """The session is not good now; say why (EX-4)."""
        self.service = Service(state="paused", sentence=sentence, done_at=self.service.done_at)

    def disable(self) -> None:
        """There is no session."""
        self._next.cancel()
        self._user_id = None
        self.service = Service(state="off")

    def reset(self) -> bool:
        """Drop everything that belongs to the session; True if only a restart makes that complete (SO-4, SO-5)."""
        self.disable()
        try:
            if atomic_file.remove(self._file):
                self._recorder.note("parent", "disk", "delete sync state")
        except StorageError:
            return True
        return self._ran

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
        """End what is under way."""
        self._next.cancel()
        await self._tasks.close()

    async def run(self) -> None:
        """One round: send every note, take what is newer. The outcome is in ``service``, unless that says something newer."""
        user_id, before = self._user_id, self.service
        if user_id is None or before.state not in ("ready", "failed"):
            return
        self._next.cancel()
        self._ran = True
        busy = Service(state="busy", done_at=before.done_at)
        self._show(busy)
        ended = before
        try:
            ended = await self._round(user_id, before)
        except (CallError, StorageError) as error:
            ended = Service(state="failed", sentence=error.sentence, done_at=before.done_at)
        finally:
            # Also when the window that asked is gone, and with it the question. The session may have paused it meanwhile.
            if self.service is busy:
                self._show(ended)

    async def _round(self, user_id: str, before: Service) -> Service:
        """What came of it; ``before`` if somebody else is there by now. Raises CallError, StorageError."""
        body = msgspec.json.encode({"notes": self._workspace.all()})
        came = await self._api.fetch("PUT", PATH, body)
        if came.status != 200:
            raise CallError(f"The server did not take the notes (error {came.status}). They are kept here.")
        try:
            answer = msgspec.json.decode(came.body, type=_Answer)
        except UNDECODABLE:
            raise CallError("The server's answer was not understood. The notes are kept here.") from None
        for note in answer.notes:
            if not self._still(user_id):
                return before
            if self._workspace.take(note):
                await asyncio.sleep(0)  # a thousand files are no reason to keep the window waiting
        if not self._still(user_id):
            return before
        kept = _Kept(user_id, self._clock())
        self._keep(kept)
        return Service(state="ready", done_at=kept.done_at)

    def _still(self, user_id: str) -> bool:
        """Or somebody else's notes are shown by now (EX-6)."""
        return self._user_id == user_id == self._workspace.owner

    def _show(self, service: Service) -> None:
        self.service = service
        self._changed()

    def _done_at(self, user_id: str) -> float | None:
        try:
            found = atomic_file.read(self._file)
            kept = msgspec.json.decode(found[0], type=_Kept) if found else None
        except (StorageError, *UNDECODABLE):
            return None
        return kept.done_at if kept and kept.user_id == user_id else None

    def _keep(self, kept: _Kept) -> None:
        atomic_file.replace(self._file, msgspec.json.encode(kept), durable=False)
        self._recorder.note("parent", "disk", "write sync state")
