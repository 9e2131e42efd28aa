"""Ten thousand copies of the app that lost the server together, or were started together: their
requests are spread (OF-5).

Numbers first: the real back-off and the real choice of the moment of an early renewal, no loop, no
network; then the app with the chance that it ships. "Spread" is the time from the first request of
the return to the last, and the even share is the copies divided by it.
"""

from __future__ import annotations

import collections
import random
from pathlib import Path

import pytest

from refapp.trusted.composition.app import App, Outside
from refapp.trusted.config import Settings
from refapp.trusted.recorder import Recorder
from refapp.trusted.rules import events as ev
from refapp.trusted.scheduling.backoff import LONGEST_S, delay
from refapp.trusted.shell.early_renewal import SPREAD_S, planned
from refapp.trusted.storage.secret import SessionMode, StoredSession, TokenPair
from refapp.trusted.window.window_host import Look
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import no_window, one_app, signed_in
from steps.scenario.people import ADA
from steps.servers.local_server import ORIGIN, LocalServer

COPIES = 10_000
LIFE_S = 15 * 60.0


def busiest_second(moments: list[float]) -> int:
    """How many requests the busiest second gets."""
    first = min(moments)
    return max(collections.Counter(int(moment - first) for moment in moments).values())


def busiest_to_even(moments: list[float]) -> float:
    """How many times the even share that is."""
    return busiest_second(moments) / (len(moments) / (max(moments) - min(moments)))


def first_try_after(outage_s: float, chance: random.Random) -> float:
    """When a copy that lost the server at 0 asks for the first time after ``outage_s``."""
    moment, attempt = 0.0, 0
    while moment < outage_s:
        attempt += 1
        moment += delay(attempt, chance.random())
    return moment


@pytest.mark.parametrize("minutes", [5, 10, 15, 60])
@pytest.mark.parametrize("seed", range(5))
def test_the_return_after_an_outage_is_spread(minutes: int, seed: int) -> None:
    chance = random.Random(seed)
    back = [first_try_after(minutes * 60.0, chance) for _ in range(COPIES)]
    assert busiest_to_even(back) < 1.7
    assert max(back) - minutes * 60.0 <= 1.1 * LONGEST_S


@pytest.mark.parametrize("seed", range(5))
def test_copies_that_asked_in_the_last_second_before_the_outage_too(seed: int) -> None:
    chance = random.Random(seed)
    back = [chance.random() + first_try_after(600.0, chance) for _ in range(COPIES)]
    assert busiest_to_even(back) < 1.7


@pytest.mark.parametrize("seed", range(5))
def test_copies_started_at_nine_renew_spread(seed: int) -> None:
    chance = random.Random(seed)
    at = [0.0] * COPIES
    for _round in range(4):
        nine = [
            StoredSession(
                TokenPair("a", "r"), "u", SessionMode.ROTATING, obtained_at=t, expires_at=t + LIFE_S
            )
            for t in at
        ]
        at = [
            moment
            for session in nine
            if (moment := planned(session, chance.random(), 0.0)) is not None
        ]
        assert len(at) == COPIES
        # Each round they drift further apart;
        # the busiest second must never get worse than twice that of an even first round.
        assert busiest_second(at) < 2 * COPIES / SPREAD_S
    assert max(at) - min(at) > 3 * SPREAD_S


@pytest.mark.parametrize("seed", range(5))
def test_copies_that_were_all_told_to_wait_come_back_spread_after_it(seed: int) -> None:
    chance = random.Random(seed)
    waits = [delay(6, chance.random(), at_least=30.0) for _ in range(COPIES)]
    assert min(waits) >= 30.0
    assert busiest_to_even(waits) < 2.0


def test_the_app_as_it_ships_spreads_its_tries(tmp_path: Path) -> None:
    """Nothing is put in the place of chance here: copies that are otherwise the same, down to their
    clock, go apart.
    """
    time = VirtualTime()
    server, keychain = LocalServer(time.now), FakeKeychain()

    async def signed_in_once() -> None:
        app = one_app(tmp_path, keychain, server.transport(), time.now)
        await signed_in(app, ADA.email, ADA.password)
        await app.close()

    async def shipped() -> App:
        look = Look(open_window=no_window, verify=lambda _: [])
        outside = Outside(
            keychain=keychain, recorder=Recorder(), clock=time.now, look=look,
            transport=server.transport()
        )  # fmt: skip
        app = App(Settings(origin=ORIGIN, data_dir=tmp_path), outside)
        app.store.dispatch(ev.InitialiseAsked())
        return app

    time.start(signed_in_once())
    time.advance(2)
    renewals, tries = set(), set()
    for outage in (None, "unreachable"):
        server.outage = outage
        for _ in range(12):
            app = time.run(shipped())
            time.settle()
            (renewals if outage is None else tries).add(
                app.store._early._alarm.moment if outage is None else app.store.retry_at
            )
            time.run(app.close())
    assert None not in renewals | tries
    assert len(renewals) == 12
    # A first try is never sooner than in 0.2 s: one in twenty waits just that.
    assert len(tries) > 6
    time.close()
    server.model.close()
