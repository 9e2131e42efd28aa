"""Whose notes a window has been shown, each person by a number: a draft names it when it is saved, and never a user id.

The number is drawn at random, so that a window can name nobody whom it was not shown; nobody's is known to all. It is
good for one run of the app, and the same in all of a person's sessions, as her notes are.
"""

from __future__ import annotations

import secrets

from msgspec.structs import replace

from refapp import snapshot
from refapp.trusted.files.owner import NOBODY, Owner

HIGHEST = 2**53


class NoteOwners:
    """Owner, whatever the generation <-> number."""

    def __init__(self) -> None:
        self._numbers: dict[Owner, int] = {NOBODY: snapshot.NOBODY}

    def number(self, owner: Owner) -> int:
        """The number of ``owner``."""
        whose = replace(owner, generation=NOBODY.generation) if owner.user_id else NOBODY
        return self._numbers.setdefault(whose, 1 + secrets.randbelow(HIGHEST))

    def owner(self, number: int) -> Owner | None:
        """Whom ``number`` stands for; None if for nobody that was shown."""
        return next((owner for owner, known in self._numbers.items() if known == number), None)
