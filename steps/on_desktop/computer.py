"""The private screen and the private keychain that the scenarios of a desktop run share.
Starting them takes a second.
"""

from __future__ import annotations

import contextlib

from refapp.tour.desktop import PrivateDesktop
from refapp.tour.secret_service import PrivateSecretService
from refapp.trusted.errors import StorageError
from refapp.trusted.keys.keychain import key_of
from refapp.trusted.keys.keychain_backend import told_apart

PREFIX = "master-key:"


class Computer:
    """``screen`` and ``keyring``, running until ``close``."""

    def __init__(self) -> None:
        with contextlib.ExitStack() as started:
            self.keyring = started.enter_context(PrivateSecretService())
            self.screen = started.enter_context(PrivateDesktop(self.keyring.env))
            self._started = started.pop_all()

    def keys(self) -> dict[str, bytes]:
        """Every app's master keys by key id; none while the keychain is locked or gone."""
        try:
            with told_apart():
                items = self.keyring.items()
        except StorageError:
            return {}
        found = {
            name.removeprefix(PREFIX): key_of(text)
            for name, text in items.items()
            if name.startswith(PREFIX)
        }
        return {kid: key for kid, key in found.items() if key is not None}

    def close(self) -> None:
        """End both."""
        self._started.close()
