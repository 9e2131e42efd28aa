"""Speaks for refapp itself to the conformance kit, from outside: the real command, with a window
that only relays.

``pytest features --sut 'python tests/conformance/refapp_adapter.py'``. Everything that it reports
it has from the channel, from the app's ``--trace`` and from the disk; the keychain is a private
Secret Service.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from outside_copy import Copy, start

from refapp import __version__
from refapp.tour.secret_service import PrivateSecretService
from refapp.trusted.keys.keychain import key_of
from steps.on_desktop.desktop_sight import without_retries
from steps.scenario import token_vault
from steps.scenario.effects import Effect, effects_of
from steps.scenario.sight import form, services
from steps.scenario.window_texts import texts_of

Message = dict[str, Any]
REQUESTS = {
    "sign out": "sign_out",
    "try again": "try_again",
    "restart": "restart",
    "unlock": "unlock_storage",
    "sync": "sync_now",
}
HELLO = {
    "protocol": 1,
    "implementation": "refapp",
    "version": __version__,
    "capabilities": [
        "token file", "refresh", "password", "notes", "offline", "form", "restart",
        "window process", "several copies", "keychain", "ledger", "keys",
        "refapp's files", "refapp's words",
    ],
}  # fmt: skip
UNCONFINED = Path(__file__).parents[2] / "steps" / "on_desktop" / "unconfined_window.py"
PREFIX = "master-key:"


class NotOffered(Exception):
    """Not observable from outside."""


class Adapter:
    """``keyring`` serves all scenarios; each has its own keys."""

    def __init__(self, keyring: PrivateSecretService, folder: Path) -> None:
        self._keyring = keyring
        self._folder = folder
        self._env = keyring.environment(os.environ)
        self._server = self._home = ""
        self._copies: dict[int, Copy] = {}
        self._ended: list[Copy] = []
        self._keys: dict[str, bytes] = {}
        self._held: dict[str, bytes] = {}
        self._effects: list[Effect] = []
        self._size = -1
        self._others: set[str] = set()
        self._troubled = False

    def answer(self, order: Message) -> Message:
        """Carry out one command of the kit."""
        for copy in self._copies.values():
            copy.pump()
        try:
            return self._carried_out(order.pop("do"), order.pop("copy", 1), order)
        except NotOffered as error:
            return {"not offered": str(error)}

    def _carried_out(self, do: str, number: int, order: Message) -> Message:
        match do:
            case "hello":
                return HELLO
            case "start":
                self._server, self._home = order["server"], order["home"]
                self._keys, self._held, self._ended, self._effects, self._size = {}, {}, [], [], -1
                self._others = set(self._stored_keys())
            case "finish":
                self._finish()
            case "open":
                folder = self._folder / str(time.monotonic_ns())
                self._copies[number] = Copy(folder, self._server, self._home, self._env)
            case "open_unconfined":
                process = start(
                    self._server, self._home, self._env, "--ui", f"{sys.executable} {UNCONFINED}"
                )
                _, said = process.communicate(timeout=20)
                return {"code": process.returncode, "said": said.decode()}
            case "close":
                copy = self._copies.pop(number)
                self._ended.append(copy)
                code, said = copy.close()
                return {} if code == 0 else {"failed": f"the app ended with {code}: {said}"}
            case "forbidden":
                copy = self._copies.pop(number)
                self._ended.append(copy)
                code, said = copy.break_out()
                return {"code": code, "said": said}
            case "keychain":
                self._trouble(order["state"])
            case "at_once":
                for act in order["acts"]:
                    self._carried_out(act.pop("do"), act.pop("copy", 1), act)
            case "report":
                return self._report()
            case _:
                self._act(self._copies[number], do, order)
        return {}

    def _act(self, copy: Copy, do: str, order: Message) -> None:
        match do, order.get("button") or order.get("how"):
            case "sign_in", _:
                copy.ask("sign_in", **order)
            case "write_note", _:
                copy.ask("note_save", note=None, text=order["text"], owner=copy.snapshots[-1].owner)
            case "press", "summarise":
                copy.ask("summarise", note=copy.snapshots[-1].notes[0].note)
            case "press", str(button) if button in REQUESTS:
                if button == "unlock":
                    self._keyring.unlock()
                copy.ask(REQUESTS[button])
            case "channel", _:
                copy.write(order["line"].encode())
            case "misbehave", "crashes":
                copy.crash()
            case "misbehave", str(how) if how.startswith("asks for "):
                for _ in range(int(how.split()[2])):
                    copy.ask("storage_is_available")
            case _, what:
                raise NotOffered(f"{do} {what or ''}".strip())

    def _trouble(self, state: str) -> None:
        self._troubled = True
        match state:
            case "works":
                self._keyring.restart_daemon()
            case "locked":
                self._keyring.lock()
            case "missing":
                self._keyring.kill_daemon()
            case _:
                raise NotOffered(f"a keychain that is {state}")
        self._held = self._stored_keys()

    def _stored_keys(self) -> dict[str, bytes]:
        try:
            items = self._keyring.items()
        except Exception:  # noqa: BLE001 - a keychain that is locked or gone says so in many ways
            return {}
        return {name.removeprefix(PREFIX): key_of(text) for name, text in items.items()}

    def _did(self, copies: list[Copy]) -> list[Effect]:
        """What the app did; worked out anew only when its record has grown, and so is what the
        keychain holds.
        """
        size = sum(copy.trace.size() for copy in copies)
        if size != self._size:
            self._size = size
            entries = sorted(
                (entry for copy in copies for entry in copy.recorded()), key=lambda entry: entry.at
            )
            found = effects_of(
                [(one.source, one.target, one.what, one.detail) for one in entries], 0
            )
            if sum(one.party == "keychain" for one in found) != sum(
                one.party == "keychain" for one in self._effects
            ):
                self._held = self._stored_keys()
            self._effects = without_retries(found, store_broken=False)
        return self._effects

    def _report(self) -> Message:
        running = list(self._copies.values())
        copies = [*self._ended, *running]
        resting = [copy.rests() for copy in running]
        own = [copy for copy in copies if copy is not self._copies.get(2)]
        snapshots = [snapshot for copy in own for snapshot in copy.snapshots]
        seen = texts_of(snapshots[-1]) if snapshots and self._copies else {}
        effects = self._did(copies)
        sync, assistant = services(seen) if seen else ("off", "off")
        email, password = form(seen)
        return {
            "busy": not all(rests for rests, _ in resting),
            "waiting": sum(waiting for _, waiting in resting),
            "shows": [shown for copy in own for shown in copy.shows],
            "says": list(seen.values()),
            "sync": sync,
            "assistant": assistant,
            "form": {"email": email, "password": int(password.split()[1]) if password else 0},
            "notices": [effect.what for effect in effects if effect.party == "notice"],
            "windows": sum(copy.windows for copy in own),
            "sent": [line for copy in copies for line in copy.sent],
            "did": [[effect.party, effect.what] for effect in effects if effect.party != "notice"],
            **self._stored(),
        }

    def _stored(self) -> Message:
        now = {kid: key for kid, key in self._held.items() if kid not in self._others}
        self._keys.update(now)
        home = Path(self._home)
        file = token_vault.path_in(home)
        pair = token_vault.pair_in(home, self._server, self._keys.get, token_vault.app_in(home))
        return {
            "tokens": None if pair is None else {"access": pair.access, "refresh": pair.refresh},
            "token_file": file.name if file.exists() else None,
            "keys": list(now),
        }

    def _finish(self) -> None:
        for copy in self._copies.values():
            copy.close()
        self._copies.clear()
        if self._troubled:
            self._keyring.restart_daemon()
            self._troubled = False


def main() -> None:
    """Answer until the standard input ends."""
    with (
        PrivateSecretService() as keyring,
        tempfile.TemporaryDirectory(prefix="refapp-outside-") as folder,
    ):
        adapter = Adapter(keyring, Path(folder))
        for line in sys.stdin:
            sys.stdout.write(json.dumps(adapter.answer(json.loads(line))) + "\n")
            sys.stdout.flush()
        adapter.answer({"do": "finish"})


if __name__ == "__main__":
    main()
