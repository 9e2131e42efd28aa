"""Why a session ended, each time: a short list without secrets for each server, in plain settings
beside the profile.

Owns ``history-<server>.json`` (newest last, at most ``KEPT`` entries, each with the user id of
whose session it was, OW-6). Every copy of the app adds to what is on the disk then (OW-8). A
damaged list is started anew: it is a convenience.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from refapp.snapshot import Reason
from refapp.trusted.errors import UNDECODABLE, StorageError
from refapp.trusted.files import atomic_file
from refapp.trusted.files.atomic_file import Signature
from refapp.trusted.files.lease import briefly
from refapp.trusted.files.moments import Moment
from refapp.trusted.recorder import Recorder

KEPT = 20


class _Kept(msgspec.Struct, frozen=True):
    at: Moment
    sentence: str
    user_id: str = ""
    family: str = ""
    expired: bool = False


class History:
    """The list in ``file`` (``places.history``)."""

    def __init__(self, file: Path, recorder: Recorder, clock: Callable[[], float]) -> None:
        self._file = file
        self._recorder = recorder
        self._clock = clock
        self._list: list[_Kept] = []
        self._unwritten: list[_Kept] = []
        self._seen: Signature | None = None

    def reasons(self, user_id: str) -> list[Reason]:
        """The person's entries, oldest first;
        while nobody is known, those of whose session ended last: it is she who asks.
        """
        found = [*self._look(), *self._unwritten]
        whose = user_id or (found[-1].user_id if found else "")
        return [Reason(one.at, one.sentence) for one in found if one.user_id == whose]

    def keep(self, sentence: str, user_id: str, family: str = "", *, expired: bool = False) -> None:
        """Add an entry of this person's;
        what the disk does not take now is added with the next one, or by ``written``.

        ``family``: the session that it is about (``secret.StoredSession``), of which every copy
          says the same but once;
        ``expired``: the server has ended that.
        """
        self._unwritten = [
            *self._unwritten,
            _Kept(self._clock(), sentence, user_id, family, expired),
        ][-KEPT:]
        self.written()

    def written(self) -> bool:
        """Whether all that was to be kept is on the disk; what is not is tried again."""
        if self._unwritten and not self._add(self._unwritten):
            return False
        self._unwritten = []
        return True

    def why_expired(self, family: str) -> str:
        """Why this session is over,
        if any copy of the app has learned that it is, and "" if none has.
        """
        about = [one.sentence for one in self._look() if one.expired and one.family == family != ""]
        return about[-1] if about else ""

    def take_over(self, reasons: Sequence[Reason], user_id: str) -> bool:
        """Add entries that were kept elsewhere; False if the disk did not take them."""
        return self._add([_Kept(one.at, one.sentence, user_id) for one in reasons], older=True)

    def _add(self, more: list[_Kept], *, older: bool = False) -> bool:
        # In the order in which they come, for a clock may be set back: what is ``older`` goes
        # before what is there.
        try:
            with briefly(self._file.with_suffix(".lock")):
                found = self._look()
                new = [one for one in more if not any(_same(one, other) for other in found)]
                if not new:
                    return True
                whole = ([*new, *found] if older else [*found, *new])[-KEPT:]
                self._seen = atomic_file.replace(
                    self._file, msgspec.json.encode(whole), durable=False
                )
                # not before: what the disk did not take would count as written at the next try
                self._list = whole
        except StorageError:
            return False
        self._recorder.note("parent", "disk", "write history")
        return True

    def _look(self) -> list[_Kept]:
        signature = atomic_file.signature(self._file)
        if signature != self._seen or signature is None:
            self._seen, self._list = signature, _read(self._file)
        return self._list


def _same(one: _Kept, other: _Kept) -> bool:
    """Whether two copies of the app say the same of one session."""
    return one.family == other.family != "" and one.sentence == other.sentence


def everywhere(folder: Path) -> list[Reason]:
    """Everybody's entries, of all servers, oldest first."""
    try:
        files = sorted(folder.glob("history-*.json"))
    except OSError:
        return []
    found = [one for file in files for one in _read(file)]
    return [Reason(one.at, one.sentence) for one in sorted(found, key=lambda one: one.at)]


def _read(file: Path) -> list[_Kept]:
    try:
        found = atomic_file.read(file)
        return [] if found is None else msgspec.json.decode(found[0], type=list[_Kept])
    except (StorageError, *UNDECODABLE):
        return []
