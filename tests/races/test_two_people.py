"""Ada's calls while Bob signs in, here or in another copy, in every order: no token ever carries
another's words (OW-1, OW-2).

What is looked at is what arrives at the server: the body, and whose token is on it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path

import httpx
import msgspec
import pytest

from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.errors import CallError
from refapp.trusted.rules import events as ev
from refapp.trusted.storage.secret import Credentials
from steps.fakes.fake_keychain import TROUBLES, FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.every_order import Choose, every_order, one_order
from steps.in_process.one_app import one_app, signed_in, until
from steps.scenario.people import ADA, BOB, PEOPLE, Person
from steps.servers.local_server import LocalServer

LIMIT = 20_000
OUT = {Phase.SIGNED_OUT, Phase.AWAITING_RESTART, Phase.EXPIRED}
HELD_BACK = {"/api/auth/refresh", "/api/auth/token", "/app/summarise"}


class TwoPeople:
    """One run. ``deeds`` happen in their order, at any moments;
    each request of the first copy waits on both its ways.
    """

    def __init__(self, choose: Choose, deeds: Sequence[str]) -> None:
        self.time = VirtualTime()
        self.server = LocalServer(self.time.now, jwt_expires_in_s=900.0)
        self.server.add_account(BOB)
        self._choose = choose
        self._todo = list(deeds)
        self._gates: list[asyncio.Future[None]] = []
        self._busy: list[asyncio.Task[None]] = []
        self._numbers = itertools.count()
        self._ran_out = self._open = False
        self.written: dict[str, str] = {}
        with tempfile.TemporaryDirectory() as folder:
            self.here, self.there = (
                self._copy(Path(folder), first=first) for first in (True, False)
            )
            self._do(signed_in(self.here, ADA.email, ADA.password))
            self._do(self._started(self.there))
            self._run()
            self._end()

    def _copy(self, folder: Path, *, first: bool) -> App:
        async def made() -> App:
            async def answer(request: httpx.Request) -> httpx.Response:
                return await (self._answered(request) if first else self.server.answer(request))

            return one_app(folder, keychain, httpx.MockTransport(answer), self.time.now)

        keychain = FakeKeychain()
        if first:
            self._keychain = keychain
        else:
            keychain.items = self._keychain.items
        return self.time.run(made())

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        held = request.url.path in HELD_BACK
        if held:
            await self._gate()
        answer = await self.server.answer(request)
        if held:
            await self._gate()
        return answer

    async def _gate(self) -> None:
        if self._open:
            return
        gate = asyncio.get_running_loop().create_future()
        self._gates.append(gate)
        await gate

    def _do(self, work: object) -> None:
        task = self.time.start(work)  # type: ignore[arg-type]
        self.time.advance(5)
        task.result()

    async def _started(self, app: App) -> None:
        app.store.dispatch(ev.InitialiseAsked())
        await until(app, lambda a: a.store.state.phase is Phase.SIGNED_IN)

    def _run(self) -> None:
        while True:
            # Who signs in looks at the app every millisecond;
            # only another copy's lease takes longer than this.
            self.time.advance(0.1 if self._busy else 0)
            self._gates = [gate for gate in self._gates if not gate.done()]
            self._busy = [task for task in self._busy if not task.done() or task.result()]
            moves: list[Callable[[], None]] = [
                lambda gate=gate: gate.set_result(None) for gate in self._gates
            ]  # type: ignore[misc]
            if self._todo and not self._busy:
                moves.append(self._act)
            if moves:
                moves[self._choose(len(moves)) if len(moves) > 1 else 0]()
            elif self._busy:
                self.time.advance(1)  # it waits for the lease
            else:
                break

    def _act(self) -> None:
        match self._todo.pop(0).split():
            case ["expire"]:
                self._ran_out = True
                self.server.model.expire_access(ADA.email)
            case ["call", *jwt]:
                self.time.start(self._call(jwt=bool(jwt)))
            case ["silent" | "works" as how]:
                self._keychain.trouble = TROUBLES["silent"] if how == "silent" else None
            case ["look"]:
                self.time.advance(6)
            case ["out"]:
                self._dispatch(self.here, ev.SignOutAsked())
            case ["in", name]:
                self._busy.append(self.time.start(self._signs_in(self.here, PEOPLE[name])))
            case ["elsewhere", name]:
                self._busy.append(self.time.start(self._signs_in(self.there, PEOPLE[name])))
            case deed:
                raise AssertionError(deed)

    def _dispatch(self, app: App, event: ev.Event) -> None:
        async def tell() -> None:
            app.store.dispatch(event)

        self.time.run(tell())

    async def _signs_in(self, app: App, person: Person) -> None:
        """Whoever is there signs out first."""
        if app.store.state.phase not in OUT:
            app.store.dispatch(ev.SignOutAsked())
        with contextlib.suppress(TimeoutError):
            await until(app, lambda a: a.store.state.phase in OUT)
        if app.store.state.phase is Phase.AWAITING_RESTART:
            app.store.dispatch(ev.RestartAsked())
            app.store.dispatch(ev.InitialiseAsked())
            await until(app, lambda a: a.store.state.phase is not Phase.RESTORING)
        if app.store.state.phase in OUT:
            app.store.dispatch(ev.SignInAsked(Credentials(person.email, person.password)))
            await until(app, lambda a: a.store.state.phase is not Phase.SIGNING_IN)

    async def _call(self, *, jwt: bool) -> None:
        """Whoever is signed in here sends words of her own."""
        profile = self.here.store.state.profile
        words = f"words number {next(self._numbers)}."
        self.written[words] = profile.email if profile else "nobody"
        with contextlib.suppress(CallError):
            await self.here.api.fetch(
                "POST", "/app/summarise", msgspec.json.encode({"text": words}), jwt=jwt
            )

    def _end(self) -> None:
        self._open = True
        for gate in self._gates:
            if not gate.done():
                gate.set_result(None)
        self._keychain.trouble = None
        self.time.advance(700)  # what was planned for later happens too
        for words, author in self.written.items():
            assert self.server.sent_as(words) <= {author}, f"{words} {author}'s"
        for app in (self.here, self.there):
            state, held = app.store.state, app.store.held
            if state.phase is Phase.SIGNED_IN:
                assert held is not None
                assert state.profile is not None
                assert held.user_id == state.user_id == state.profile.id
                answer = self.server.model.handle(
                    "GET", "/app/me", {"authorization": f"Bearer {held.pair.access}"}, b""
                )
                # One that has run out is renewed by the next call;
                # until then the server does not say whose it is.
                assert answer.status == 200 or self._ran_out
                assert (
                    answer.status != 200 or msgspec.json.decode(answer.body)["id"] == state.user_id
                )
            closing = self.time.start(app.close())
            self.time.advance(5)
            closing.result()
        self.time.close()
        self.server.model.close()


STORIES = {
    "a call, and Bob in another copy": ["expire", "call", "elsewhere Bob"],
    "a call with a JWT, and Bob in another copy": ["expire", "call jwt", "elsewhere Bob"],
    "the keychain times out in between": [
        "expire",
        "call",
        "elsewhere Bob",
        "silent",
        "look",
        "works",
    ],
    "Bob in another copy, and a call before that was noticed": [
        "elsewhere Bob",
        "call",
        "look",
        "call",
    ],
    "Ada signs out here, and Bob signs in": ["expire", "call", "out", "in Bob"],
    "the same with a JWT": ["call jwt", "out", "in Bob"],
    "Bob comes, and Ada comes back": ["call", "elsewhere Bob", "look", "elsewhere Ada"],
}


@pytest.mark.parametrize("story", STORIES)
def test_in_every_order(story: str) -> None:
    assert every_order(lambda choose: TwoPeople(choose, STORIES[story]), LIMIT) > 1


@pytest.mark.parametrize("seed", range(40))
def test_long_stories(seed: int) -> None:
    choose = one_order(seed)
    deeds = [
        "call",
        "call jwt",
        "expire",
        "elsewhere Bob",
        "elsewhere Ada",
        "out",
        "in Bob",
        "in Ada",
        "silent",
        "works",
        "look",
    ]
    TwoPeople(choose, [deeds[choose(len(deeds))] for _ in range(10)])


def test_two_tokens_that_are_both_nobody_s_are_not_one_person_s() -> None:
    """They came through the storage operations,
    and the server could not be asked yet whose they are (OW-1).
    """
    time = VirtualTime()
    server = LocalServer(time.now)
    server.add_account(BOB)

    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.5)
        return await server.answer(request)

    async def opened(app: App, person: Person) -> None:
        body = {"email": person.email, "password": person.password}
        came = await server.answer(
            httpx.Request("POST", f"{server.model.origin}/api/auth/sign-in/email", json=body)
        )
        access, refresh = came.headers["set-auth-token"], came.headers["set-refresh-token"]
        await app.tokens._vault.write(
            {"accessToken": access, "refreshToken": refresh, "session": None}
        )

    async def story(folder: Path) -> None:
        keychain = FakeKeychain()
        here, there = (
            one_app(folder, keychain, httpx.MockTransport(answer), time.now) for _ in range(2)
        )
        await opened(there, ADA)
        server.outage = "unreachable"
        here.store.dispatch(ev.InitialiseAsked())
        await until(here, lambda a: a.store.state.phase is Phase.OFFLINE)
        server.outage = None
        server.model.expire_access(ADA.email)
        call = asyncio.create_task(
            here.api.fetch("POST", "/app/summarise", b'{"text": "Dear diary"}')
        )
        await asyncio.sleep(0.1)
        await opened(there, BOB)
        with pytest.raises(CallError):
            await call
        await until(here, lambda a: a.store.state.phase is Phase.SIGNED_IN)
        assert here.store.state.profile is not None
        assert here.store.state.profile.email == BOB.email
        await here.close()
        await there.close()

    with tempfile.TemporaryDirectory() as folder:
        task = time.start(story(Path(folder)))
        time.advance(120)
        task.result()
    assert server.sent_as("Dear diary") == {ADA.email}
    time.close()
    server.model.close()


class Two:
    """Two copies of the app on one computer, in virtual time, and Bob has an account too."""

    def __init__(self, folder: Path) -> None:
        self.time = VirtualTime()
        self.server = LocalServer(self.time.now)
        self.server.add_account(BOB)
        keychain = FakeKeychain()

        async def started() -> list[App]:
            copies = [
                one_app(folder, keychain, self.server.transport(), self.time.now) for _ in range(2)
            ]
            for copy in copies:
                copy.store.dispatch(ev.InitialiseAsked())
            return copies

        self.here, self.there = self.time.run(started())
        self.time.advance(1)

    def run(self, story: Callable[[], Coroutine[None, None, None]]) -> None:
        async def told() -> None:
            await story()
            await self.here.close()
            await self.there.close()

        task = self.time.start(told())
        self.time.advance(600)
        task.result()
        self.time.close()
        self.server.model.close()


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(tmp_path)


def name_of(app: App) -> str:
    """Who is shown."""
    profile = app.store.state.profile
    return profile.email if profile else ""


def test_of_two_who_sign_in_at_once_in_two_copies_the_last_stays_and_the_other_s_session_is_over(
    two: Two,
) -> None:
    """The one takes the place of the other's tokens, and nobody could use these or end that session
    any more (OW-9).
    """

    async def story() -> None:
        two.server.do("hold_next", path="/api/auth/sign-in")
        two.here.store.dispatch(ev.SignInAsked(Credentials(ADA.email, ADA.password)))
        await asyncio.sleep(1)
        two.there.store.dispatch(ev.SignInAsked(Credentials(BOB.email, BOB.password)))
        await until(two.there, lambda a: a.store.state.phase is Phase.SIGNED_IN)
        two.server.do("release")
        await asyncio.sleep(30)
        assert name_of(two.here) == name_of(two.there) == ADA.email
        assert two.server.model.live_sessions(BOB.email) == 0
        assert two.server.model.live_sessions(ADA.email) == 1

    two.run(story)


def test_that_bob_can_not_reach_the_server_is_found_out_while_ada_s_question_is_still_out(
    two: Two,
) -> None:
    """One question at a time for each of them, not for both (OF-10, NM-2)."""

    async def failing_call(app: App) -> None:
        with contextlib.suppress(CallError):
            await app.api.fetch("GET", "/app/me")

    async def story() -> None:
        here = two.here
        here.store.dispatch(ev.SignInAsked(Credentials(ADA.email, ADA.password)))
        await until(here, lambda a: a.store.state.phase is Phase.SIGNED_IN)
        two.server.do("hold_next", path="/api/auth/get-session")
        two.server.do("lose_next_answer", path="/app/me")
        await failing_call(here)
        here.store.dispatch(ev.SignOutAsked())
        await until(here, lambda a: a.store.state.phase in OUT)
        here.store.dispatch(ev.RestartAsked())
        here.store.dispatch(ev.InitialiseAsked())
        await until(here, lambda a: a.store.state.phase is Phase.SIGNED_OUT)
        here.store.dispatch(ev.SignInAsked(Credentials(BOB.email, BOB.password)))
        await until(here, lambda a: a.store.state.phase is Phase.SIGNED_IN)
        two.server.outage = "unreachable"
        await failing_call(here)
        await asyncio.sleep(0.1)
        assert (here.store.state.phase, name_of(here)) == (Phase.OFFLINE, BOB.email)
        two.server.outage = None
        two.server.do("release")

    two.run(story)
