"""Why the session ended, each time: a short list without secrets, in plain settings beside the profile.

Owns ``history.json`` (newest last, at most ``KEPT`` entries). A damaged list is started anew: it is a convenience.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from refapp.snapshot import Reason
from refapp.trusted.errors import UNDECODABLE
from refapp.trusted.recorder import Recorder

KEPT = 20


class History:
    """The list in ``folder``."""

    def __init__(self, folder: Path, recorder: Recorder, clock: Callable[[], float]) -> None:
        self._file = folder / "history.json"
        self._recorder = recorder
        self._clock = clock
        self._reasons: list[Reason] | None = None

    def reasons(self) -> list[Reason]:
        """All entries, oldest first."""
        if self._reasons is None:
            try:
                self._reasons = msgspec.json.decode(self._file.read_bytes(), type=list[Reason])
            except (OSError, *UNDECODABLE):
                self._reasons = []
        return self._reasons

    def keep(self, sentence: str) -> None:
        """Add an entry; a disk that does not take it costs the entry only."""
        self._reasons = [*self.reasons(), Reason(at=self._clock(), sentence=sentence)][-KEPT:]
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file.write_bytes(msgspec.json.encode(self._reasons))
            self._file.chmod(0o600)
        except OSError:
            return
        self._recorder.note("parent", "disk", "write history")
