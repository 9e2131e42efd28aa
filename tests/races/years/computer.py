"""A computer with up to four copies of the app through months of virtual time, and what may never happen on it.

Owns the world (network, server, disk, keychain, clocks, and who is killed where) and the truth about it: what the server would
still take, which answers never arrived, who signed out. What must hold at every moment is asserted where it would be broken:
when a token file goes or is replaced, and when a one-time token comes to the server twice. ``test_years`` says what happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import errno
import hashlib
import os
import tempfile
import weakref
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, Literal

import httpx
import msgspec

from refapp.demo_server.state.answers import Refusal
from refapp.snapshot import WITH_SESSION, Phase
from refapp.trusted.composition.app import App
from refapp.trusted.errors import CallError, LockTimeout, StorageError, WriteFailed
from refapp.trusted.files import atomic_file
from refapp.trusted.files.atomic_file import Signature
from refapp.trusted.files.history import KEPT
from refapp.trusted.files.lease import Lease
from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.signing_in import SIGN_IN_FROM
from refapp.trusted.storage import token_file
from refapp.trusted.storage.secret import Credentials
from refapp.trusted.storage.token_file import SealedFor
from refapp.trusted.wording import session_words, sign_out_words
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app
from steps.scenario.people import ADA, BOB, Person
from steps.servers.local_server import ORIGIN, LocalServer

MOST_COPIES = 4
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
HOUR_S = 3600.0
CALM_S = 400.0
"""Over twice the longest wait between two tries."""
AUTH = "/api/auth/"
BOUND = 60
"""Requests about the session that a copy makes by itself within an hour: the back-off allows 24, and nothing needs the rest."""
BY_HAND = 6
"""As many may follow what a person does."""
FILES = 24
"""The app's own kinds of files for one server and two people, their locks, and a few that were set aside."""
TASKS = 16
NOBODY = frozenset({Phase.SIGNED_OUT, Phase.EXPIRED, Phase.AWAITING_RESTART})
LOST = "was lost on the way"

_running: contextvars.ContextVar[Run | None] = contextvars.ContextVar("running", default=None)


class Stored(msgspec.Struct, frozen=True):
    """What lies in the token file, read with the keychain's key in hand."""

    access: str
    refresh: str
    user_id: str
    family: str


class Run:
    """One run of a copy, from its start to its end or its death. ``dies_in``: before that many effects, if it is to."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.app: App
        self.alive = True
        self.dies_in: int | None = None
        self.asked: list[float] = []
        self.by_hand: list[float] = []
        self.tasks: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()
        self.context = contextvars.copy_context()
        self.context.run(_running.set, self)

    @property
    def phase(self) -> Phase:
        return self.app.store.state.phase


class Computer:
    """``mode`` and ``reuse_window_s`` are the server's.

    ``in_flight``: the one-time tokens that are on their way. ``unheard``: those whose answers did not arrive, or came when the
    disk could not take them. ``reused``: whose sessions the server has ended for that. ``sign_outs`` counts those that somebody
    made. ``untold``: from now on the server may rightly know of a session that is not here: it could not be told, or a copy was
    killed before it could.
    """

    def __init__(self, mode: Literal["rotating", "sliding"], reuse_window_s: float) -> None:
        self.time = VirtualTime()
        self.time.loop.set_task_factory(self._task)
        self.mistakes: list[str] = []
        self.time.loop.set_exception_handler(lambda _, context: self.mistakes.append(str(context)))
        self.ahead_s = 0.0
        self.server = LocalServer(self.time.now, mode, reuse_window_s=reuse_window_s)
        self.server.add_account(BOB)
        self.ids = {self._user_id(person): person for person in (ADA, BOB)}
        self.keychain = FakeKeychain()
        self.latency_s = 0.0
        self.disk: Literal["full", "read-only"] | None = None
        self.unheard: set[str] = set()
        self.in_flight: set[str] = set()
        self.reused: set[str] = set()
        self.sign_outs = 0
        self.untold = False
        self._hangs: asyncio.Task[None] | None = None
        self.runs: dict[int, Run] = {}
        with contextlib.ExitStack() as stack:
            stack.callback(self.time.close)
            stack.callback(self.server.model.close)
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=IN_MEMORY)))
            self.tokens_path = self.folder / f"tokens-{hashlib.sha256(ORIGIN.encode()).hexdigest()[:8]}.json"
            stack.enter_context(self._watched_disk())
            self._watch_rotation()
            self._stack = stack.pop_all()

    def close(self) -> None:
        """Switch it off."""
        for run in list(self.runs.values()):
            self.kill(run)
        self._stack.close()

    # Copies of the app.

    def start(self, number: int) -> None:
        """Start a copy."""
        run = Run(number)
        self.runs[number] = run

        async def start() -> None:
            network = httpx.MockTransport(self._answer)
            run.app = one_app(self.folder, self.keychain, network, lambda: self.time.now() + self.ahead_s)
            self._may_die(run)
            run.app.store.dispatch(ev.InitialiseAsked())

        self._in(run, start())

    def stop(self, number: int) -> None:
        """The person closes it, and it has all the time that it wants."""
        run = self.runs.pop(number)
        closing = run.context.run(self.time.start, run.app.close())
        self.time.advance(130)
        if run.alive:
            assert closing.done(), "the end waits for something"
            closing.result()

    def kill(self, run: Run) -> None:
        """End it where it stands."""
        if self.runs.get(run.number) is run:
            del self.runs[run.number]
        run.alive = False
        self.untold = True  # it may have been about to tell the server
        for task in list(run.tasks):
            task.cancel()
        self.time.settle()

    def tell(self, run: Run, event: ev.Event) -> None:
        """Let something happen in it."""

        async def tell() -> None:
            run.app.store.dispatch(event)

        run.by_hand.append(self.time.now())
        self._in(run, tell())

    def sign_in(self, run: Run, person: Person) -> None:
        """Where there is a form."""
        if run.phase in SIGN_IN_FROM:
            self.tell(run, ev.SignInAsked(Credentials(person.email, person.password)))

    def call(self, run: Run) -> asyncio.Task[None]:
        """The app asks the server something on the person's behalf."""

        async def call() -> None:
            with contextlib.suppress(CallError):
                await run.app.api.fetch("GET", "/app/me")

        run.by_hand.append(self.time.now())
        return run.context.run(self.time.start, call())

    def _in(self, run: Run, work: Coroutine[Any, Any, None]) -> None:
        task = run.context.run(self.time.start, work)
        self.time.settle()
        if run.alive:
            task.result()

    def _task(self, loop: asyncio.AbstractEventLoop, work: Any, **how: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **how)
        run = _running.get()
        if run is not None:
            run.tasks.add(task)
        return task

    def _may_die(self, run: Run) -> None:
        store = run.app.store
        perform, dispatch = store._perform, store.dispatch

        def performed(effect: do.Effect) -> None:
            if run.dies_in is not None:
                run.dies_in -= 1
                if run.dies_in < 0:
                    run.alive = False
                    self.time.loop.call_soon(self.kill_later, run)
            if run.alive:
                if isinstance(effect, do.RevokeHeld) and effect.unread:
                    self.untold = True
                perform(effect)

        def dispatched(event: ev.Event) -> None:
            if run.alive:
                dispatch(event)
                said = store.state.said
                self.untold |= said is not None and said.text == sign_out_words.SERVER_NOT_TOLD

        store._perform, store.dispatch = performed, dispatched  # type: ignore[method-assign]

    def kill_later(self, run: Run) -> None:
        """It died at an effect: nothing of it goes on."""
        if self.runs.get(run.number) is run:
            del self.runs[run.number]
        self.untold = True
        for task in list(run.tasks):
            task.cancel()

    # The network and the server.

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        run = _running.get()
        assert run is not None
        if not run.alive:
            raise httpx.ConnectError("it is dead", request=request)
        path = request.url.path
        if path.startswith(AUTH):
            run.asked.append(self.time.now())
        sent = ""
        if path == f"{AUTH}refresh":
            sent = msgspec.json.decode(request.content)["refreshToken"]
            assert self.disk is None, "a one-time token is spent on a disk that takes nothing"
            assert sent not in self.in_flight, "two copies renew at once"
            self.in_flight.add(sent)
        arrived = False
        try:
            await asyncio.sleep(self.latency_s)
            if self.server.outage is None and sent:
                self.unheard.add(sent)
            answer = await self.server.answer(request)
            await asyncio.sleep(self.latency_s)
            arrived = True
        finally:
            self.in_flight.discard(sent)
            # A copy that nobody is signed in to renews to sign out: the access token had run out.
            tells = path == f"{AUTH}refresh" and run.phase not in WITH_SESSION
            if (tells or path in (f"{AUTH}sign-out", f"{AUTH}sign-in/email")) and not arrived:
                self.untold = True
        if self.disk is None:
            self.unheard.discard(sent)
        if path == f"{AUTH}sign-out" and answer.status_code >= 300:
            self.untold |= answer.status_code != 401
        return answer

    def _watch_rotation(self) -> None:
        rotation = self._backend.rotation
        if rotation is None:
            return
        again = rotation._again

        def watched(family: str, number: int) -> Any:
            unheard = any(sent.startswith(f"{family}.{number}.") for sent in self.unheard)
            assert unheard, "a one-time token is sent again although its answer came, and could be stored"
            whose = rotation._row(family)["user_id"]
            try:
                return again(family, number)
            except Refusal:
                self.reused.add(whose)
                raise

        rotation._again = watched  # type: ignore[method-assign]

    @property
    def _backend(self) -> Any:
        return self.server.model._backend

    def _user_id(self, person: Person) -> str:
        return str(self.server.model.add_user(person.name, person.email, person.password).id)

    def takes(self, stored: Stored) -> bool:
        """Whether the server would still take these tokens, without asking it."""
        now = self.time.now()
        sessions = self._backend.sessions
        if any(one.expires_at > now for one in sessions._read("token = ?", sessions.token_in(stored.access))):
            return True
        if self._backend.rotation is None:
            return False
        family, number = self._backend.rotation._read(stored.refresh)
        query = "SELECT number, expires_at FROM refresh_family WHERE family = ?"
        row = self._backend.rotation._db.execute(query, (family,)).fetchone()
        return row is not None and row["number"] == number and row["expires_at"] > now

    def left_on_server(self, person: Person) -> int:
        """How many sessions of the person could still be used."""
        user_id, now = self._user_id(person), self.time.now()
        if self._backend.rotation is None:
            return sum(one.expires_at > now for one in self._backend.sessions.of_user(user_id))
        query = "SELECT count(*) FROM refresh_family WHERE user_id = ? AND expires_at > ?"
        return int(self._backend.rotation._db.execute(query, (user_id, now)).fetchone()[0])

    # The disk.

    def hold_lease(self, seconds: float) -> None:
        """Another program takes the lease, and hangs for so long."""

        async def hold() -> None:
            with contextlib.suppress(LockTimeout, StorageError):
                async with Lease(self.tokens_path.with_suffix(".lock"), 1.0).held():
                    await asyncio.sleep(seconds)

        if self._hangs is None or self._hangs.done():
            self._hangs = self.time.start(hold())

    def stored(self) -> Stored | None:
        """What is in the token file."""
        try:
            found = atomic_file.read(self.tokens_path)
        except StorageError:
            return None
        if found is None:
            return None
        file = token_file.parse(found[0], SealedFor("refapp", ORIGIN))
        key = self.keychain.items.get(file.kid)
        assert key is not None, "the tokens are there, and their key is gone"
        value = {name: token_file.open_value(file, name, key) for name in file.sealed}
        beside = msgspec.json.decode(value.get("session") or "{}")
        whose, family = beside.get("user_id", ""), beside.get("family", "")
        pair = value.get("accessToken") or "", value.get("refreshToken") or ""
        return Stored(*pair, whose, family) if any(pair) else None

    @contextlib.contextmanager
    def _watched_disk(self) -> Iterator[None]:
        names = "remove", "replace", "_temporary"
        sound = {name: vars(atomic_file)[name] for name in names}

        def remove(path: Path, *, durable: bool = True) -> bool:
            if self.disk == "read-only":
                raise WriteFailed(f"The file {path.name} could not be deleted.")
            if path.name.startswith("tokens-"):
                self._tokens_go(self.stored())
            return bool(sound["remove"](path, durable=durable))

        def replace(path: Path, data: bytes, *, durable: bool = True) -> Signature:
            before = self.stored() if path.name.startswith("tokens-") else None
            written: Signature = sound["replace"](path, data, durable=durable)
            after = self.stored() if before is not None else None
            if before is not None and after is not None and before.family != after.family:
                self._replaced(before)
            return written

        def temporary(path: Path) -> tuple[int, str]:
            if self.disk is not None:
                code = errno.ENOSPC if self.disk == "full" else errno.EROFS
                raise OSError(code, os.strerror(code))
            found: tuple[int, str] = sound["_temporary"](path)
            return found

        vars(atomic_file).update(remove=remove, replace=replace, _temporary=temporary)
        try:
            yield
        finally:
            vars(atomic_file).update(sound)

    def _tokens_go(self, stored: Stored | None) -> None:
        """Somebody deletes the token file."""
        run = _running.get()
        if stored is None or run is None:
            return
        if run.phase is Phase.SIGNING_OUT:
            self.sign_outs += 1
            return
        assert not self.takes(stored), f"a good session is lost: it goes while {run.phase.value}"
        if stored.user_id in self.reused:
            kept = run.app.history.reasons(stored.user_id)
            assert not kept or LOST in kept[-1].sentence, f"an untrue reason is kept: {kept[-1].sentence}"

    def _replaced(self, before: Stored) -> None:
        run = _running.get()
        assert run is not None
        assert run.phase is Phase.SIGNING_IN or not self.takes(before), "a good session is lost: another took its place"

    # What must hold.

    def look(self) -> None:
        """At every moment: the disk is whole, and everything is bounded."""
        assert self.mistakes == []
        self.stored()
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        for path in files:
            assert path.suffix in (".json", ".lock"), f"{path.name} is left"
            if path.suffix == ".json":
                msgspec.json.decode(path.read_bytes())
        assert len(files) <= FILES, sorted(path.name for path in files)
        for path in self.folder.glob("history-*.json"):
            kept = msgspec.json.decode(path.read_bytes())
            assert len(kept) <= KEPT
            elsewhere = sum(one["sentence"] == session_words.SIGNED_OUT_ELSEWHERE for one in kept)
            assert elsewhere <= self.sign_outs, "a sign-out is told of that nobody made"
        for run in self.runs.values():
            going = sum(not task.done() for task in run.tasks)
            assert going <= TASKS, f"{going} tasks"
            self._look_at_requests(run)

    def _look_at_requests(self, run: Run) -> None:
        for index, at in enumerate(run.asked):
            within = sum(at <= other < at + HOUR_S for other in run.asked[index:])
            by_hand = sum(at - HOUR_S <= other < at + HOUR_S for other in run.by_hand)
            assert within <= BOUND + BY_HAND * by_hand, f"{within} requests within an hour"
        run.asked = [at for at in run.asked if at > self.time.now() - HOUR_S]

    def calm(self) -> None:
        """All around the app is well from now on, and nobody does anything but what the app asks for."""
        self.server.outage = None
        self.server.model.clear_faults()
        self.keychain.trouble = None
        self.disk = None
        self.latency_s = 0.0
        for run in self.runs.values():
            run.dies_in = None
        self.time.advance(CALM_S)
        for run in list(self.runs.values()):
            if run.phase is Phase.AWAITING_RESTART:
                self.tell(run, ev.RestartAsked())
                self.tell(run, ev.InitialiseAsked())
        self.time.advance(CALM_S)
        for run in list(self.runs.values()):
            self.call(run)
        self.time.advance(CALM_S)

    def look_at_the_end(self) -> None:
        """Once all is calm each copy shows what is stored, and the server holds that and no more."""
        self.look()
        stored = self.stored()
        for run in self.runs.values():
            if stored is None:
                assert run.phase in NOBODY, f"{run.phase.value}, and nothing is stored"
            else:
                assert run.phase is Phase.SIGNED_IN, f"{run.phase.value}, and a session is stored"
                assert run.app.store.state.user_id == stored.user_id, "signed in as another"
        if stored is not None and self.runs:
            assert self.takes(stored), "what is stored is not good"
        for person in (ADA, BOB):
            own = int(stored is not None and self.ids.get(stored.user_id) is person)
            left = self.left_on_server(person)
            assert left <= own or self.untold, f"{left - own} sessions of {person.name} are left on the server"
