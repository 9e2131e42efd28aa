"""KeePassXC behind the Secret Service's name: its database, its settings, and its windows answered
by key strokes.
"""

from __future__ import annotations

import base64
import subprocess
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from jeepney import DBusAddress, MessageType, new_method_call

from refapp.tour.secret_service import NAME, SERVICE, START_LIMIT_S
from steps.on_desktop.real_keychain import RealKeychain

KEEPASSXC_SETTINGS = """[General]
ConfigVersion=2
SingleInstance=false
UpdateCheckMessageShown=true
OpenPreviousDatabasesOnStartup=false
[GUI]
CheckForUpdates=false
[FdoSecrets]
Enabled={offered}
ConfirmAccessItem={asks}
"""
DATABASE = """<?xml version="1.0" encoding="UTF-8"?>
<KeePassFile><Meta><Generator>KeePassXC</Generator><RecycleBinEnabled>True</RecycleBinEnabled>{exposed}</Meta><Root><Group>
<UUID>{root}</UUID><Name>Root</Name><Group><UUID>{group}</UUID><Name>Exposed</Name></Group></Group></Root></KeePassFile>
"""
EXPOSED = (
    "<CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{{{group}}}</Value>"
    "</Item></CustomData>"
)

WINDOW = DBusAddress(
    "/keepassxc",
    bus_name="org.keepassxc.KeePassXC.MainWindow",
    interface="org.keepassxc.KeePassXC.MainWindow",
)

# A key that is pressed while a page computes would count for the page after the next one.
A_PAGE_S = 2.0


class KeePassXC(RealKeychain):
    """KeePassXC as Debian has it, with its own settings: it asks before an app may use an entry.
    ``exposed``: as it has to be.
    """

    title = "KeePassXC"
    programs = ("dbus-daemon", "keepassxc", "keepassxc-cli", "Xvfb", "xdotool")
    prompt = ("--name", "Unlock Database")
    assistant = ("--name", "Create a new KeePassXC database")
    no_password: ClassVar[Sequence[str]] = ("--name", "No password set")
    weak_password: ClassVar[Sequence[str]] = ("--name", "Weak password")
    asks_window: ClassVar[Sequence[str]] = ("--name", "Access Request")
    asks = True
    takes_focus = True

    def __init__(
        self, display: str, *, start: bool = True, exposed: bool = True, offered: bool = True
    ) -> None:
        super().__init__(display, start=start)
        self._exposed = exposed
        self._offered = offered
        self.database = self.folder / "secrets.kdbx"
        self._databases = [self.database]
        self._asks = True

    def start_daemon(self, password: str | None = None) -> None:
        for database in self._databases:
            if not database.exists():
                self._make_database(database)
        self._run()
        self._until(lambda: bool(self.seen("--name", "^KeePassXC$")), "KeePassXC")
        for database in self._databases:
            self._open(database, password or self.password)
        # Its window's title says when the database is open.
        self._until(lambda: bool(self.seen("--name", r"[^]] - KeePassXC$")), "KeePassXC")
        if self._offered and self._exposed:
            self._until(self._shows_its_collections, "KeePassXC")

    def start_for_a_new_user(self) -> None:
        self._run()
        self._until(lambda: self._runs(NAME), "KeePassXC")

    def walk_through_the_assistant(self) -> None:
        """A name, a cipher and a file as it proposes them, and a password."""
        self.wait_for_prompt(self.assistant)
        # Nothing tells when it has computed its second page and shows the third, but that it then
        # asks why there is no password.
        while not self._comes_up(self.no_password):
            self._xdotool("key", "Return")
        self.answer("Escape", prompt=self.no_password)
        self._until(lambda: not self.seen(*self.no_password), "the assistant's third page")
        # A window manager would give it back the keyboard.
        self._xdotool("search", "--onlyvisible", *self.assistant, "windowfocus", "--sync")
        self.answer(*self.password, "Tab", *self.password, "Return", prompt=self.assistant)
        # Newer ones warn of this one; the button beside the default one goes on.
        if self._comes_up(self.weak_password):
            self.answer("Tab", "Return", prompt=self.weak_password)
        self.answer("Return", prompt=("--name", "Save database as"))
        self._databases = [self.folder / "home/Passwords.kdbx"]

    def allow(self) -> None:
        """Answer "is requesting access" with yes."""
        self.answer("Return", prompt=self.asks_window)

    def deny(self) -> None:
        """Close that question."""
        self.answer("Escape", prompt=self.asks_window)

    def ask_no_more(self) -> None:
        """Its setting about confirming what is retrieved, off."""
        self._asks = False
        self.restart_daemon()

    def lock(self) -> None:
        from secretstorage import get_default_collection
        from secretstorage.util import DBusAddressWrapper, exec_prompt

        self._show_its_settings()
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

    def _run(self) -> None:
        """The program, with no database open."""
        settings = self.folder / "keepassxc.ini"
        settings.write_text(
            KEEPASSXC_SETTINGS.format(
                offered=str(self._offered).lower(), asks=str(self._asks).lower()
            )
        )
        options = ["--config", str(settings), "--localconfig", str(self.folder / "local.ini")]
        self._daemon = self._spawn(["keepassxc", *options])

    def _open(self, database: Path, password: str) -> None:
        """As another program may ask for it; it answers when it is done.

        With its option --pw-stdin it opens one before its window is shown, and 2.7.10 crashes then.
        """
        asked = new_method_call(WINDOW, "openDatabase", "ss", (str(database), password))
        with self._connected() as connection:
            answer = connection.send_and_get_reply(asked, timeout=START_LIMIT_S)
        assert answer.header.message_type is MessageType.method_return, answer.body

    def _show_its_settings(self) -> None:
        """In its main window, instead of a page that asks for the password as the prompt does.

        Each such page keeps one of its threads, of which 2.7.10 has as many as there are cores:
        with both on the screen and two cores the prompt would wait for ever for one to unlock with.
        2.7.4 has no such key, and no need of it.
        """
        if not self.seen("--name", "^Settings - KeePassXC$"):
            main = ("--onlyvisible", "--name", " - KeePassXC$")
            self._xdotool("search", *main, "windowfocus", "--sync", "key", "ctrl+comma")

    def _make_database(self, database: Path) -> None:
        root, group = uuid.uuid4(), uuid.uuid4()
        exposed = EXPOSED.format(group=group) if self._exposed else ""
        source = self.folder / "empty.xml"
        source.write_text(
            DATABASE.format(root=_base64(root), group=_base64(group), exposed=exposed)
        )
        command = ["keepassxc-cli", "import", "-p", str(source), str(database)]
        typed = f"{self.password}\n{self.password}\n".encode()
        subprocess.run(command, input=typed, env=self._server_env, capture_output=True, check=True)

    def _comes_up(self, window: Sequence[str]) -> bool:
        give_up = time.monotonic() + A_PAGE_S
        while not self.seen(*window):
            if time.monotonic() > give_up:
                return False
            time.sleep(0.05)
        return True

    def _shows_its_collections(self) -> bool:
        import secretstorage

        if not self._answers():
            return False
        with self._connected() as connection:
            try:
                shown = list(secretstorage.get_all_collections(connection))
                return len(shown) == len(self._databases) and not any(
                    one.is_locked() for one in shown
                )
            except secretstorage.ItemNotFoundException:
                return False  # one that is being shown

    def _is_locked(self) -> bool:
        import secretstorage

        with self._connected() as connection:
            return secretstorage.get_collection_by_alias(connection, "default").is_locked()


def _base64(one: uuid.UUID) -> str:
    return base64.b64encode(one.bytes).decode()
