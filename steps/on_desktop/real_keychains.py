"""The three keychains that Linux people have, each real and private: GNOME Keyring, KWallet and KeePassXC on one screen.

Owns how each is set up, started, locked, and answered by key strokes; what an app may expect of them is ``tests/contracts``'.
They are ``PrivateSecretService`` with another program behind the same D-Bus name.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from jeepney import DBusAddress, new_method_call

from refapp.tour.secret_service import PrivateSecretService

ANSWER_LIMIT_S = 30.0
KEEPASSXC_SETTINGS = """[General]
ConfigVersion=2
SingleInstance=false
UpdateCheckMessageShown=true
OpenPreviousDatabasesOnStartup=false
[GUI]
CheckForUpdates=false
[FdoSecrets]
Enabled=true
"""
DATABASE = """<?xml version="1.0" encoding="UTF-8"?>
<KeePassFile><Meta><Generator>KeePassXC</Generator><RecycleBinEnabled>True</RecycleBinEnabled>{exposed}</Meta><Root><Group>
<UUID>{root}</UUID><Name>Root</Name><Group><UUID>{group}</UUID><Name>Exposed</Name></Group></Group></Root></KeePassFile>
"""
EXPOSED = "<CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{{{group}}}</Value></Item></CustomData>"
KWALLET_SETTINGS = """[Wallet]
Enabled=true
First Use=false
Default Wallet=kdewallet
[org.freedesktop.secrets]
apiEnabled=true
"""
OWN = DBusAddress("/modules/kwalletd5", "org.kde.kwalletd5", "org.kde.KWallet")


class RealKeychain(PrivateSecretService):
    """One of the three. ``programs`` are what it needs; ``asks``: it asks about each item, not the keyring alone."""

    title: ClassVar[str] = "GNOME Keyring"
    programs: ClassVar[Sequence[str]] = ("dbus-daemon", "gnome-keyring-daemon", "Xvfb", "xdotool")
    prompt: ClassVar[Sequence[str]] = ("--class", "gcr-prompter")
    asks: ClassVar[bool] = False

    def __init__(self, display: str, *, start: bool = True) -> None:
        super().__init__(display=display, start=start)
        self._display = display

    @classmethod
    def missing(cls) -> list[str]:
        """The programs that this machine lacks for it."""
        return [name for name in cls.programs if shutil.which(name) is None]

    def answer(self, *keys: str, prompt: Sequence[str] | None = None) -> None:
        """Wait for the prompt, then press ``keys`` on it."""
        self._xdotool("search", "--sync", "--onlyvisible", *(prompt or self.prompt))
        # A toolkit takes a moment from the window's being there to its listening.
        time.sleep(0.3)
        if keys:
            self._xdotool("key", "--delay", "40", *keys)

    def say_yes(self) -> None:
        """Answer the prompt for the keyring's password with the right one."""
        self.answer("ctrl+a", *self.password, "Return")

    def say_no(self) -> None:
        """Dismiss it."""
        self.answer("Escape")

    def prompts_seen(self) -> bytes:
        """The prompts on the screen, once those that are going are gone."""
        for _ in range(50):
            seen = self._search(*self.prompt)
            if not seen:
                break
            time.sleep(0.1)
        return seen

    def _search(self, *what: str) -> bytes:
        search = ["xdotool", "search", "--onlyvisible", *what]
        return subprocess.run(search, env=self._server_env, capture_output=True, check=False).stdout

    def _xdotool(self, *words: str) -> None:
        command = ["xdotool", *words]
        subprocess.run(command, env=self._server_env, stdout=subprocess.DEVNULL, timeout=ANSWER_LIMIT_S, check=True)


class KeePassXC(RealKeychain):
    """KeePassXC as Debian has it, with its own settings: it asks before an app may use an entry. ``exposed``: as it has to be."""

    title = "KeePassXC"
    programs = ("dbus-daemon", "keepassxc", "keepassxc-cli", "Xvfb", "xdotool")
    prompt = ("--name", "Unlock Database - KeePassXC")
    asks_window: ClassVar[Sequence[str]] = ("--name", "Access Request")
    asks = True

    def __init__(self, display: str, *, start: bool = True, exposed: bool = True) -> None:
        super().__init__(display, start=start)
        self._exposed = exposed
        self.database = self.folder / "secrets.kdbx"

    def start_daemon(self, password: str | None = None) -> None:
        if not self.database.exists():
            self._make_database()
        settings = self.folder / "keepassxc.ini"
        settings.write_text(KEEPASSXC_SETTINGS)
        options = ["--config", str(settings), "--localconfig", str(self.folder / "local.ini")]
        opened = ["--pw-stdin", str(self.database)]
        self._daemon = self._spawn(["keepassxc", *options, *opened], stdin=subprocess.PIPE)
        assert self._daemon.stdin is not None
        with self._daemon.stdin as stdin:
            stdin.write((password or self.password).encode() + b"\n")
        self._until(self._shows_a_collection if self._exposed else self._answers, "KeePassXC")

    def allow(self) -> None:
        """Answer "is requesting access" with yes."""
        self.answer("Return", prompt=self.asks_window)

    def deny(self) -> None:
        """Close that question."""
        self.answer("Escape", prompt=self.asks_window)

    def lock(self) -> None:
        with self._connected() as connection:
            from secretstorage import get_default_collection

            get_default_collection(connection).lock()
        self._until(self._is_locked, "the lock")

    def _make_database(self) -> None:
        root, group = uuid.uuid4(), uuid.uuid4()
        exposed = EXPOSED.format(group=group) if self._exposed else ""
        source = self.folder / "empty.xml"
        source.write_text(DATABASE.format(root=_base64(root), group=_base64(group), exposed=exposed))
        command = ["keepassxc-cli", "import", "-p", str(source), str(self.database)]
        typed = f"{self.password}\n{self.password}\n".encode()
        subprocess.run(command, input=typed, env=self._server_env, capture_output=True, check=True)

    def _shows_a_collection(self) -> bool:
        import secretstorage

        if not self._answers():
            return False
        with self._connected() as connection:
            return bool(list(secretstorage.get_all_collections(connection)))

    def _is_locked(self) -> bool:
        import secretstorage

        with self._connected() as connection:
            return secretstorage.get_collection_by_alias(connection, "default").is_locked()


class KWallet(RealKeychain):
    """KWallet of KDE's fifth frameworks, with a wallet of the old cipher, which needs no GPG key."""

    title = "KWallet"
    programs = ("dbus-daemon", "kwalletd5", "Xvfb", "xdotool")
    prompt = ("--name", "KDE Wallet Service")

    @property
    def wallet(self) -> Path:
        """The file that it writes."""
        return self.folder / "home/.local/share/kwalletd/kdewallet.kwl"

    def start_daemon(self, password: str | None = None) -> None:
        made = self.wallet.exists()
        (self.folder / "home/.config").mkdir(exist_ok=True, parents=True)
        (self.folder / "home/.config/kwalletrc").write_text(KWALLET_SETTINGS)
        self._daemon = self._spawn(["kwalletd5"])
        self._until(self._answers_to_its_own_name, "KWallet")
        self.unlock(password)
        if not made:
            # Only a wallet that was there at its start is shown as a collection.
            self._until(self.wallet.exists, "the wallet")
            self.restart_daemon()
            return
        self._until(self._is_open if password is None else self._answers, "KWallet")

    def unlock(self, password: str | None = None) -> None:
        """As the login does, with the password's hash; makes the wallet if there is none."""
        salt = self.wallet.with_suffix(".salt")
        salt.parent.mkdir(exist_ok=True, parents=True)
        if not salt.exists():
            salt.write_bytes(os.urandom(56))
        key = hashlib.pbkdf2_hmac("sha512", (password or self.password).encode(), salt.read_bytes(), 50_000, 56)
        with self._connected() as connection:
            connection.send_and_get_reply(new_method_call(OWN, "pamOpen", "sayi", ("kdewallet", key, 0)))

    def lock(self) -> None:
        import secretstorage

        with self._connected() as connection:
            secretstorage.get_collection_by_alias(connection, "default").lock()

    def _answers_to_its_own_name(self) -> bool:
        from jeepney import message_bus

        with self._connected() as connection:
            return bool(connection.send_and_get_reply(message_bus.NameHasOwner("org.kde.kwalletd5")).body[0])

    def _is_open(self) -> bool:
        with self._connected() as connection:
            return bool(connection.send_and_get_reply(new_method_call(OWN, "isOpen", "s", ("kdewallet",))).body[0])


KEYCHAINS: Sequence[type[RealKeychain]] = (RealKeychain, KWallet, KeePassXC)


def _base64(one: uuid.UUID) -> str:
    return base64.b64encode(one.bytes).decode()
