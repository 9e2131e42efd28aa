"""Whether secrets can be kept now: one closed word and what to tell the person.
Pure, so that the rules may carry it.
"""

from __future__ import annotations

import msgspec

from refapp.trusted.errors import StorageError

READY = "ready"
MEMORY = "memory"


class StorageState(msgspec.Struct, frozen=True):
    """``state``: "ready", "memory", or the ``code`` of a StorageError. The rest is for people.

    ``backend`` is the kind of keychain, which a token file is bound to;
    ``keeper`` the program and its keyring, as far as known.
    """

    state: str
    backend: str = ""
    sentence: str = ""
    cure: str = ""
    keeper: str = ""

    @property
    def ready(self) -> bool:
        return self.state in (READY, MEMORY)

    @classmethod
    def of(cls, error: StorageError, keeper: str = "") -> StorageState:
        """The state that ``error`` describes."""
        return cls(error.code, "", error.sentence, error.cure, keeper)
