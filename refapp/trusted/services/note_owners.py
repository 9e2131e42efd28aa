"""Whose notes a window has been shown, each person by a number: a draft names it when it is saved,
and never a user id.

The number is drawn at random, so that a window can name no owner whom it was not shown; nobody's is
known to all. It is good for one run of the app, in all sessions of a person at a server.
"""

from __future__ import annotations

import secrets

from refapp import snapshot
from refapp.trusted.files.owner import NOBODY, Owner

HIGHEST = 2**53


class NoteOwners:
    """Server and user id <-> number."""

    def __init__(self) -> None:
        self._owners: dict[int, Owner] = {snapshot.NOBODY: NOBODY}

    def number(self, owner: Owner) -> int:
        """The number of ``owner``, who is nobody without a user id."""
        if not owner.user_id:
            return snapshot.NOBODY
        known = (number for number, other in self._owners.items() if owner.same_person(other))
        number = next(known, 1 + secrets.randbelow(HIGHEST))
        self._owners[number] = owner
        return number

    def owner(self, number: int) -> Owner | None:
        """Whom ``number`` stands for, None for an owner that was never shown."""
        return self._owners.get(number)
