"""The keychain in memory, watched: what is done with it is in the recorder, and ``seen`` hears it;
and the troubles by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from refapp.testing.memory_keychain import MemoryKeychain
from refapp.trusted import errors
from refapp.trusted.recorder import Recorder
from steps.scenario.driver import KeychainTrouble

TROUBLES: Mapping[KeychainTrouble, errors.StorageError] = {
    "missing": errors.StorageUnavailable("No keychain service answers on this desktop."),
    "insecure": errors.StorageInsecure(
        "The keyring keyrings.alt.file.PlaintextKeyring is not known to encrypt."
    ),
    "locked": errors.StorageLocked("Your keychain is locked."),
    "silent": errors.StorageTimeout("The keychain did not answer in time."),
    "failing": errors.StorageFault("The keychain failed (RuntimeError)."),
}


class FakeKeychain(MemoryKeychain):
    """``seen`` hears each access."""

    def __init__(self, recorder: Recorder | None = None, backend: str = "Test Keychain") -> None:
        super().__init__(backend)
        self._recorder = recorder or Recorder()
        self.seen: Callable[[str], None] = lambda _: None

    def note(self, what: str) -> None:
        """See ``MemoryKeychain``."""
        self.seen(what)
        self._recorder.note("parent", "keychain", what)
