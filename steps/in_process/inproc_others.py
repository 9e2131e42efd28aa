"""Other copies, people, programs and servers on the computer of the in-process driver.
A part of ``inproc``.
"""

from __future__ import annotations

import asyncio
import functools
import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from refapp import messages as m
from refapp.snapshot import DemoAccount
from refapp.trusted.config import Settings
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secure_storage import SecureStorage
from steps.fakes.fake_browser import FakeBrowser
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.keychain_on_the_bus import KeychainOnTheBus
from steps.fakes.virtual_time import VirtualTime
from steps.fakes.windows.fake_window import FakeWindow
from steps.in_process.app_copy import Copy
from steps.programs.around_it import Around
from steps.programs.every_program import EveryProgram
from steps.scenario.driver import ServerMode
from steps.scenario.people import Person
from steps.servers.local_server import ORIGIN, LocalServer

ELSEWHERE = "http://127.0.0.1:7002"


class InProcessOthers:
    """``local`` is the server that the app is started for;
    ``elsewhere`` the other one, once there is one.
    """

    local: LocalServer
    elsewhere: LocalServer | None = None
    running_copies: list[Copy]
    time: VirtualTime
    folder: Path
    keychain: FakeKeychain | KeychainOnTheBus
    demo: DemoAccount | None = None
    browser: FakeBrowser
    recorder: Recorder
    _calling: Sequence[asyncio.Task[str]] = ()

    @abstractmethod
    def rest(self) -> None:
        """See ``driver.Driver``."""

    @abstractmethod
    def transport(self) -> httpx.MockTransport | None:
        """See ``inproc_trouble``."""

    @property
    def _other_window(self) -> FakeWindow:
        return self.running_copies[1].window

    def bring_server(self) -> None:
        """See ``driver.InsideDriver``."""
        self.demo = DemoAccount("demo@example.com", "shown to everybody")

    def _other_asks(self, kind: Any, params: Any) -> None:
        self._other_window.ask(kind, params)
        self.rest()

    def copy_signs_in(self, person: Person) -> None:
        """Somebody signs out in the other copy, restarts it,
        and ``person`` signs in there. No time passes.
        """
        self.local.add_account(person)
        self._other_asks(m.SignOut, m.Nothing())
        self._other_asks(m.Restart, m.Nothing())
        self._other_asks(m.SignIn, m.SignInParams(person.email, person.password))

    def copy_changes_note(self, text: str) -> None:
        """Write ``text`` in place of the newest note's, in the other copy."""
        shown = self._other_window.snapshots[-1]
        self._other_asks(m.NoteSave, m.NoteSaveParams(shown.notes[0].note, text, shown.owner))

    def copy_deletes_note(self) -> None:
        """Delete the newest note in the other copy."""
        self._other_asks(m.NoteDelete, m.NoteParams(self._other_window.snapshots[-1].notes[0].note))

    def another_program_stores(self, **tokens: str) -> None:
        """Another program of this computer stores ``tokens``, by their names."""

        async def store() -> None:
            of = Settings(origin=self.local.model.origin, data_dir=self.folder)
            storage = SecureStorage(
                of.data_dir,
                of.bound_to,
                of.app_id,
                self.keychain,
                Recorder(),
                self.time.now,
                of.lock_deadline_s,
            )
            for name, token in tokens.items():
                assert (await storage.set(name, token)).success

        self.time.run(store())

    def opened_by_another_program(self, person: Person) -> dict[str, str]:
        """The tokens of a session of ``person``, by the names under which they are stored."""
        self.local.add_account(person)
        credentials = json.dumps({"email": person.email, "password": person.password}).encode()
        kind = {"content-type": "application/json"}
        answer = self.local.model.handle("POST", "/api/auth/sign-in/email", kind, credentials)
        sent = dict(answer.headers)
        return {"accessToken": sent["set-auth-token"], "refreshToken": sent["set-refresh-token"]}

    def last_sync(self) -> float | None:
        """The last sync that the window was told of, unix seconds."""
        return self.running_copies[0].window.snapshots[-1].sync.done_at

    def change_servers(self) -> None:
        """From now on the app is started for the other server,
        which has no accounts yet the first time.
        """
        other = self.elsewhere or LocalServer(
            self.time.now, "rotating", ELSEWHERE, (), self.local.counted
        )
        self.local, self.elsewhere = other, self.local

    def count_users(self, mode: ServerMode = "rotating") -> None:
        """From now on each server gives its users the ids 1, 2, 3 …"""
        assert mode != "real BetterAuth"
        self.local.model.close()
        self.local = LocalServer(self.time.now, mode, ORIGIN, (), True)

    def start_call(self, method: str, path: str, *, jwt: bool = False, times: int = 1) -> None:
        """See ``inside_driver.InsideDriver``."""
        calls = [self.running_copies[0].call(method, path, jwt=jwt) for _ in range(times)]
        self._calling = [self.time.start(call) for call in calls]
        self.rest()

    def call_came_to(self) -> str:
        """What came of that call."""
        [calling] = self._calling
        assert calling.done(), "the call has not been answered"
        return calling.result()

    def wait_no_more(self) -> None:
        """Nobody waits for such calls any more."""
        for calling in self._calling:
            calling.cancel()

    @functools.cached_property
    def programs(self) -> EveryProgram:
        """See ``driver.InsideDriver``."""
        return EveryProgram(
            Around(
                self.time,
                self.folder,
                self.keychain,
                self.browser,
                self.recorder,
                lambda: self.local,
                self.transport,
                lambda: self.time.around(),
            )
        )

    def ask(self, path: str, access: str) -> dict[str, Any] | None:
        """See ``driver.Driver``."""
        answer = self.local.model.handle("GET", path, {"authorization": f"Bearer {access}"}, b"")
        found: dict[str, Any] | None = json.loads(answer.body) if answer.status == 200 else None
        return found

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """See ``driver.Driver``."""
        answer = self.local.model.handle(method, path, headers, body)
        return answer.status, answer.body

    def notes_of(self, person: Person) -> list[str]:
        """The notes that the server holds for ``person``."""
        return self.local.notes_of(person)

    def sent_as(self, text: str) -> set[str]:
        """The e-mails of those whose tokens requests with ``text`` in their body carried, at
        whichever server.
        """
        servers = [self.local, *([self.elsewhere] if self.elsewhere else [])]
        return {who for server in servers for who in server.sent_as(text)}
