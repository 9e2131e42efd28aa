"""The private screen and the private keychain that the scenarios of a desktop run share. Starting them takes a second."""

from __future__ import annotations

from refapp.tour.desktop import PrivateDesktop
from refapp.tour.secret_service import PrivateSecretService
from refapp.trusted.errors import StorageError
from refapp.trusted.keychain import key_of

PREFIX = "master-key:"


class Computer:
    """``screen`` and ``keyring``, running until ``close``."""

    def __init__(self) -> None:
        self.keyring = PrivateSecretService()
        self.keyring.__enter__()
        try:
            self.screen = PrivateDesktop(self.keyring.env)
            self.screen.__enter__()
        except BaseException:
            self.keyring.close()
            raise

    def keys(self) -> dict[str, bytes]:
        """Every app's master keys by key id; none while the keychain is locked or gone."""
        try:
            items = self.keyring.items()
        except Exception:  # noqa: BLE001 - a keychain that is locked or gone says so in many ways
            return {}
        found = {}
        for name, text in items.items():
            try:
                found[name.removeprefix(PREFIX)] = key_of(text)
            except StorageError:
                continue  # another program's item
        return found

    def close(self) -> None:
        """End both."""
        self.screen.close()
        self.keyring.close()
