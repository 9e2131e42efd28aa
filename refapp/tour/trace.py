"""What the app wrote with ``--trace``:
reading it while it grows, and waiting until it says what is awaited.

Owns the file's position and the waiting, which is bounded, and over at once when the app is gone.
Decides nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from refapp.tour import wording
from refapp.trusted.errors import RefappError
from refapp.trusted.recorder import Entry

Found = TypeVar("Found")

WAIT_LIMIT_S = 30.0
LOOK_EVERY_S = 0.02


class NotSeen(RefappError):
    """What was awaited did not happen in time, or can't happen any more."""

    code = "not_seen"


class Trace:
    """The trace at ``path``.
    ``gone()`` says why no more will come, or nothing while the app runs.
    """

    def __init__(self, path: Path, gone: Callable[[], str] = lambda: "") -> None:
        self.gone = gone
        self._path = path
        self._read = 0
        self._file: int | None = None
        self._entries: list[Entry] = []

    def entries(self) -> Sequence[Entry]:
        """Everything so far, oldest first. A line that is still being written counts later."""
        try:
            with self._path.open("rb") as file:
                found = os.fstat(file.fileno())
                if self._file is not None and self._file != found.st_ino:
                    # It goes on in a new file;
                    # what was written last to the earlier one comes first.
                    self._take(
                        self._path.with_name(f"{self._path.name}.1").read_bytes()[self._read :]
                    )
                    self._read = 0
                self._file = found.st_ino
                file.seek(self._read)
                self._take(file.read())
        except FileNotFoundError:
            pass
        return self._entries

    def _take(self, data: bytes) -> None:
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            try:
                self._entries.append(msgspec.json.decode(line, type=Entry))
            except msgspec.ValidationError:
                raise
            except msgspec.DecodeError:
                continue  # half a line: its writer was killed, and the next copy begins a new one

    def wait(
        self,
        awaited: str,
        look: Callable[[Sequence[Entry]], Found | None],
        *,
        since: int = 0,
        limit_s: float = WAIT_LIMIT_S,
    ) -> Found:
        """What ``look`` finds in the entries from number ``since`` on, once it finds something.

        Raises:
            NotSeen: it found nothing in time, or the app is gone;
            ``awaited`` ends the sentence "... did not happen".
        """
        give_up = time.monotonic() + limit_s
        while True:
            # Asked first: what the app wrote before it went is still looked at.
            over = self.gone()
            found = look(self.entries()[since:])
            if found is not None:
                return found
            if over:
                raise NotSeen(wording.did_not_happen(awaited, over))
            if time.monotonic() > give_up:
                raise NotSeen(wording.did_not_happen_within(awaited, limit_s))
            time.sleep(LOOK_EVERY_S)


def shown(entries: Sequence[Entry]) -> Mapping[str, str]:
    """What the window showed last, widget by widget; empty if it showed nothing."""
    for entry in reversed(entries):
        if entry.source == "window" and entry.what == "shown":
            widgets = entry.detail.get("widgets")
            if isinstance(widgets, Mapping) and widgets:
                return widgets
    return {}
