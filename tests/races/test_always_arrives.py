"""From wherever any order of events has brought them, both copies get to what the store and the
server say, by themselves (NM-2).

Two people, two copies of the app, a server, a network, a keychain and a lease that fail: each order
is a seed's, and its clock is virtual. `--orders N` runs N of them; a failure names its seed and
what happened in it.

What is left out: a keychain that *fails* (NM-7: it may have asked the person, so she has to try
again), and damaged files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import httpx
import pytest
from two_copies import COPIES, TwoCopies

from refapp.trusted.errors import StorageError, StorageLocked, StorageTimeout
from refapp.trusted.rules import events as ev
from steps.in_process.every_order import Choose, one_order
from steps.scenario.people import ADA, BOB

STEPS = (2, 3, 5, 8)
PAUSES = (0.0, 0.0, 0.3, 2.0, 6.0, 40.0, 300.0)
LATENCIES = (0.0, 0.2, 1.0, 15.0)
PATHS = (
    "/api/auth/refresh",
    "/api/auth/get-session",
    "/api/auth/sign-out",
    "/api/auth/sign-in",
    "/app/notes",
)
ASKED = PATHS[:2]


class Adrift(TwoCopies):
    """Some things happen, after any pause, to either copy or to what they stand on."""

    def __init__(self, choose: Choose) -> None:
        self._choose = choose
        self._rough = False
        self._delete_meanwhile = False
        self.happened: list[str] = []
        super().__init__(("rotating", "rotating", "sliding")[choose(3)], (0.0, 30.0)[choose(2)])  # type: ignore[arg-type]

    def wait(self) -> float:
        return LATENCIES[self._choose(len(LATENCIES))] if self._rough else 0.0

    async def answer(self, request: httpx.Request) -> httpx.Response:
        answer = await super().answer(request)
        if self._delete_meanwhile and request.url.path in ASKED:
            self._delete_meanwhile = False
            self.delete_file()
        return answer

    def play(self) -> None:
        self.sign_in(self.copies[0], ADA)
        self.time.advance(20)
        self._rough = True
        for _ in range(STEPS[self._choose(len(STEPS))]):
            self._something()
            self.time.advance(PAUSES[self._choose(len(PAUSES))])
        self._rough = self._delete_meanwhile = False
        self.calm()
        self.look()

    def _something(self) -> None:
        number = self._choose(COPIES)
        copy = self.copies[number]
        deeds: Sequence[tuple[str, Callable[[], object]]] = (
            ("Ada signs in", lambda: self.sign_in(copy, ADA)),
            ("Bob signs in", lambda: self.sign_in(copy, BOB)),
            ("a sign-out", lambda: self.act(copy.store.dispatch, ev.SignOutAsked())),
            ("another sign-out", lambda: self.act(copy.store.dispatch, ev.SignOutAsked())),
            ("a restart", lambda: self.restart(copy)),
            ("try again", lambda: self.act(copy.store.dispatch, ev.TryAgainAsked())),
            ("a call", lambda: self.time.start(self.call(copy))),
            ("another call", lambda: self.time.start(self.call(copy))),
            ("a note", lambda: self.write(copy)),
            ("a sync", lambda: self.time.start(copy.around.sync.run())),
            ("the window reads a token", lambda: self.time.start(self.read(copy))),
            ("Ada's access token ends", lambda: self.server.model.expire_access(ADA.email)),
            ("Ada's sessions end", lambda: self.server.model.revoke_all(ADA.email)),
            ("the token file is deleted", self.delete_file),
            (
                "it is deleted while the server is asked next",
                lambda: setattr(self, "_delete_meanwhile", True),
            ),
            ("the key is replaced", lambda: self.time.start(self.rotate())),
            ("no network", lambda: setattr(self.server, "outage", "unreachable")),
            ("no answers", lambda: setattr(self.server, "outage", "silent")),
            ("network again", lambda: setattr(self.server, "outage", None)),
            ("a fault", lambda: self._fault("fail_next")),
            ("a lost answer", lambda: self._fault("lose_next_answer")),
            ("a wait", lambda: self._fault("throttle_next")),
            ("a locked keychain", lambda: self._trouble(StorageLocked("Your keychain is locked."))),
            (
                "a silent keychain",
                lambda: self._trouble(StorageTimeout("The keychain did not answer in time.")),
            ),
            ("a keychain again", lambda: self._trouble(None)),
            (
                "another program holds the lease",
                lambda: self.hold_lease((3.0, 30.0)[self._choose(2)]),
            ),
            ("a new start", lambda: self._start_anew(number)),
        )
        name, deed = deeds[self._choose(len(deeds))]
        self.happened.append(f"{self.time.loop.moment:g} s: {name} ({number})")
        deed()

    def _fault(self, kind: str) -> None:
        self.server.do(kind, path=PATHS[self._choose(len(PATHS))], times=1 + self._choose(2))

    def _trouble(self, trouble: StorageError | None) -> None:
        self.keychain.trouble = trouble

    def _start_anew(self, number: int) -> None:
        self.close(self.copies[number])
        self.copies[number] = self.start()


def test_some_minutes_bring_both_copies_to_where_the_store_and_the_server_are(
    request: pytest.FixtureRequest,
) -> None:
    for seed in range(request.config.getoption("orders")):
        story = Adrift.__new__(Adrift)
        try:
            story.__init__(one_order(seed))  # type: ignore[misc]
        except BaseException as error:
            error.add_note(f"order {seed}: {', '.join(story.happened)}")
            raise
