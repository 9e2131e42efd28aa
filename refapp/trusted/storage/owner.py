"""Whose something is: the value that calls, tokens, JWTs, renewals, notes and lists carry, and the one place that compares it.

An owner is one person at one server, in one session of hers. What was begun for one owner is never finished with what belongs
to another: not with another's token, under another's name, or into another's files (OW-1 to OW-6). It ends instead.

Invariant: nothing else in the trusted side compares user ids or generations to find out whose something is.
"""

from __future__ import annotations

import hashlib

import msgspec


class Owner(msgspec.Struct, frozen=True):
    """``base`` is the server's; ``user_id`` the server's id of the person, empty while nobody is known.

    ``generation`` is the number of the session (``session``): the same person in another session is another owner of calls,
    and the same one of files.
    """

    base: str
    user_id: str
    generation: int

    def is_still(self, now: Owner) -> bool:
        """Whether what belongs to this owner may go on in the name of ``now``."""
        return self == now

    @property
    def place(self) -> str:
        """The name of the person's own place on the disk, the same in all her sessions; "nobody" while nobody is known."""
        return _hash(f"{self.base}\0{self.user_id}")[:16] if self.user_id else "nobody"

    @property
    def server_place(self) -> str:
        """The name of the server's place on the disk, the same for all its people."""
        return place_of(self.base)


NOBODY = Owner("", "", -1)
"""Who no session ever belongs to."""


def place_of(base: str) -> str:
    """The name that a server's files have in common, 8 hex digits."""
    return _hash(base)[:8]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
