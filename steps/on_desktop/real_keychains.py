"""The three keychains that Linux people have, each real and private: GNOME Keyring, KWallet and
KeePassXC on one screen.

Owns how each is set up, started, locked, and answered by key strokes; what an app may expect of
them is ``tests/contracts``'. They are ``PrivateSecretService`` with another program behind the same
D-Bus name.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from jeepney import DBusAddress, DBusErrorResponse, new_method_call

from refapp.tour.secret_service import NAME
from steps.on_desktop.keepassxc import KeePassXC
from steps.on_desktop.real_keychain import RealKeychain

KWALLET_SETTINGS = """[Wallet]
Enabled=true
First Use=false
Default Wallet={default}
[org.freedesktop.secrets]
apiEnabled={offered}
"""
# KDE's sixth frameworks, where the system has them, and else the fifth.
KWALLETD = "kwalletd6" if shutil.which("kwalletd6") else "kwalletd5"
OWN = DBusAddress(f"/modules/{KWALLETD}", f"org.kde.{KWALLETD}", "org.kde.KWallet")


class KWallet(RealKeychain):
    """KWallet, with a wallet of the old cipher, which needs no GPG key."""

    title = "KWallet"
    programs = ("dbus-daemon", KWALLETD, "Xvfb", "xdotool")
    prompt = assistant = ("--class", KWALLETD)
    takes_focus = True

    def __init__(self, display: str, *, start: bool = True, offered: bool = True) -> None:
        super().__init__(display, start=start)
        self._wallets = ["kdewallet"]
        self._offered = offered

    def start_daemon(self, password: str | None = None) -> None:
        made = all(self._file(wallet).exists() for wallet in self._wallets)
        settings = KWALLET_SETTINGS.format(
            default=self._wallets[-1], offered=str(self._offered).lower()
        )
        (self.folder / "home/.config").mkdir(exist_ok=True, parents=True)
        (self.folder / "home/.config/kwalletrc").write_text(settings)
        self.start_for_a_new_user()
        if not self._offered:
            return
        self.unlock(password)
        if not made:
            # Only a wallet that was there at its start is shown as a collection.
            self._until(
                lambda: all(self._file(wallet).exists() for wallet in self._wallets), "the wallet"
            )
            self.restart_daemon()
            return
        self._until(self._is_open if password is None else self._answers, "KWallet")
        self._until(self._shows_its_wallets, "KWallet")

    def start_for_a_new_user(self) -> None:
        self._daemon = self._spawn([KWALLETD])
        self._until(lambda: self._runs(OWN.bus_name), "KWallet")
        if self._offered:
            # It takes this name after its own;
            # till then a program would find no keychain, or another's.
            self._until(lambda: self._runs(NAME), "KWallet")

    def walk_through_the_assistant(self) -> None:
        """The old cipher, then a password:
        GPG, which it proposes, would need a key of the person's.
        """
        self.wait_for_prompt()
        first = self.seen(*self.prompt)
        self.answer("shift+Tab", "shift+Tab", "Up", "space", "alt+f")
        self._until(
            lambda: self.seen(*self.prompt) not in (b"", first), "the question for a password"
        )
        super().walk_through_the_assistant()

    def start_for_the_first_keyring(self) -> None:
        self.start_for_a_new_user()

    def unlock(self, password: str | None = None) -> None:
        """As the login does, with the password's hash; makes the wallet if there is none."""
        for wallet in self._wallets:
            salt = self._file(wallet).with_suffix(".salt")
            salt.parent.mkdir(exist_ok=True, parents=True)
            if not salt.exists():
                salt.write_bytes(os.urandom(56))
            key = hashlib.pbkdf2_hmac(
                "sha512", (password or self.password).encode(), salt.read_bytes(), 50_000, 56
            )
            with self._connected() as connection:
                connection.send_and_get_reply(
                    new_method_call(OWN, "pamOpen", "sayi", (wallet, key, 0))
                )

    def lock(self) -> None:
        self._use()
        super().lock()

    def put(self, user: str, text: str) -> None:
        self._use()
        try:
            super().put(user, text)
        except DBusErrorResponse:  # it ended this session when another program left
            super().put(user, text)

    def _use(self) -> None:
        """A wallet that the login opened is locked for the Secret Service until a first program
        asks for it.
        """
        import secretstorage

        with self._connected() as connection:
            secretstorage.get_collection_by_alias(connection, "default").unlock()

    def make_another_the_default(self) -> None:
        self.kill_daemon()
        self._wallets.append("other")
        self.start_daemon()

    def _file(self, wallet: str) -> Path:
        return self.folder / f"home/.local/share/kwalletd/{wallet}.kwl"

    def _shows_its_wallets(self) -> bool:
        import secretstorage

        with self._connected() as connection:
            try:
                return len(list(secretstorage.get_all_collections(connection))) == len(
                    self._wallets
                )
            except secretstorage.ItemNotFoundException:
                return False  # one that is being shown

    def _is_open(self) -> bool:
        with self._connected() as connection:
            asked = [new_method_call(OWN, "isOpen", "s", (wallet,)) for wallet in self._wallets]
            return all(connection.send_and_get_reply(message).body[0] for message in asked)


KEYCHAINS: Sequence[type[RealKeychain]] = (RealKeychain, KWallet, KeePassXC)
