"""What of the scenario's secrets lies where: the keychain and the disk of the desktop driver. And
what of the computer outlives a scenario, for the next one to have it as it was.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

from refapp.tour.secret_service import COLLECTION, SERVICE
from refapp.trusted.keys.keychain import text_of
from steps.on_desktop.computer import Computer
from steps.on_desktop.trace import Trace
from steps.scenario import token_vault
from steps.scenario.driver import DiskTrouble, KeychainProgram, KeychainTrouble, Pair
from steps.scenario.people import PEOPLE
from steps.scenario.watch import contents
from steps.servers.real_server import AnyServer

SETTINGS = """
import ctypes, sys
x = ctypes.CDLL("libX11.so.6")
x.XOpenDisplay.restype = ctypes.c_void_p
display = ctypes.c_void_p(x.XOpenDisplay(None))
screen = ctypes.c_ulong(x.XDefaultRootWindow(display))
text = sys.argv[1].encode()
x.XChangeProperty(display, screen, ctypes.c_ulong(23), ctypes.c_ulong(31), 8, 0, text, len(text))
x.XCloseDisplay(display)
"""
"""A program that gives the screen the settings of a desktop, RESOURCE_MANAGER, as a STRING."""


class DesktopStorage:
    """A part of ``Desktop``, which sets all of this.
    ``_before``: what the app's command begins with.
    """

    folder: Path
    server: AnyServer
    trace: Trace
    _computer: Computer
    _keys: dict[str, bytes]
    _keys_before: set[str]
    _tokens: set[str]
    _troubled: bool
    _before: tuple[str, ...] = ()
    _asked = False

    def choose_keychain(self, program: KeychainProgram) -> None:
        """See ``driver.Driver``."""
        assert program == "GNOME Keyring", f"{program} needs the tag @inproc"

    def trouble_keychain(self, trouble: KeychainTrouble | None) -> None:
        keyring = self._computer.keyring
        self._troubled = True
        match trouble:
            case None:
                keyring.restart_daemon()
            case "locked":
                keyring.lock()
            case "missing":
                keyring.kill_daemon()
            case "in memory":
                keyring.use_keyring(f"{SERVICE}/collection/session")
            case "another default":
                keyring.use_another_keyring()
            case "unnamed":
                self._before = ("env", "-u", "DBUS_SESSION_BUS_ADDRESS")
            case _:
                raise AssertionError(
                    f"a real keychain can't be made {trouble}: the scenario needs the tag @inproc"
                )

    def ask_of_the_screen(self, settings: str) -> None:
        """A desktop's settings, for all programs on it; nothing is none."""
        self._asked = bool(settings)
        command = [sys.executable, "-c", SETTINGS, settings]
        subprocess.run(command, env=self._computer.screen.env, check=True)

    def mend_computer(self) -> None:
        """The computer is as it was before the scenario."""
        with contextlib.ExitStack() as stack:
            if self._troubled:
                stack.callback(self._computer.keyring.use_keyring, COLLECTION)
                stack.callback(self._computer.keyring.restart_daemon)
            if self._asked:
                stack.callback(self.ask_of_the_screen, "")

    def answer_keychain(self, *, yes: bool) -> None:
        raise AssertionError(
            "GNOME Keyring asks no question about a key: the scenario needs the tag @inproc"
        )

    def trouble_disk(self, trouble: DiskTrouble | None) -> None:
        raise AssertionError(f"a disk that is {trouble} needs the tag @inproc")

    def tokens(self) -> Pair | None:
        self._keys.update(self._new_keys())
        pair = token_vault.pair_in(
            self.folder, self.server.origin, self._keys.get, token_vault.app_in(self.folder)
        )
        self._tokens.update(pair or ())
        return pair

    def token_file(self) -> Path:
        return token_vault.path_in(self.folder)

    def delete_tokens(self) -> None:
        self.token_file().unlink()

    def keys(self) -> list[str]:
        return list(self._new_keys())

    def _new_keys(self) -> dict[str, bytes]:
        return {
            kid: key for kid, key in self._computer.keys().items() if kid not in self._keys_before
        }

    def learn(self, secret: str) -> None:
        self._tokens.add(secret)

    def secrets(self) -> set[str]:
        keys = {
            part
            for key in self._keys.values()
            for part in (key.hex(), text_of(key).removeprefix("v1."))
        }
        return self._tokens | keys | {person.password for person in PEOPLE.values()}

    def leaks(self) -> list[str]:
        secrets = self.secrets()
        places = contents(self.folder)
        places["trace"] = self.trace.path.read_bytes() if self.trace.path.exists() else b""
        return [
            f"{place} holds a secret"
            for place, found in places.items()
            for one in secrets
            if one.encode() in found
        ]
