"""Whose the session is as far as its program knows: what the program does is done for her, and for
nobody who took her place unseen (LI-9).

Owns that one memory. It begins with the first person, outlives her sign-out, and is another's once
the program was told: by an answer that it has waited for, or where it has looked.
"""

from __future__ import annotations

from refapp.trusted.errors import NoAccessToken
from refapp.trusted.files.owner import Owner
from refapp.trusted.shell.auth_store import AuthStore
from refapp.trusted.wording import session_words


class KnownPerson:
    """``store`` says who it is now."""

    def __init__(self, store: AuthStore) -> None:
        self._store = store
        self._known = ""

    def told(self) -> None:
        """The program knows who it is now."""
        self._known = self._store.owner.user_id or self._known

    def owner(self) -> Owner:
        """Whose the program's calls are. Raises NoAccessToken: it has not seen who it is now."""
        if self._known and self._store.usable and self._known != self._store.owner.user_id:
            raise NoAccessToken(session_words.SOMEBODY_ELSE, session_words.CURE_SOMEBODY_ELSE)
        self.told()
        return self._store.owner
