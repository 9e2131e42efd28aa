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

from refapp.tour.secret_service import NAME, SERVICE
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
        self._run(*self._databases, password=password or self.password)
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

    def _run(self, *databases: Path, password: str = "") -> None:
        """The program, with these databases open."""
        settings = self.folder / "keepassxc.ini"
        settings.write_text(
            KEEPASSXC_SETTINGS.format(
                offered=str(self._offered).lower(), asks=str(self._asks).lower()
            )
        )
        options = ["--config", str(settings), "--localconfig", str(self.folder / "local.ini")]
        opened = ["--pw-stdin", *map(str, databases)] if databases else []
        self._daemon = self._spawn(["keepassxc", *options, *opened], stdin=subprocess.PIPE)
        assert self._daemon.stdin is not None
        with self._daemon.stdin as stdin:
            stdin.write(f"{password}\n".encode() * len(databases))

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
