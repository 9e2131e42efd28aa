"""Whose notes a window has been shown, each owner by a number: a draft names it when it is saved, and never a user id.

The number is drawn at random, so that a window can name no owner whom it was not shown; nobody's is known to all. It is
good for one run of the app.
"""

from __future__ import annotations

import secrets

from refapp.snapshot import NOBODY

HIGHEST = 2**53


class NoteOwners:
    """User id (None: nobody) <-> number."""

    def __init__(self) -> None:
        self._numbers: dict[str | None, int] = {None: NOBODY}

    def number(self, owner: str | None) -> int:
        """The number of ``owner``."""
        return self._numbers.setdefault(owner, 1 + secrets.randbelow(HIGHEST))

    def owner(self, number: int) -> tuple[str | None] | None:
        """Whom ``number`` stands for, in a tuple; None if for no owner that was shown."""
        return next(((owner,) for owner, known in self._numbers.items() if known == number), None)
