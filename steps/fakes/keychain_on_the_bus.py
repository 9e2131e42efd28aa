"""The app's own keychain, as it ships, on a desktop whose keychain is a ``FakeSecretService``.

Owns what stands between the two: where the bus is, that nothing runs on another thread, that no
other keychain is installed, and that the disks are told to keep what was written.
"""

from __future__ import annotations

import contextlib
import os
import socket
import types
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from keyring.backends import SecretService, chainer, fail, kwallet

from refapp.trusted.keys import keychain_thread, secret_service, session_bus
from refapp.trusted.keys.keychain import OsKeychain, key_of
from refapp.trusted.keys.secret_service_keychain import WRITES_LATER_S
from refapp.trusted.recorder import Recorder
from steps.fakes.asked_directly import AskedDirectly
from steps.fakes.fake_secret_service import (
    LOCKED,
    LOGIN,
    NOTHING,
    OTHER,
    PLACE,
    Connection,
    FakeSecretService,
    Item,
    Keyring,
)
from steps.scenario.driver import KeychainTrouble

DEADLINE_S = 3.0
PREFIX = "master-key:"
VARIABLE = session_bus.VARIABLE


PROCESSES = {"GNOME Keyring": "gnome-keyring-d", "KeePassXC": "keepassxc", "KWallet": "kwalletd6"}
OF_THE_BUS = {
    "missing": "ServiceUnknown",
    "unserved": "ServiceUnknown",
    "sandboxed": "AccessDenied",
    "dying": "NoReply",
    "leaving": "Disconnected",
    "unstartable": "Spawn.ExecFailed",
}
"""What the bus answers for a service that does not."""
PLAIN = type("Keyring", (), {"__module__": "plain"})
"""A keyring that somebody has set up, of which nobody knows that it encrypts."""


class KeychainOnTheBus(OsKeychain):
    """``stack`` ends what is put in place here; ``seen`` hears what is done with keys.
    Its program writes its file at once, unless it is told to be ``late``.
    """

    def __init__(
        self,
        program: str,
        folder: Path,
        recorder: Recorder,
        stack: contextlib.ExitStack,
        seen: Callable[[str], None],
    ) -> None:
        super().__init__("refapp", DEADLINE_S, recorder)
        self.service = FakeSecretService(program, self._did)
        self._direct = AskedDirectly(self.service, self._did)
        stack.callback(self._direct.close)
        threads = types.SimpleNamespace(Thread=self._direct.run)
        self._folder = folder
        self._seen = seen
        self._unsure = 0
        self._late = dict(WRITES_LATER_S)
        self._address = "unix:abstract=/run/bus"
        outer = {
            VARIABLE: f"tcp:host=203.0.113.1,port=1;unix:path=/nowhere;{self._address}",
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_RUNTIME_DIR": str(folder),
            "PYTHON_KEYRING_BACKEND": "",
        }
        for put in (
            mock.patch.dict(os.environ, outer),
            mock.patch.object(session_bus, "open_dbus_connection", self._connected),
            mock.patch.object(secret_service, "_name_of", return_value=PROCESSES[program]),
            mock.patch.object(keychain_thread, "threading", threads),
            mock.patch("keyring.get_keyring", fail.Keyring),
            mock.patch.object(os, "sync", self._synced),
            mock.patch.dict(WRITES_LATER_S, dict.fromkeys(WRITES_LATER_S, 0.0)),
        ):
            stack.enter_context(put)
        self._stack = stack

    @property
    def items(self) -> dict[str, bytes]:
        """The app's keys, by their ids."""
        every = [item for one in self.service.keyrings.values() for item in one.items.values()]
        texts = {
            item.attributes["username"]: item.text.decode(errors="replace")
            for item in every
            if item.text
        }
        return {
            name.removeprefix(PREFIX): key
            for name, text in texts.items()
            if (key := key_of(text)) is not None
        }

    @property
    def asking(self) -> bool:
        """Whether the person has a question to answer, or the program a file to write."""
        return self.service.asking or self._direct.asking or any(WRITES_LATER_S.values())

    def answer(self, *, yes: bool) -> None:
        """What the person says to what the keychain asks."""
        (self._direct if self._direct.asking else self.service).answer(yes=yes)

    def trouble(self, what: KeychainTrouble | None) -> None:
        """See ``driver.Driver``."""
        service = self.service
        match what:
            case "locked":
                service.keyrings[service.default].locked = True
            case "opened":
                service.wrong, service.keyrings[service.default].locked = what, True
            case "opened ksecretd":
                named = mock.patch.object(secret_service, "_name_of", return_value="ksecretd")
                self._stack.enter_context(named)
                self.trouble("opened")
            case "another default":
                service.keyrings[OTHER] = Keyring("Another")
                service.default = OTHER
            case "another locked":
                # Before the one that has the key.
                service.keyrings = {LOCKED: Keyring("Locked", locked=True), **service.keyrings}
                self.trouble("another default")
            case "doubly garbling":
                service.strangers = [b"\xff\x01", b"\xfe\x02"]
            case "in memory":
                service.default = f"{PLACE}/collection/session"
                service.keyrings[service.default] = Keyring("session")
            case "unnamed" | "beside the named":
                self._address = f"unix:path={self._folder}/bus"
                variable = "" if what == "unnamed" else "unix:path=/nowhere"
                self._stack.enter_context(mock.patch.dict(os.environ, {VARIABLE: variable}))
                bus = self._stack.enter_context(socket.socket(socket.AF_UNIX))
                bus.bind(f"{self._folder}/bus")
            case "asking" | "ending":
                service.asks, service.wrong = True, what
                for keyring in service.keyrings.values():
                    for item in keyring.items.values():
                        item.locked = service.program == "KeePassXC"
            case "forgetful":
                service.wrong = what
                service.keyrings[LOGIN].items.clear()
            case "doubled":
                keyring = service.keyrings[LOGIN]
                empty = {
                    f"{name}0": Item(one.attributes, b"") for name, one in keyring.items.items()
                }
                keyring.items = empty | keyring.items
            case "late":
                self._stack.enter_context(mock.patch.dict(WRITES_LATER_S, self._late))
            case "no text":
                for item in service.keyrings[LOGIN].items.values():
                    item.text = b"\xff\x00"
            case "insecure":
                self._choose(PLAIN())
            case "named in a file":
                self._choose(PLAIN(), named=False)
                file = self._folder / "config" / "python_keyring" / "keyringrc.cfg"
                file.parent.mkdir(parents=True)
                file.touch()
            case "without a keyring":
                service.keyrings.clear()
                service.default = NOTHING
            case "direct" | "keeping nothing":
                self._direct.keeps = what == "direct"
                calls = ("get_password", "set_password", "delete_password")
                put = {name: getattr(self._direct, name) for name in calls}
                self._stack.enter_context(mock.patch.multiple(kwallet.DBusKeyring, **put))
                chain = object.__new__(chainer.ChainerBackend)
                backends = [object.__new__(kwallet.DBusKeyring), PLAIN()]
                of_it = mock.patch.object(chainer.ChainerBackend, "backends", backends)
                self._stack.enter_context(of_it)
                self._choose(backends[0] if what == "direct" else chain)
            case "set up anew":
                chosen = object.__new__(SecretService.Keyring)
                vars(chosen)["appid"] = "another"
                self._choose(chosen)
            case "blank":
                self._write_plainly("data")
            case "turning blank":
                self._write_plainly("later")
                service.writes = lambda: os.environ.update(XDG_DATA_HOME=f"{self._folder}/later")
            case _:
                service.wrong, service.refusal = what or "", OF_THE_BUS.get(what or "", "")

    def _choose(self, keyring: object, *, named: bool = True) -> None:
        """Somebody has set up this one for ``keyring``; ``named``: in the environment."""
        name = f"{type(keyring).__module__}.Keyring" if named else ""
        for put in (
            mock.patch.dict(os.environ, {"PYTHON_KEYRING_BACKEND": name}),
            mock.patch("keyring.get_keyring", return_value=keyring),
        ):
            self._stack.enter_context(put)

    def _write_plainly(self, data: str) -> None:
        """As GNOME Keyring does where the keyring's password is blank."""
        place = self._folder / data / "keyrings"
        place.mkdir(parents=True)
        (place / "login.keyring").write_text("[keyring]\n")

    async def _connected(self, address: str) -> Connection:
        if address.startswith("tcp:"):
            self._seen("a bus of another computer")
        if address != self._address:
            raise ConnectionRefusedError
        return await self.service.connected()

    def _did(self, what: str) -> None:
        if what == "write key":
            self._unsure += 1
        else:
            self._seen(what)

    def _synced(self) -> None:
        """A key counts as written once the disks were told to keep it."""
        for _ in range(self._unsure):
            self._seen("write key")
        self._unsure = 0
