"""What goes wrong on request: answers put in the way, delays, holds and broken connections;
and the log of requests.

Owns the faults that wait for a request, first come first served.
The log holds method, path, status and whether a bearer was there, never a token.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from refapp.demo_server.state.answers import Answer, too_many
from refapp.demo_server.state.delivery import PROMPT, Delivery, Hold

MOST_LOGGED = 10_000
"""Requests that the log keeps at the least; it keeps at most twice as many."""
CAPTIVE_PAGE = b"<!doctype html><title>Welcome</title><h1>Accept the terms to use this network</h1>"


@dataclasses.dataclass(slots=True)
class Fault:
    """Waits for requests whose path starts with ``path``; ``times`` None stays until cleared.

    ``instead``: the answer in place of the endpoint's, which then does not run.
    ``delivery``: how the answer is brought.
    """

    path: str
    times: int | None
    instead: Answer | None = None
    delivery: Delivery = PROMPT


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """One request as the log keeps it.
    ``status`` 0: the connection was dropped before the endpoint ran.
    """

    method: str
    path: str
    status: int
    bearer: bool
    user_agent: str


class Faults:
    """The faults that wait."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._holds: list[Hold] = []

    def add(self, fault: Fault) -> None:
        """Let ``fault`` wait for its request, behind those that wait already."""
        self._waiting.append(fault)
        if fault.delivery.hold is not None:
            self._holds.append(fault.delivery.hold)

    def take(self, path: str) -> Fault | None:
        """The fault that meets a request for ``path``."""
        for fault in self._waiting:
            if path.startswith(fault.path):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more; answers that are held are let go."""
        self._waiting.clear()
        self.release()

    @property
    def holds(self) -> bool:
        """Whether there are answers that are held, or will be."""
        return bool(self._holds)

    def release(self) -> None:
        """Let go the answers that are held."""
        for hold in self._holds:
            hold.release()
        self._holds.clear()


class Faulty:
    """A server that things can go wrong with on request: what a test, or the tour, may order.
    Keeps the log of requests too.
    """

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self._faults = Faults()

    def disturbed(
        self, method: str, path: str, agent: str, answer: Callable[[], Answer], *, bearer: bool
    ) -> Answer:
        """A fault's answer if one waits for ``path``, else that of ``answer``.
        Either stands in the log.
        """
        fault = self._faults.take(path)
        found = fault.instead if fault is not None and fault.instead is not None else answer()
        if fault is not None:
            found = dataclasses.replace(found, delivery=fault.delivery)
        self.requests.append(Seen(method, path, found.status, bearer, agent))
        if len(self.requests) > 2 * MOST_LOGGED:
            del self.requests[:-MOST_LOGGED]
        return found

    def answer_next(self, answer: Answer, path: str = "/", times: int | None = 1) -> None:
        """Put ``answer`` in the way of the next ``times`` requests for ``path``;
        the endpoint does not run.
        """
        self._faults.add(Fault(path, times, instead=answer))

    def fail_next(self, status: int, path: str = "/", times: int | None = 1) -> None:
        """An error with an empty body, as a failed route or a proxy sends it."""
        self.answer_next(Answer(status), path, times)

    def throttle_next(self, times: int | None = 1, after_s: int = 10, path: str = "/") -> None:
        """BetterAuth's rate limit: 429 with ``x-retry-after``."""
        self.answer_next(too_many(after_s), path, times)

    def go_captive(self, times: int | None = None, path: str = "/") -> None:
        """A captive portal answers every request with its own page, until ``clear_faults``."""
        self.answer_next(captive_portal(), path, times)

    def drop_next(self, path: str = "/", times: int | None = 1) -> None:
        """The connection ends before the endpoint has run."""
        self._faults.add(Fault(path, times, instead=Answer(0), delivery=Delivery(cut_at=0)))

    def lose_next_answer(self, path: str = "/", times: int | None = 1, cut_at: int = 0) -> None:
        """The endpoint runs, and its answer is broken off after ``cut_at`` bytes of the body."""
        self._faults.add(Fault(path, times, delivery=Delivery(cut_at=cut_at)))

    def delay_next(self, seconds: float, path: str = "/", times: int | None = 1) -> None:
        """The endpoint runs, and its answer comes ``seconds`` later."""
        self._faults.add(Fault(path, times, delivery=Delivery(delay_s=seconds)))

    def hold_next(
        self, path: str = "/", times: int | None = 1, instead: Answer | None = None
    ) -> Hold:
        """The endpoint runs, and its answer waits for the hold's release;
        or ``instead`` waits, and it does not run.
        """
        hold = Hold()
        self._faults.add(Fault(path, times, instead, Delivery(hold=hold)))
        return hold

    def release(self) -> None:
        """Let go every answer that is held."""
        self._faults.release()

    @property
    def holds(self) -> bool:
        """Whether answers are held."""
        return self._faults.holds

    def clear_faults(self) -> None:
        """Nothing goes wrong on the way any more."""
        self._faults.clear()


def captive_portal() -> Answer:
    """What a hotel's network answers in the server's place."""
    return Answer(200, (("content-type", "text/html; charset=utf-8"),), CAPTIVE_PAGE)
