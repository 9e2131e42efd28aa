"""A computer with up to four copies of the app through months of virtual time: what may happen to
them, and what must come of it.

``test_years`` says what happens, ``what_holds`` what must hold whatever does.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

import httpx
from world import HOUR_S, Run, Stored, World

from refapp.snapshot import WITH_SESSION, Phase
from refapp.trusted.errors import CallError
from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.signing_in import SIGN_IN_FROM
from refapp.trusted.storage.secret import Credentials
from refapp.trusted.wording import sign_out_words
from steps.in_process.one_app import one_app
from steps.scenario.people import ADA, Person


class Computer(World):
    """A world, and the copies in it."""

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
            run.app = one_app(
                self.folder, self.keychain, network, lambda: self.time.now() + self.ahead_s
            )
            self._may_die(run)
            run.app.store.dispatch(ev.InitialiseAsked())

        greeted = self.keychain.trouble is None and self._profile_of(self.stored())
        self._in(run, start())
        shown = run.app.store.state.profile
        self.must(
            not run.alive or not greeted or shown is not None,
            "a start does not show whose session is stored",
        )

    def _profile_of(self, stored: Stored | None) -> bool:
        """Whether it is kept who that is."""
        kept = self.folder.glob("profile*.json")
        return stored is not None and any(f'"{stored.user_id}"' in one.read_text() for one in kept)

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
        self.time.settle()
        return run.context.run(self.time.start, call())

    @property
    def well(self) -> bool:
        """Whether nothing around the app fails."""
        troubles = (
            self.server.outage,
            self.disk,
            self.keychain.trouble,
            *(run.dies_in for run in self.runs.values()),
        )
        planned = self.server.model._faults._waiting
        return (
            all(one is None for one in troubles)
            and not planned
            and not self.latency_s
            and not self.hung
        )

    @property
    def hung(self) -> bool:
        """Whether another program hangs with the lease."""
        return self._hangs is not None and not self._hangs.done()

    def leave_alone(self, hours: float) -> None:
        """Nobody does anything. A session whose end moves with use is asked about in time, and no
        more often than that needs.
        """
        stored = self.stored()
        in_use = [run for run in self.runs.values() if run.phase is Phase.SIGNED_IN]
        kept_alive = self.well and bool(in_use) and stored is not None and self.takes(stored)
        asked = {run: run.session_checks for run in in_use}
        for _ in range(int(hours * 4)):
            self.time.advance(HOUR_S / 4)
            if kept_alive and stored is not None and self._backend.rotation is None:
                left_s = self._ends_at(stored) - self.time.now()
                self.must(
                    left_s > 0.4 * self.life_s,
                    "a session that the server would have kept alive comes near its end",
                )
        lives = hours * HOUR_S / self.life_s
        for run, before in asked.items():
            often = run.session_checks - before > 2 * lives + 2
            self.must(
                not kept_alive or not often,
                "a session is asked about more often than it needs to live",
            )

    def _ends_at(self, stored: Stored) -> float:
        sessions = self._backend.sessions
        return max(
            (
                one.expires_at
                for one in sessions._read("token = ?", sessions.token_in(stored.access))
            ),
            default=0.0,
        )

    def needed_while_it_hangs(self, run: Run, seconds: float) -> None:
        """Another program hangs with the lease for so long, and the session has to be renewed."""
        self.hold_lease(seconds)
        self.time.settle()
        shown = (
            self.well_but_hung
            and run.phase is Phase.SIGNED_IN
            and self._backend.rotation is not None
        )
        self.server.model.expire_access(ADA.email)
        call = self.call(run)
        self.time.advance(2.5)
        waits = shown and run.alive and not call.done() and seconds > 2.5
        self.must(
            not waits or bool(run.app.tokens.waiting),
            "nobody is told that another copy is waited for",
        )

    @property
    def well_but_hung(self) -> bool:
        """Whether nothing fails but that another program hangs."""
        hangs, self._hangs = self._hangs, None
        try:
            return self.well and hangs is not None
        finally:
            self._hangs = hangs

    def stop_waiting(self, run: Run) -> None:
        """The person waits no longer."""
        run.app.tokens.give_up_waiting()
        self.time.advance(0.5)
        self.must(not run.app.tokens.waiting, "who stops waiting goes on waiting")

    def sign_out(self, run: Run) -> None:
        """The person signs out, and gives it half a minute."""
        before, sound = self.stored(), self.well_but_hung or self.well
        asks = run.phase in WITH_SESSION and run.phase is not Phase.SIGNING_OUT
        self.tell(run, ev.SignOutAsked())
        if asks and sound:
            self.time.advance(30)
            gone = self.stored() is None or before is None or self.stored() != before
            self.must(gone or not run.alive, "whoever hangs, a sign-out comes through")

    def delete_lock(self, run: Run, other: Run) -> None:
        """Somebody deletes the lock file, while one copy renews and before another one does."""
        was, self.latency_s = self.latency_s, max(self.latency_s, 1.0)
        self.server.model.expire_access(ADA.email)
        self.call(run)
        self.time.advance(self.latency_s / 2)
        self.call(other)
        self.time.advance(1.75 * self.latency_s)
        self.tokens_path.with_suffix(".lock").unlink(missing_ok=True)
        self.time.advance(6 * self.latency_s)
        self.latency_s = was

    def stop_within(self, run: Run, seconds: float) -> None:
        """Every copy is stopped while the answer to a renewal is on its way to one of them."""
        was, self.latency_s = self.latency_s, 1.0
        self.server.model.expire_access(ADA.email)
        self.call(run)
        self.time.advance(3.5)
        self.time.stop(seconds)
        self.time.advance(2)
        self.latency_s = was

    def rename(self, name: str) -> None:
        """Ada is called so from now on, by herself in the browser."""
        db = self._backend.accounts._db
        with db:
            db.execute("UPDATE user SET name = ? WHERE email = ?", (name, ADA.email))

    def name_of(self, stored: Stored) -> str:
        """What the server calls the person now."""
        row = self._backend.accounts._db.execute(
            "SELECT name FROM user WHERE id = ?", (stored.user_id,)
        ).fetchone()
        return str(row["name"])

    def _in(self, run: Run, work: Coroutine[Any, Any, None]) -> None:
        task = run.context.run(self.time.start, work)
        self.time.settle()
        if run.alive:
            task.result()

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
