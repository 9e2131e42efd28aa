"""One story for ``every_order``:
an app whose requests wait to be let through, and people who act in between.

Each request waits twice, before the server sees it and before the app sees the answer, unless the
story is ``short``. What can happen next is always one of: a waiting request moves on, a person does
the next thing, the app is killed and started again.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import msgspec

from refapp.demo_server.in_process import handler_of
from refapp.demo_server.model import AuthServerModel, ServerSettings
from refapp.snapshot import Phase, Way
from refapp.trusted.composition.app import App
from refapp.trusted.errors import CallError, WriteFailed
from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.pending import SignInCancelled, SignInElsewhereAsked
from refapp.trusted.storage.secret import Credentials, StoredSession
from steps.fakes.fake_browser import FakeBrowser
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.every_order import Choose
from steps.in_process.one_app import one_app
from steps.scenario.browser_page import decide
from steps.scenario.people import ADA, BOB, Person
from steps.servers.local_server import ORIGIN, browser_at

PEOPLE = {ADA.email: ADA, BOB.email: BOB}
WITH_SESSION = {Phase.SIGNED_IN, Phase.OFFLINE}
WITHOUT = {Phase.SIGNED_OUT, Phase.AWAITING_RESTART}


class Prompt(FakeBrowser):
    """A browser with a person in front of it who signs in at once, as Ada."""

    def __init__(self, model: AuthServerModel) -> None:
        super().__init__()
        self._model = model

    async def open(self, link: str) -> bool:
        with browser_at(self._model) as client:
            leads_to = decide(client, link, ADA, "allows")
        with contextlib.suppress(ConnectionRefusedError):  # the sign-in was given up meanwhile
            self.visit(leads_to)
        return True


class Story:
    """One run. ``actions`` happen in their order, at any moments;
    ``signed_in_before``: the app starts with Ada's session.

    ``short``: a sign-out's answer is not waited for, which brings a notice and nothing else; and
    the server sees a session check at once, so that what it says is of that moment, however late it
    comes.
    """

    def __init__(
        self,
        choose: Choose,
        actions: Sequence[str],
        *,
        signed_in_before: bool,
        crash: bool = False,
        short: bool = False,
    ) -> None:
        self._choose = choose
        self._short = short
        self._todo = list(actions)
        self._keeps_it = signed_in_before and not any(
            one.startswith(("out", "in ", "revoke")) for one in actions
        )
        self._crashes = 1 if crash else 0
        self.time = VirtualTime()
        settings = ServerSettings(mode="rotating", scrypt_n=2, reuse_window_s=30)
        self.model = AuthServerModel(settings, clock=self.time.now, origin=ORIGIN)
        for person in PEOPLE.values():
            self.model.add_user(person.name, person.email, person.password)
        self._handle = handler_of(self.model)
        self._waiting: list[asyncio.Future[None]] = []
        self._open = self._in_vain = False
        self._killed: App | None = None
        self._keychain = FakeKeychain()
        self.revoked = self._killed_once = False
        with tempfile.TemporaryDirectory() as folder:
            self._folder = Path(folder)
            self.app = self.time.run(self._start())
            self._open = True
            self._tell(ev.InitialiseAsked())
            if signed_in_before:
                self._sign_in(ADA)
                self._finish()
                assert self.app.store.state.phase is Phase.SIGNED_IN
                self._open = False
                self._renew_app()
                self._killed_once = False
            self._open = False
            self._run()
            self._end()

    async def _start(self) -> App:
        transport = httpx.MockTransport(self._answer)
        app = one_app(
            self._folder, self._keychain, transport, self.time.now, browser=Prompt(self.model)
        )
        self._may_be_killed(app)
        self._may_fail_to_forget(app)
        return app

    def _may_fail_to_forget(self, app: App) -> None:
        """A sign-out "in vain" takes its time, and then the token file is still there."""
        forget = app.tokens.forget

        async def forgotten() -> None:
            if not self._in_vain:
                return await forget()
            self._in_vain = False
            await self._wait()
            raise WriteFailed("The folder is read-only.")

        app.tokens.forget = forgotten  # type: ignore[method-assign]

    def _may_be_killed(self, app: App) -> None:
        """Before each effect the app may be killed:
        neither it nor anything after it is performed then.
        """
        perform, dispatch = app.store._perform, app.store.dispatch

        def performed(effect: do.Effect) -> None:
            if self._killed is None and self._crashes and not self._open and self._choose(2):
                self._crashes -= 1
                self._killed = app
            if self._killed is not app:
                perform(effect)

        def dispatched(event: ev.Event) -> None:
            if self._killed is not app:
                dispatch(event)

        app.store._perform, app.store.dispatch = performed, dispatched  # type: ignore[method-assign]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/app/notes":
            return await self._handle(
                request
            )  # a sync beside it all would only multiply the orders
        asked = request.url.path.rpartition("/")[2]
        if not (self._short and asked == "get-session"):
            await self._wait()
        response = await self._handle(request)
        if not (self._short and asked == "sign-out"):
            await self._wait()
        return response

    async def _wait(self) -> None:
        if not self._open:
            gate = asyncio.get_running_loop().create_future()
            self._waiting.append(gate)
            await gate

    def _run(self) -> None:
        while True:
            self.time.settle()
            if self._killed is self.app:
                self._renew_app()
            self._waiting = [gate for gate in self._waiting if not gate.done()]
            self._check()
            moves: list[Callable[[], None]] = [
                lambda gate=gate: gate.set_result(None) for gate in self._waiting
            ]  # type: ignore[misc]
            if self._todo and self._may(self._todo[0]):
                moves.append(self._act)
            if self._crashes and moves:
                moves.append(self._crash)
            if not moves:
                break
            moves[self._choose(len(moves)) if len(moves) > 1 else 0]()

    def _may(self, action: str) -> bool:
        """The window offers a sign-in only where there is a form.
        The server ends a token while no answer is on its way.
        """
        phase = self.app.store.state.phase
        if action in ("expire", "revoke"):
            return not self._waiting
        if action == "cancel":
            return phase is Phase.SIGNING_IN
        return not action.startswith(("in ", "browser")) or phase in {
            Phase.SIGNED_OUT,
            Phase.EXPIRED,
        }

    def _act(self) -> None:
        action = self._todo.pop(0)
        match action.split():
            case ["in", name]:
                self._sign_in(ADA if name == "Ada" else BOB)
            case ["browser"]:
                self._tell(SignInElsewhereAsked(Way.BROWSER))
            case ["cancel"]:
                self._tell(SignInCancelled())
            case ["out", *in_vain]:
                self._in_vain = bool(in_vain)
                self._tell(ev.SignOutAsked())
            case ["call"]:
                self.time.start(self._call())
            case ["expire"]:
                self.model.expire_access(ADA.email)
                self.time.start(self._call())
            case ["revoke"]:
                self.revoked = True
                self.model.revoke_all(ADA.email)
                self.time.start(self._call())

    def _tell(self, event: ev.Event) -> None:
        async def tell() -> None:
            self.app.store.dispatch(event)

        self.time.run(tell())

    def _sign_in(self, person: Person) -> None:
        self._tell(ev.SignInAsked(Credentials(person.email, person.password)))

    async def _call(self) -> None:
        with contextlib.suppress(CallError):
            await self.app.api.fetch("GET", "/app/me")

    def _crash(self) -> None:
        self._crashes -= 1
        self._renew_app()

    def _renew_app(self) -> None:
        """Kill the app where it stands, requests on their way included, and start it again."""
        self._killed_once = True
        for gate in self._waiting:
            gate.cancel()
        for task in asyncio.all_tasks(self.time.loop):
            task.cancel()
        self._waiting, self._killed = [], None
        self.time.settle()
        self.app = self.time.run(self._start())
        self._tell(ev.InitialiseAsked())

    def _finish(self) -> None:
        self._open = True
        for gate in self._waiting:
            if not gate.done():
                gate.set_result(None)
        self.time.advance(1)

    def stored(self) -> StoredSession | None:
        """What is on file now."""
        return self.time.run(self.app.tokens.load())

    def _check(self) -> None:
        """What must hold at every moment."""
        state = self.app.store.state
        if state.phase not in WITH_SESSION | WITHOUT:
            return
        stored = self.stored()
        if state.phase in WITHOUT:
            assert stored is None, "signed out, and the store holds tokens"
        elif state.profile is not None and stored is not None:
            assert stored.user_id == state.profile.id, "the tokens of another user"

    def _end(self) -> None:
        """What must hold once everything has come to rest."""
        self._finish()
        self.time.advance(700)  # what was planned for later happens too
        self._check()
        state, stored = self.app.store.state, self.stored()
        assert state.phase in WITH_SESSION | WITHOUT | {Phase.EXPIRED}, (
            f"stuck in {state.phase.value}"
        )
        if self._keeps_it:
            assert state.phase in WITH_SESSION, (
                f"nobody signed out, and the session was lost: {state.phase.value}"
            )
        if state.phase is Phase.EXPIRED:
            assert self.revoked, "the server ended no session"
            assert stored is None
        if not self._killed_once and state.phase in WITHOUT:
            assert not sum(map(self.model.live_sessions, PEOPLE)), (
                "a session that was given up lives on"
            )
        if state.phase in WITH_SESSION:
            assert stored is not None
            assert state.profile is not None
            answer = self.model.handle(
                "GET", "/app/me", {"authorization": f"Bearer {stored.pair.access}"}, b""
            )
            assert answer.status == 200, "a good session was lost"
            assert msgspec.json.decode(answer.body)["id"] == state.profile.id
        self.time.start(self.app.close())
        self.time.settle()
        self.time.close()
        self.model.close()
