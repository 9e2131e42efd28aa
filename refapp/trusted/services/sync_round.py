"""One round of sync: what has changed here goes to the server in pieces, what has changed there
comes back in pieces.

Owns the wire (``PUT /app/notes``, which the example servers document) and nothing of when a round
runs. A note that the server does not take, for its size or for lack of room, stays as it is on this
computer, is named, and holds up no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from refapp.snapshot import NoteId
from refapp.trusted.errors import UNDECODABLE, CallError
from refapp.trusted.files.owner import Owner
from refapp.trusted.services.note_files import Note, Revision, Room
from refapp.trusted.services.pieces import Pieces, Sent, named
from refapp.trusted.services.workspace import Workspace
from refapp.trusted.shell.api_client import ApiClient
from refapp.trusted.wording import note_words

PATH = "/app/notes"
TOO_LARGE = 413
PASSES = 3
"""A conflict makes a new note, which goes in the next pass.
What is written meanwhile is the next round's.
"""


class _Answer(msgspec.Struct, rename="camel"):
    """``notes``: others' changes after the revision that was named, up to ``up_to``;
    ``room``: for so many notes more. Its bounds are those of the files that it gets into.
    """

    notes: list[Sent]
    taken: dict[NoteId, Revision]
    up_to: Revision
    more: bool
    room: Room


class NotTaken(CallError):
    """The server has said no to the notes as they are (RFC 9110,
    15.5), and has no trouble of its own.
    """


class Overtaken(Exception):
    """Somebody else's notes are shown by now (EX-6)."""


class SyncRound:
    """``since``: the newest revision that is known; 0 asks for everything.
    ``still()``: the round's owner is there yet.

    ``sent`` is what went in earlier rounds of this run without an answer, and takes up what goes
    now: it may have arrived.
    """

    def __init__(
        self,
        api: ApiClient,
        workspace: Workspace,
        pieces: Pieces,
        since: int,
        sent: dict[str, list[Note]],
        still: Callable[[], bool],
    ) -> None:
        self._api, self._workspace, self._pieces, self._still = api, workspace, pieces, still
        self._owner: Owner = workspace.owner
        self._merging = workspace.merging
        self._before, self._sent = sent, dict[str, Note]()
        self._too_large: dict[str, Note] = {}
        self.since = since
        self.room: int | None = None

    async def run(self) -> None:
        """Until all is sent and all has come.
        Raises CallError, StorageError, Overtaken; NotTaken if something was left over.
        """
        asked = False
        for _ in range(PASSES):
            begun = {note.id: note.changed_at for note in self._waiting()}
            while (
                waiting := [one for one in self._waiting() if begun.get(one.id) == one.changed_at]
            ) or not asked:
                asked = await self._exchange(waiting) or asked
        if self._too_large:
            raise NotTaken(note_words.too_large(named(list(self._too_large.values()))))
        if left := [
            note
            for note in self._workspace.all()
            if self._was_sent(note) and note.unsynced and not note.deleted
        ]:
            raise NotTaken(note_words.no_room_for(named(left)))

    def _was_sent(self, note: Note) -> bool:
        sent = self._sent.get(note.id)
        return (
            sent is not None
            and sent.changed_at == note.changed_at
            and sent.revision == note.revision
        )

    def _waiting(self) -> list[Note]:
        """What has changed since it was sent, the oldest first:
        what is cut off is rather what is new.
        """
        waiting = [
            note for note in self._workspace.all() if note.unsynced and not self._was_sent(note)
        ]
        return sorted(waiting, key=lambda note: note.changed_at)

    async def _exchange(self, waiting: list[Note]) -> bool:
        """Send what goes first of ``waiting``, take what has come;
        False if it has to be tried in smaller pieces.
        """
        piece = self._pieces.next(waiting)
        more = True
        while more:
            for note in piece:
                self._before.setdefault(note.id, []).append(note)
            body = msgspec.json.encode(
                {"notes": [Sent.of(note) for note in piece], "since": self.since}
            )
            # Whose notes these are, the workspace says:
            # they go with her token or not at all (OW-1).
            came = await self._api.fetch("PUT", PATH, body, owner=self._owner)
            if came.status == TOO_LARGE and piece:
                self._put_aside(piece)
                return False
            if came.status != 200:
                kind = NotTaken if 400 <= came.status < 500 else CallError
                raise kind(note_words.not_taken(came.status))
            try:
                answer = msgspec.json.decode(came.body, type=_Answer)
            except UNDECODABLE:
                raise CallError(note_words.ANSWER_NOT_UNDERSTOOD) from None
            await self._take(piece, answer)
            # A server that does not get on is no reason to ask it for ever.
            more = answer.more and answer.up_to > self.since
            self.since, self.room, piece = answer.up_to, answer.room, []
        return True

    def _put_aside(self, piece: list[Note]) -> None:
        if len(piece) > 1:
            self._pieces.halve(piece)
            return
        self._sent[piece[0].id] = self._too_large[piece[0].id] = piece[0]

    async def _take(self, piece: list[Note], answer: _Answer) -> None:
        for note in piece:
            self._demand()
            self._sent[note.id] = note
            if note.id in answer.taken:
                self._merging.acknowledge(note, answer.taken[note.id])
                self._before.pop(note.id, None)
                await asyncio.sleep(0)
        for theirs in answer.notes:
            self._demand()
            note = Note(theirs.id, theirs.text, theirs.changed_at, theirs.deleted, theirs.revision)
            if self._merging.take(note, self._before):
                await asyncio.sleep(0)  # a thousand files are no reason to keep the window waiting

    def _demand(self) -> None:
        if not self._still():
            raise Overtaken
