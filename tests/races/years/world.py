"""What is around the copies of the app on one computer, and the truth about it.

Owns the server, the network, the disk, the keychain and the clocks; which answers never arrived,
who signed out, and what the server would still take. What may never happen is noted (``must``)
where it would be broken: when a token file goes or is replaced, when a one-time token comes to the
server twice, when an answer that came is thrown away.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import errno
import fcntl
import hashlib
import os
import tempfile
import weakref
from pathlib import Path
from typing import Any, Literal
from unittest import mock

import httpx
import msgspec
from watched_disk import DiskTrouble, Stored, read_stored, watched_disk

from refapp.demo_server.state.answers import Refusal
from refapp.snapshot import WITH_SESSION, Phase
from refapp.trusted.composition.app import App
from refapp.trusted.errors import LockTimeout, StorageError
from refapp.trusted.files.lease import Lease
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.scenario.people import ADA, BOB, Person
from steps.servers.local_server import ORIGIN, LocalServer

MOST_COPIES = 4
HOUR_S = 3600.0
AUTH = "/api/auth/"
TURNS = 4
"""Of the loop, to read what lies in a socket."""
LOST = "was lost on the way"

_running: contextvars.ContextVar[Run | None] = contextvars.ContextVar("running", default=None)


class Run:
    """One run of a copy, from its start to its end or its death.
    ``dies_in``: before that many effects, if it is to.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.app: App
        self.alive = True
        self.dies_in: int | None = None
        self.asked: list[float] = []
        self.session_checks = 0
        self.by_hand: list[float] = []
        self.tasks: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()
        self.context = contextvars.copy_context()
        self.context.run(_running.set, self)

    @property
    def phase(self) -> Phase:
        return self.app.store.state.phase


class World:
    """``mode`` and ``reuse_window_s`` are the server's, ``life_s`` is that of its sessions.
    ``locks``: whether the disk has any.

    ``in_flight``: the one-time tokens that are on their way. ``unheard``: those whose answers did
    not arrive, or came when the disk could not take them. ``reused``: whose sessions the server has
    ended for that. ``sign_outs`` counts those that somebody made. ``untold``: from now on the
    server may rightly know of a session that is not here: it could not be told, or a copy was
    killed before it could.
    """

    def __init__(
        self,
        mode: Literal["rotating", "sliding"],
        reuse_window_s: float,
        life_s: float,
        *,
        locks: bool,
    ) -> None:
        self.locks = locks
        self.life_s = life_s
        self.time = VirtualTime()
        self.time.loop.set_task_factory(self._task)
        self.mistakes: list[str] = []
        self.time.loop.set_exception_handler(lambda _, context: self.mistakes.append(str(context)))
        self.ahead_s = 0.0
        times = {"expires_in_s": life_s, "update_age_s": life_s / 7}
        self.server = LocalServer(self.time.now, mode, reuse_window_s=reuse_window_s, **times)
        self.server.add_account(BOB)
        self.ids = {self._user_id(person): person for person in (ADA, BOB)}
        self.keychain = FakeKeychain()
        self.latency_s = 0.0
        self.disk: DiskTrouble = None
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
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            self.tokens_path = (
                self.folder / f"tokens-{hashlib.sha256(ORIGIN.encode()).hexdigest()[:8]}.json"
            )
            told = (self.stored, self._tokens_go, self._replaced)
            stack.enter_context(watched_disk(lambda: self.disk, *told))
            if not locks:
                lost = OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
                stack.enter_context(mock.patch.object(fcntl, "flock", side_effect=lost))
            self._watch_rotation()
            self._stack = stack.pop_all()

    def must(self, holds: bool, sentence: str) -> None:
        """Note that something did not hold. Raised here, it would be the app's to handle."""
        if not holds:
            self.mistakes.append(sentence)

    def _task(self, loop: asyncio.AbstractEventLoop, work: Any, **how: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **how)
        run = _running.get()
        if run is not None:
            run.tasks.add(task)
        return task

    # The network and the server.

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        run = _running.get()
        assert run is not None
        if not run.alive:
            raise httpx.ConnectError("it is dead", request=request)
        path = request.url.path
        if path.startswith(AUTH):
            run.asked.append(self.time.now())
        run.session_checks += path == f"{AUTH}get-session"
        sent, due = "", float("inf")
        if path == f"{AUTH}refresh":
            sent = msgspec.json.decode(request.content)["refreshToken"]
            self.must(self.disk is None, "a one-time token is spent on a disk that takes nothing")
            self.must(sent not in self.in_flight or not self.locks, "two copies renew at once")
            self.in_flight.add(sent)
        arrived = False
        try:
            await asyncio.sleep(self.latency_s)
            if self.server.outage is None and sent:
                self.unheard.add(sent)
            before = (
                self.stored()
                if path == f"{AUTH}sign-out" and run.phase is not Phase.SIGNING_OUT
                else None
            )
            good = before is not None and self.takes(before)
            answer = await self.server.answer(request)
            ended = (
                good and before is not None and self.stored() == before and not self.takes(before)
            )
            self.must(not ended, "a session that is stored is ended by a copy that nobody asked to")
            due = self.time.loop.time() + self.latency_s
            await asyncio.sleep(self.latency_s)
            for _ in range(TURNS):
                await asyncio.sleep(0)
            arrived = True
        finally:
            self.in_flight.discard(sent)
            late = run.alive and not arrived and self.time.loop.time() > due + 1
            self.must(not late, "an answer that came while the app was stopped is thrown away")
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
            self.must(
                unheard,
                "a one-time token is sent again although its answer came, and could be stored",
            )
            whose = rotation._row(family)["user_id"]
            try:
                return again(family, number)
            except Refusal:
                self.reused.add(whose)
                raise

        rotation._again = watched

    @property
    def _backend(self) -> Any:
        return self.server.model._backend

    def _user_id(self, person: Person) -> str:
        return str(self.server.model.add_user(person.name, person.email, person.password).id)

    def takes(self, stored: Stored) -> bool:
        """Whether the server would still take these tokens, without asking it."""
        now = self.time.now()
        sessions = self._backend.sessions
        if any(
            one.expires_at > now
            for one in sessions._read("token = ?", sessions.token_in(stored.access))
        ):
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
        return read_stored(self.tokens_path, self.keychain.items.get)

    def _tokens_go(self, stored: Stored | None) -> None:
        """Somebody deletes the token file."""
        run = _running.get()
        if stored is None or run is None:
            return
        if run.phase is Phase.SIGNING_OUT:
            self.sign_outs += 1
            return
        self.must(
            not self.takes(stored), f"a good session is lost: it goes while {run.phase.value}"
        )
        if stored.user_id in self.reused:
            kept = run.app.history.reasons(stored.user_id)
            told = not kept or LOST in kept[-1].sentence
            # Without locks it may as well be that two copies used it, which neither of them knows.
            self.must(told or not self.locks, f"an untrue reason is kept: {kept[-1:]}")

    def _replaced(self, before: Stored) -> None:
        run = _running.get()
        assert run is not None
        self.must(
            run.phase is Phase.SIGNING_IN or not self.takes(before),
            "a good session is lost: another took its place",
        )
