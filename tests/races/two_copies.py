"""Two copies of the app on one computer whose server, keychain and disk are a test's, and what must
hold once all is calm (NM-2).

``calm`` lets some minutes pass without a further event.
Then ``look`` compares both copies with what store and server say.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import httpx
import msgspec

from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.errors import CallError, LockTimeout, StorageError
from refapp.trusted.files.lease import Lease
from refapp.trusted.rules import events as ev
from refapp.trusted.rules.signing_in import SIGN_IN_FROM
from refapp.trusted.services.workspace import NoSuchNote
from refapp.trusted.shell.store_watch import LOOK_EVERY_S
from refapp.trusted.storage.secret import Credentials, StoredSession
from refapp.trusted.storage.token_service import TokenService
from steps.fakes.fake_browser import FakeBrowser
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app
from steps.scenario.people import BOB, Person
from steps.servers.local_server import LocalServer

COPIES = 2
CALM_S = 300.0
"""Twice the longest wait between two tries, and a third of a token's life: no renewal that is due
finds things out by the way.
"""
NOBODY = {Phase.SIGNED_OUT, Phase.EXPIRED, Phase.AWAITING_RESTART}


class SlowKeychain(FakeKeychain):
    """Takes a moment for each key: ``wait`` says how long."""

    def __init__(self, wait: Callable[[], float]) -> None:
        super().__init__()
        self._wait = wait

    async def read_key(self, kid: str) -> bytes | None:
        await asyncio.sleep(self._wait())
        return await super().read_key(kid)

    async def write_key(self, kid: str, key: bytes) -> None:
        await asyncio.sleep(self._wait())
        await super().write_key(kid, key)
        await asyncio.sleep(self._wait())

    async def delete_key(self, kid: str) -> None:
        await asyncio.sleep(self._wait())
        await super().delete_key(kid)


class TwoCopies:
    """``play`` is the story, for a class of its own.
    ``wait`` says how long a request or a keychain takes each time.
    """

    def __init__(
        self, mode: Literal["rotating", "sliding"] = "rotating", reuse_window_s: float = 30.0
    ) -> None:
        self.time = VirtualTime()
        self.server = LocalServer(
            self.time.now, mode, reuse_window_s=reuse_window_s, jwt_expires_in_s=900.0
        )
        self.server.add_account(BOB)
        self.keychain = SlowKeychain(self.wait)
        self.browser = FakeBrowser()
        self.browser.run = self.time.run
        self._lost: set[str] = set()
        self._mistakes: list[dict[str, Any]] = []
        self.time.loop.set_exception_handler(lambda _, context: self._mistakes.append(context))
        self._lease: asyncio.Task[None] | None = None
        with tempfile.TemporaryDirectory() as folder:
            self._folder = Path(folder)
            self.copies = [self.start() for _ in range(COPIES)]
            try:
                self.play()
            finally:
                self.time.close()
                self.server.model.close()

    def play(self) -> None:
        """What happens."""
        raise NotImplementedError

    def wait(self) -> float:
        """How long a request or a keychain takes this time, in seconds."""
        return 0.0

    def start(self) -> App:
        """Start a copy."""

        async def start() -> App:
            network = httpx.MockTransport(self.answer)
            app = one_app(self._folder, self.keychain, network, self.time.now, browser=self.browser)
            app.store.dispatch(ev.InitialiseAsked())
            return app

        return self.time.run(start())

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """The server's answer to the request, with the time that both take on their way."""
        await asyncio.sleep(self.wait())
        answer = await self.server.answer(request)
        await asyncio.sleep(self.wait())
        return answer

    def act(self, deed: Callable[..., object], *arguments: object) -> None:
        """Do something inside the loop."""

        async def act() -> None:
            deed(*arguments)

        self.time.run(act())

    def sign_in(self, copy: App, person: Person) -> None:
        """Where there is a form."""
        if copy.store.state.phase in SIGN_IN_FROM:
            self.act(
                copy.store.dispatch, ev.SignInAsked(Credentials(person.email, person.password))
            )

    def restart(self, copy: App) -> None:
        """A person presses the button, and the fresh window asks to begin."""
        self.act(copy.store.dispatch, ev.RestartAsked())
        self.act(copy.store.dispatch, ev.InitialiseAsked())

    def write(self, copy: App) -> None:
        """A new note."""

        def write() -> None:
            with contextlib.suppress(NoSuchNote):
                copy.around.workspace.save(None, f"Written at {self.time.now()}")
                copy.around.sync.note_changed()

        self.act(write)

    async def call(self, copy: App) -> None:
        """A call of the app's own."""
        with contextlib.suppress(CallError):
            await copy.api.fetch("GET", "/app/me")

    async def read(self, copy: App) -> None:
        """The window looks at a token."""
        with contextlib.suppress(StorageError):
            await copy.tokens._vault.read("accessToken")

    async def rotate(self) -> None:
        """`refapp rotate-key`, a process of its own."""
        with contextlib.suppress(StorageError):
            await one_app(self._folder, self.keychain, None, self.time.now).tokens.rotate_key()

    def delete_file(self) -> None:
        """By hand, so that nobody can know any more which key it was sealed under."""
        path = self.copies[0].tokens._vault.path
        if path.exists():
            self._lost.add(msgspec.json.decode(path.read_bytes())["kid"])
            path.unlink()

    def hold_lease(self, seconds: float) -> None:
        """Another program has the lease for so long, if it gets it."""

        async def hold() -> None:
            with contextlib.suppress(LockTimeout):
                async with Lease(
                    self.copies[0].tokens._vault.path.with_suffix(".lock"), 5.0
                ).held():
                    await asyncio.sleep(seconds)

        if self._lease is None or self._lease.done():
            self._lease = self.time.start(hold())

    def close(self, copy: App) -> None:
        """The person closes the window, and waits for the end."""
        closing = self.time.start(copy.close())
        self.time.advance(100)
        closing.result()

    def calm(self) -> None:
        """Everything around the app is well from now on, and nobody does anything but to restart
        what asks for it.
        """
        self.server.outage = None
        self.server.model.clear_faults()
        self.keychain.trouble = None
        self.time.advance(CALM_S)
        self._look_at_store(asked_to_restart=True)
        for copy in self.copies:
            if copy.store.state.phase is Phase.AWAITING_RESTART:
                self.restart(copy)
        self.time.advance(CALM_S)

    def look(self) -> None:
        """What must hold."""
        self._look_at_store()
        for copy in self.copies:  # that the server has ended a session is learned by asking it
            called = self.time.start(self.call(copy))
            self.time.advance(30)
            assert called.done(), "a call waits"
        stored = self._look_at_store()
        if stored is not None:
            answer = self.server.model.handle("GET", "/app/me", _bearer(stored.pair.access), b"")
            assert answer.status == 200, "what is stored is not good"
            for copy in self.copies:
                self._look_at_notes(copy, stored.pair.access)
        self._look_at_the_rest()

    def _look_at_store(self, *, asked_to_restart: bool = False) -> StoredSession | None:
        """What is shown is what is stored.
        ``asked_to_restart``: who did not do it yet may have missed what came after.
        """
        if any(copy.tokens.version.changed() for copy in self.copies):
            self.time.advance(
                2 * LOOK_EVERY_S
            )  # the other copy may have renewed the pair a moment ago
        stored = self.time.run(self._as_another().load())
        for copy in self.copies:
            state = copy.store.state
            if stored is None or (asked_to_restart and state.phase is Phase.AWAITING_RESTART):
                assert state.phase in NOBODY, f"{state.phase.value}, and nothing is stored"
                assert copy.store.held is None, "a token that is not on file is held"
            else:
                assert state.phase is Phase.SIGNED_IN, (
                    f"{state.phase.value}, and a session is stored"
                )
                assert state.profile is not None, "signed in, and nobody knows who"
                assert state.profile.id == stored.user_id, "signed in as another"
                assert copy.store.held == stored, "another pair is held than is stored"
        return stored

    def _look_at_notes(self, copy: App, access: str) -> None:
        assert copy.around.sync.service.state == "ready", (
            f"sync is {copy.around.sync.service.state}"
        )
        answer = self.server.model.handle("PUT", "/app/notes", _bearer(access), b'{"notes":[]}')
        there = {note["id"] for note in msgspec.json.decode(answer.body)["notes"]}
        notes = copy.around.workspace.all()
        assert {note.id for note in notes} <= there, "a note was never synced"
        assert not [note for note in notes if note.deleted], (
            "the server knows of a deletion, and its file is still here"
        )

    def _look_at_the_rest(self) -> None:
        """Nobody holds the lease, and the next write leaves one key;
        then all ends at once, and nothing waits any more.
        """
        assert self._mistakes == []
        vault = self._as_another()._vault
        self.time.run(vault.write({"probe": "1"}))
        file = self.time.run(vault._disk.load())
        assert file is not None
        assert set(self.keychain.items) - self._lost == {file.kid}, (
            "a key that no file needs is still there"
        )
        for copy in self.copies:
            closing = self.time.start(copy.close())
            self.time.advance(1)
            assert closing.done(), "the end waits for something"
        waiting = asyncio.all_tasks(self.time.loop)
        assert not waiting, f"something still waits: {waiting}"
        assert self._mistakes == []

    def _as_another(self) -> TokenService:
        """The store as another program sees it."""

        async def make() -> TokenService:
            return one_app(self._folder, self.keychain, None, self.time.now).tokens

        return self.time.run(make())


def _bearer(access: str) -> dict[str, str]:
    return {"authorization": f"Bearer {access}", "content-type": "application/json"}
