"""Whose something is: the value that calls, tokens, JWTs, renewals, notes and lists carry, and the
one place that compares it.

An owner is one person at one server, in one session of hers. What was begun for one owner is never
finished with what belongs to another: not with another's token, under another's name, or into
another's files (OW-1 to OW-6). It ends instead.

Where an owner begins and ends is decided in ``session``.
Invariant: whether something may go on is asked here and nowhere else.
"""

from __future__ import annotations

import msgspec


class Owner(msgspec.Struct, frozen=True):
    """``base`` is the server's;
    ``user_id`` the server's id of the person, empty while nobody is known.

    ``generation`` is the number of the session (``session``): the same person in another session is
    another owner of calls, and the same one of files.
    """

    base: str
    user_id: str
    generation: int

    def is_still(self, now: Owner) -> bool:
        """Whether what belongs to this owner may go on in the name of ``now``."""
        return self == now

    def same_person(self, other: Owner) -> bool:
        """Whether the same person at the same server, in whichever session:
        that is whose files they are.
        """
        return (self.base, self.user_id) == (other.base, other.user_id)


NOBODY = Owner("", "", -1)
"""Who no session ever belongs to."""
