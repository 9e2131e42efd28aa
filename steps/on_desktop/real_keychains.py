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

from jeepney import DBusAddress, message_bus, new_method_call

from refapp.tour.secret_service import INTERNAL, SERVICE, PrivateSecretService

ANSWER_LIMIT_S = 30.0
KEEPASSXC_SETTINGS = """[General]
ConfigVersion=2
SingleInstance=false
UpdateCheckMessageShown=true
OpenPreviousDatabasesOnStartup=false
[GUI]
CheckForUpdates=false
[FdoSecrets]
Enabled={offered}
"""
DATABASE = """<?xml version="1.0" encoding="UTF-8"?>
<KeePassFile><Meta><Generator>KeePassXC</Generator><RecycleBinEnabled>True</RecycleBinEnabled>{exposed}</Meta><Root><Group>
<UUID>{root}</UUID><Name>Root</Name><Group><UUID>{group}</UUID><Name>Exposed</Name></Group></Group></Root></KeePassFile>
"""
EXPOSED = "<CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{{{group}}}</Value></Item></CustomData>"
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

    def put(self, user: str, text: str) -> None:
        """Another program's hand: an item of the app's with this text, made without waiting for the disk."""
        import secretstorage

        attributes = {"service": "refapp", "username": user}
        with self._connected() as connection:
            secretstorage.get_collection_by_alias(connection, "default").create_item(user, attributes, text.encode())

    def take_away(self, user: str) -> None:
        """Another program's hand: the item is gone."""
        from secretstorage import search_items
        from secretstorage.util import DBusAddressWrapper, exec_prompt

        with self._connected() as connection:
            for item in search_items(connection, {"service": "refapp", "username": user}):
                wrapped = DBusAddressWrapper(item.item_path, "org.freedesktop.Secret.Item", connection)
                (prompt,) = wrapped.call("Delete", "")
                if prompt != "/":
                    exec_prompt(connection, prompt)

    def names(self) -> list[str]:
        """The users of the app's items, in all keyrings that are open."""
        import secretstorage

        with self._connected() as connection:
            found = secretstorage.search_items(connection, {"service": "refapp"})
            return sorted(item.get_attributes()["username"] for item in found)

    def make_another_the_default(self) -> None:
        """A second keyring, open too, takes the first one's place as the default; the first stays open."""
        from secretstorage.util import format_secret, open_session

        with self._connected() as connection:
            label = {"org.freedesktop.Secret.Collection.Label": ("s", "Other")}
            secret = format_secret(open_session(connection), b"other", "text/plain")
            path = self._call(connection, INTERNAL, "CreateWithMasterPassword", "a{sv}(oayays)", label, secret)
        self.use_keyring(path)

    def allow(self) -> None:
        """Let the app use an item, where the keychain asks about that."""

    def rename(self, label: str) -> None:
        """Give the default keyring another name."""
        import secretstorage

        with self._connected() as connection:
            secretstorage.get_collection_by_alias(connection, "default").set_label(label)

    def start_for_a_new_user(self) -> None:
        """The program runs, and there is no keyring yet."""
        self._daemon = self._spawn(["gnome-keyring-daemon", "--foreground", "--components=secrets"])
        self._until(lambda: self._runs("org.freedesktop.secrets"), "the keyring")

    def choose_a_password(self) -> None:
        """Answer the prompt for a first keyring."""
        self.answer(*self.password, "Tab", *self.password, "Return")

    def wait_for_prompt(self, prompt: Sequence[str] | None = None) -> None:
        """Until it is to be seen."""
        self._xdotool("search", "--sync", "--onlyvisible", *(prompt or self.prompt))

    def answer(self, *keys: str, prompt: Sequence[str] | None = None) -> None:
        """Wait for the prompt, then press ``keys`` on it."""
        self.wait_for_prompt(prompt)
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

    def _runs(self, name: str) -> bool:
        with self._connected() as connection:
            return bool(connection.send_and_get_reply(message_bus.NameHasOwner(name)).body[0])

    def seen(self, *what: str) -> bytes:
        """The windows of this kind on the screen."""
        search = ["xdotool", "search", "--onlyvisible", *what]
        return subprocess.run(search, env=self._server_env, capture_output=True, check=False).stdout

    def _xdotool(self, *words: str) -> None:
        command = ["xdotool", *words]
        subprocess.run(command, env=self._server_env, stdout=subprocess.DEVNULL, timeout=ANSWER_LIMIT_S, check=True)


class KeePassXC(RealKeychain):
    """KeePassXC as Debian has it, with its own settings: it asks before an app may use an entry. ``exposed``: as it has to be."""

    title = "KeePassXC"
    programs = ("dbus-daemon", "keepassxc", "keepassxc-cli", "Xvfb", "xdotool")
    prompt = ("--name", "Unlock Database")
    asks_window: ClassVar[Sequence[str]] = ("--name", "Access Request")
    asks = True

    def __init__(self, display: str, *, start: bool = True, exposed: bool = True, offered: bool = True) -> None:
        super().__init__(display, start=start)
        self._exposed = exposed
        self._offered = offered
        self.database = self.folder / "secrets.kdbx"
        self._databases = [self.database]

    def start_daemon(self, password: str | None = None) -> None:
        for database in self._databases:
            if not database.exists():
                self._make_database(database)
        settings = self.folder / "keepassxc.ini"
        settings.write_text(KEEPASSXC_SETTINGS.format(offered=str(self._offered).lower()))
        options = ["--config", str(settings), "--localconfig", str(self.folder / "local.ini")]
        opened = ["--pw-stdin", *map(str, self._databases)]
        self._daemon = self._spawn(["keepassxc", *options, *opened], stdin=subprocess.PIPE)
        assert self._daemon.stdin is not None
        with self._daemon.stdin as stdin:
            stdin.write(f"{password or self.password}\n".encode() * len(self._databases))
        # Its window's title says when the database is open.
        self._until(lambda: bool(self.seen("--name", r"kdbx - KeePassXC$")), "KeePassXC")
        if self._offered and self._exposed:
            self._until(self._shows_its_collections, "KeePassXC")

    def allow(self) -> None:
        """Answer "is requesting access" with yes."""
        self.answer("Return", prompt=self.asks_window)

    def deny(self) -> None:
        """Close that question."""
        self.answer("Escape", prompt=self.asks_window)

    def lock(self) -> None:
        from secretstorage import get_default_collection
        from secretstorage.util import DBusAddressWrapper, exec_prompt

        with self._connected() as connection:
            path = get_default_collection(connection).collection_path
            service = DBusAddressWrapper(SERVICE, "org.freedesktop.Secret.Service", connection)
            _, prompt = service.call("Lock", "ao", [path])
            exec_prompt(connection, prompt)
        self._until(self._is_locked, "the lock")

    def make_another_the_default(self) -> None:
        """The tab in front is the default."""
        self.kill_daemon()
        self._databases.append(self.folder / "other.kdbx")
        self.start_daemon()

    def _make_database(self, database: Path) -> None:
        root, group = uuid.uuid4(), uuid.uuid4()
        exposed = EXPOSED.format(group=group) if self._exposed else ""
        source = self.folder / "empty.xml"
        source.write_text(DATABASE.format(root=_base64(root), group=_base64(group), exposed=exposed))
        command = ["keepassxc-cli", "import", "-p", str(source), str(database)]
        typed = f"{self.password}\n{self.password}\n".encode()
        subprocess.run(command, input=typed, env=self._server_env, capture_output=True, check=True)

    def _shows_its_collections(self) -> bool:
        import secretstorage

        if not self._answers():
            return False
        with self._connected() as connection:
            try:
                shown = list(secretstorage.get_all_collections(connection))
                return len(shown) == len(self._databases) and not any(one.is_locked() for one in shown)
            except secretstorage.ItemNotFoundException:
                return False  # one that is being shown

    def _is_locked(self) -> bool:
        import secretstorage

        with self._connected() as connection:
            return secretstorage.get_collection_by_alias(connection, "default").is_locked()


class KWallet(RealKeychain):
    """KWallet, with a wallet of the old cipher, which needs no GPG key."""

    title = "KWallet"
    programs = ("dbus-daemon", KWALLETD, "Xvfb", "xdotool")
    prompt = ("--name", "KDE Wallet Service")

    def __init__(self, display: str, *, start: bool = True, offered: bool = True) -> None:
        super().__init__(display, start=start)
        self._wallets = ["kdewallet"]
        self._offered = offered

    def start_daemon(self, password: str | None = None) -> None:
        made = all(self._file(wallet).exists() for wallet in self._wallets)
        settings = KWALLET_SETTINGS.format(default=self._wallets[-1], offered=str(self._offered).lower())
        (self.folder / "home/.config").mkdir(exist_ok=True, parents=True)
        (self.folder / "home/.config/kwalletrc").write_text(settings)
        self._daemon = self._spawn([KWALLETD])
        self._until(lambda: self._runs(OWN.bus_name), "KWallet")
        if not self._offered:
            return
        self.unlock(password)
        if not made:
            # Only a wallet that was there at its start is shown as a collection.
            self._until(lambda: all(self._file(wallet).exists() for wallet in self._wallets), "the wallet")
            self.restart_daemon()
            return
        self._until(self._is_open if password is None else self._answers, "KWallet")

    def unlock(self, password: str | None = None) -> None:
        """As the login does, with the password's hash; makes the wallet if there is none."""
        for wallet in self._wallets:
            salt = self._file(wallet).with_suffix(".salt")
            salt.parent.mkdir(exist_ok=True, parents=True)
            if not salt.exists():
                salt.write_bytes(os.urandom(56))
            key = hashlib.pbkdf2_hmac("sha512", (password or self.password).encode(), salt.read_bytes(), 50_000, 56)
            with self._connected() as connection:
                connection.send_and_get_reply(new_method_call(OWN, "pamOpen", "sayi", (wallet, key, 0)))

    def lock(self) -> None:
        self._use()
        super().lock()

    def put(self, user: str, text: str) -> None:
        self._use()
        super().put(user, text)

    def _use(self) -> None:
        """A wallet that the login opened is locked for the Secret Service until a first program asks for it."""
        import secretstorage

        with self._connected() as connection:
            secretstorage.get_collection_by_alias(connection, "default").unlock()

    def make_another_the_default(self) -> None:
        self.kill_daemon()
        self._wallets.append("other")
        self.start_daemon()

    def _file(self, wallet: str) -> Path:
        return self.folder / f"home/.local/share/kwalletd/{wallet}.kwl"

    def _is_open(self) -> bool:
        with self._connected() as connection:
            asked = [new_method_call(OWN, "isOpen", "s", (wallet,)) for wallet in self._wallets]
            return all(connection.send_and_get_reply(message).body[0] for message in asked)


KEYCHAINS: Sequence[type[RealKeychain]] = (RealKeychain, KWallet, KeePassXC)


def _base64(one: uuid.UUID) -> str:
    return base64.b64encode(one.bytes).decode()
