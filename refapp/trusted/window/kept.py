"""Up to when what a person types is kept:
recorded at each save, said when a window or the app ends (NT-2).

Pure but for the clock it is given. It holds no text.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from refapp.snapshot import Id, NoteId
from refapp.trusted.wording import window_words

TypedInto = NoteId | Id
"""What was typed into: a note, or its owner's new one."""


class Kept:
    """The saves of this run.
    ``clock`` gives unix seconds; ``tell`` hears when something was saved.
    """

    def __init__(
        self, clock: Callable[[], float], tell: Callable[[float], None] = lambda _: None
    ) -> None:
        self._clock, self._tell = clock, tell
        self._saved_at: float | None = None
        self._refused: dict[TypedInto, str] = {}

    def saved(self, note: TypedInto) -> None:
        """What was typed into ``note`` is on the disk."""
        self._saved_at = self._clock()
        self._refused.pop(note, None)
        self._tell(self._saved_at)

    def refused(self, note: TypedInto, why: str) -> None:
        """It could not be saved; ``why`` is a sentence."""
        self._refused[note] = why

    def given_up(self, note: TypedInto) -> None:
        """A person wants nothing of it any more."""
        self._refused.pop(note, "")

    def begun_anew(self) -> None:
        """Another window comes up, and has nothing yet; what this one could not save is said."""
        self._refused.clear()

    def handed_on(self) -> None:
        """The same, and who reads on may be somebody else: of hers nothing was typed yet."""
        self.begun_anew()
        self._saved_at = None

    @property
    def trouble(self) -> bool:
        """Something that was typed is not saved."""
        return bool(self._refused)

    @property
    def sentence(self) -> str:
        """What is kept, for people."""
        why = next(iter(self._refused.values()), "")
        if self._saved_at is None:
            return window_words.typed_not_saved(why) if why else window_words.NOTHING_LOST
        when = _said(self._saved_at, self._clock())
        return window_words.kept_but_not(when, why) if why else window_words.kept_up_to(when)


def of_last_time(saved_at: float, now: float) -> str:
    """What to say at the start after a run that was killed, and saved something at ``saved_at``;
    0.0 for nothing.
    """
    kept = window_words.kept_up_to(_said(saved_at, now)) if saved_at else window_words.NOTHING_LOST
    return f"{window_words.NOT_CLOSED} {kept}"


def _said(at: float, now: float) -> str:
    then, today = time.localtime(at), time.localtime(now)
    return time.strftime("%H:%M:%S" if then[:3] == today[:3] else "%Y-%m-%d, %H:%M:%S", then)
