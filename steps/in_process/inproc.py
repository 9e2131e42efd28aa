"""The in-process driver: the whole trusted side, a fake keychain, the server's model, no screen.

Milliseconds a scenario: one thread, one loop, virtual time (``virtual_time``).
The files are real, in the test's own folder.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal
from unittest import mock

import httpx

from refapp import messages as m
from refapp.trusted.recorder import Entry, Recorder
from steps.fakes.fake_browser import FakeBrowser
from steps.fakes.fake_kernel import word
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.frozen_clock import frozen
from steps.fakes.keychain_on_the_bus import KeychainOnTheBus
from steps.fakes.virtual_time import VirtualTime
from steps.fakes.windows.fake_window import FakeWindow
from steps.in_process.app_copy import Copy
from steps.in_process.audit import heard_by
from steps.in_process.inproc_browser import InProcessBrowser
from steps.in_process.inproc_channel import InProcessChannel
from steps.in_process.inproc_copies import InProcessCopies
from steps.in_process.inproc_display import InProcessDisplay
from steps.in_process.inproc_looker import InProcessLooker
from steps.in_process.inproc_others import InProcessOthers
from steps.in_process.inproc_trouble import InProcessTrouble
from steps.in_process.inproc_typing import InProcessTyping
from steps.in_process.inproc_years import InProcessYears
from steps.in_process.witness import Witness
from steps.scenario import token_vault
from steps.scenario.driver import DriverName, Pair, ServerMode
from steps.scenario.effects import Effect, effects_of
from steps.scenario.inside_driver import UNCONFINED, WindowProcess
from steps.scenario.own_record import compare, compare_tokens
from steps.scenario.people import PEOPLE, Person
from steps.scenario.sight import OwnWindow, Page, is_text
from steps.scenario.watch import contents
from steps.scenario.whole_page import Row, WholePage, rows
from steps.scenario.window_texts import texts_of
from steps.servers.local_server import LocalServer

SYSTEM = {"NAME": "Debian (GNU/Linux)", "VERSION_ID": "12 (bookworm)"}
"""What it says of itself: a User-Agent has it in parentheses, and may have no others."""


class InProcess(
    InProcessBrowser,
    InProcessChannel,
    InProcessDisplay,
    InProcessCopies,
    InProcessLooker,
    InProcessTrouble,
    InProcessOthers,
    InProcessTyping,
    InProcessYears,
    OwnWindow,
):
    """One computer, as ``driver.Driver`` has it."""

    name: DriverName = "inproc"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "refapp"
        self.time = VirtualTime()
        self._clock = contextlib.ExitStack()
        self._clock.enter_context(frozen(self.time))
        named = mock.patch("platform.freedesktop_os_release", SYSTEM.copy)
        self._clock.enter_context(named)
        self.recorder = Recorder()
        self.witness = Witness(self.folder)
        self.time.around = lambda: heard_by(self.witness)
        self.keychain: FakeKeychain | KeychainOnTheBus
        self.keychain = FakeKeychain(self.recorder, seen=partial(self.witness.saw, "keychain"))
        self.browser = FakeBrowser()
        self.browser.seen = partial(self.witness.saw, "browser")
        self.browser.run = self.time.run
        self.local = LocalServer(self.time.now)
        self._entries: list[Entry] = []
        self.recorder.listen(self._entries.append)
        self._started_at = self._since = self._seen_since = self._shown_since = 0
        self._asked_since = self._heard_since = 0
        self.running_copies: list[Copy] = []
        self.speaker: FakeWindow

    @property
    def server(self) -> LocalServer:
        return self.local

    @property
    def servers(self) -> Sequence[LocalServer]:
        return [self.local, *([self.elsewhere] if self.elsewhere else [])]

    @property
    def copy(self) -> Copy:
        """The copy of the app that the person uses."""
        return self.running_copies[0]

    def choose_server(self, mode: ServerMode, **settings: float) -> None:
        if mode == "real BetterAuth":
            raise AssertionError("real BetterAuth needs the tag @desktop")
        self.local.model.close()
        self.local = LocalServer(self.time.now, mode, **settings)

    def choose_real(self, release: str, *options: str) -> None:
        raise AssertionError("real BetterAuth needs the tag @desktop")

    def add_account(self, person: Person) -> None:
        self.local.add_account(person)

    def open(self) -> None:
        if not self.running_copies:
            self.witness.forget_notices()
            self._started_at = len(self._entries)
        self.running_copies.append(Copy(self))

    def open_unconfined(self, process: WindowProcess = UNCONFINED) -> tuple[int, str]:
        copy = Copy(self, word(process))
        told = "; the app told it something" if copy.window.snapshots else ""
        code, said = copy.ending()
        return code, said + told

    def open_in_colours(self, colours: Literal["dark"]) -> None:
        self.running_copies.append(Copy(self, colours=colours))

    def open_looked_at(self, process: WindowProcess | None) -> None:
        self.running_copies.append(Copy(self, word(process) if process else lambda _: []))

    def close(self) -> None:
        self.running_copies.pop(0).close()

    def paste(self, text: str) -> None:
        if not self.programs.paste(text):
            self.window.actions.paste(text)
        self.rest()

    @property
    def window(self) -> FakeWindow:
        """The person's window."""
        return self.copy.window

    def call(self, method: str, path: str, *, jwt: bool = False, times: int = 1) -> str:
        """A call of the app's own, ``times`` times at once; what came, if the same each time."""

        async def all_at_once() -> set[str]:
            calls = [self.copy.call(method, path, jwt=jwt) for _ in range(times)]
            return set(await asyncio.gather(*calls))

        return " / ".join(self.time.run(all_at_once()))

    def answer_next(self, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.local.answer_next(path, status, headers, body)

    def requests(self) -> Sequence[httpx.Request]:
        return self.local.seen

    def user_id(self, person: Person) -> str:
        return self.local.model.add_user(person.name, person.email, person.password).id

    def holds_jwt(self) -> bool:
        return self.copy.app.api.jwt.held

    def open_copy(self) -> Copy:
        """Start another copy of the app beside the first."""
        copy = Copy(self)
        self.running_copies.append(copy)
        # The first copy notices within seconds what the second one stored at its start.
        self.pass_time(10)
        return copy

    def rest(self) -> None:
        self.time.settle()

    def pass_time(self, seconds: float) -> None:
        self.time.advance(seconds)

    def says(self, text: str) -> bool:
        return any(text in shown for shown in self.sees().values())

    def sees(self, page: Page | None = None) -> Mapping[str, str]:
        del page
        shown = {**self.window.texts(waited=True), **self.lacks}
        return {name: text for name, text in shown.items() if is_text(name)}

    def whole_page(self, page: WholePage, wanted: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """See ``sight.Looks``."""
        return rows({**self.window.texts(), **self.lacks}, page), list(wanted)

    def shown(self) -> Sequence[Mapping[str, str]]:
        windows = self.copy.windows if self.running_copies else []
        every = [texts_of(one) for window in windows for one in window.snapshots]
        return every[self._shown_since :]

    def sent_down(self) -> Sequence[str]:
        lines = [line for window in self._windows() for line in window.heard][self._heard_since :]
        return [line.decode() for line in lines if b'"method":"ping"' not in line]

    def asked(self) -> list[str]:
        seen = self.local.model.requests[self._asked_since :]
        return [f"{one.method} {one.path}" for one in seen if one.user_agent]

    def begin(self) -> None:
        self._since = len(self._entries)
        self._seen_since = len(self.witness.happened)
        self._heard_since = sum(len(window.heard) for window in self._windows())
        self._asked_since = len(self.local.model.requests)
        self._shown_since = sum(len(window.snapshots) for window in self._windows())
        self.begin_on_network()

    def effects(self) -> list[Effect]:
        seen = self.witness.since(self._seen_since)
        start = min(self._started_at, self._since)  # the last run's notices are numbered anew
        entries = [(one.source, one.target, one.what, one.detail) for one in self._entries[start:]]
        compare(seen, effects_of(entries, self._since - start))
        compare_tokens(
            [one.detail for one in self._entries if one.target == "server"],
            [request for server in self.servers for request in server.seen],
        )
        return seen

    def tokens(self) -> Pair | None:
        stored = self.folder, self.local.bound_to, self.keychain.items.get
        return token_vault.pair_in(*stored, self.programs.kept_by)

    def token_file(self) -> Path:
        return token_vault.path_in(self.folder, self.local.bound_to, self.programs.kept_by)

    def keys(self) -> list[str]:
        return list(self.keychain.items)

    def learn(self, secret: str) -> None:
        self.local.secrets.add(secret)

    def sign_out_one(self, device: str) -> None:
        listed = self.window.snapshots[-1].own_sessions.sessions
        chosen = next(one.session for one in listed if one.device == device)
        self.window.actions.revoke_session(chosen)
        self.rest()

    def sign_out_own(self) -> None:
        listed = self.window.snapshots[-1].own_sessions.sessions
        self.speaker = self.window
        self._ask(m.RevokeSession, m.SessionParams(next(one.session for one in listed if one.here)))

    def _windows(self) -> list[FakeWindow]:
        return [window for copy in self.running_copies for window in copy.windows]

    def windows(self) -> int:
        return len(self.copy.windows) if self.running_copies else 0

    def secrets(self) -> set[str]:
        tokens = {secret for server in self.servers for secret in server.secrets}
        keys = {key.hex() for key in self.keychain.items.values()}
        return {*tokens, *keys, *(person.password for person in PEOPLE.values())}

    def leaks(self) -> list[str]:
        secrets = [secret.encode() for secret in self.secrets()]
        places = contents(self.folder)
        places |= {f"window {n}": b"".join(one.heard) for n, one in enumerate(self._windows())}
        places["a program"] = self.programs.heard().encode()
        places["the terminal"] = self.said_in_terminal.encode()
        places["record"] = repr(self._entries).encode()
        return [
            f"{place} holds a secret"
            for place, found in places.items()
            for secret in secrets
            if secret in found
        ]

    def recorded(self) -> Sequence[Entry]:
        return self._entries[self._since :]

    def picture(self, path: Path) -> bool:
        return False

    def mend(self) -> None:
        self.mend_disk()
        self.lack_nothing()
        self.wait_no_more()

    def finish(self) -> None:
        self.end()
        self.time.close()
        self.leave_network()
        for server in self.servers:
            server.model.close()
        self._clock.close()
        strays = [stray for server in self.servers for stray in server.strays]
        assert not strays, f"requests that the app may not make: {strays}"
