"""The keychain in memory, watched: what is done with it is in the recorder, and ``seen`` hears it;
and the troubles by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from refapp.testing.memory_keychain import MemoryKeychain
from refapp.trusted import errors
from refapp.trusted.keys.keychain import PREFIX, key_of, text_of
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
ITEMS: Mapping[KeychainTrouble, Callable[[str], str]] = {
    "empty": lambda _: "",
    "newer": lambda text: f"v2.{text.removeprefix(PREFIX)}",
}
"""What else can stand in the place of a key's text."""


class FakeKeychain(MemoryKeychain):
    """``seen`` hears each access. ``item`` is what the text of a key has become.
    ``keeps``: it deletes nothing.
    """

    def __init__(
        self,
        recorder: Recorder | None = None,
        backend: str = "Test Keychain",
        *,
        seen: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__(backend)
        self._recorder = recorder or Recorder()
        self.seen = seen
        self.item: Callable[[str], str] = lambda text: text
        self.keeps = False

    async def read_key(self, kid: str) -> bytes | None:
        """See ``Keychain``: from its text, as a real one keeps it."""
        key = await super().read_key(kid)
        return None if key is None else key_of(self.item(text_of(key)))

    async def delete_key(self, kid: str) -> None:
        """See ``Keychain``."""
        if self.keeps:
            raise errors.StorageTimeout("The keychain did not answer in time.")
        await super().delete_key(kid)

    @property
    def asking(self) -> bool:
        """Whether the person has a question to answer."""
        return any(not one.done() for one in self._answers)

    def note(self, what: str) -> None:
        """See ``MemoryKeychain``."""
        self.seen(what)
        self._recorder.note("parent", "keychain", what)
