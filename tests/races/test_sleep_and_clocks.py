"""A laptop that sleeps, and a clock that is wrong:
the wall clock and the loop's timers go apart (RF-13).

In both the server's time is the truth.
Nothing here may end a session, and nothing may make the app ask over and over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from refapp.demo_server.in_process import handler_of
from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.setup import ServerSettings
from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.rules import events as ev
from refapp.trusted.scheduling.backoff import LONGEST_S
from refapp.trusted.storage.secret import Credentials
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app, until
from steps.scenario.people import ADA
from steps.servers.local_server import ORIGIN

LIFE_S = 900.0
HOUR_S = 3600.0


class Laptop:
    """An app whose wall clock may go apart from the loop and from the server.
    ``slept_s``: for how long no timer ran.
    """

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.time = VirtualTime()
        self.slept_s = 0.0
        self.wrong_by_s = 0.0
        self.online = True
        options = {"mode": "rotating", "expires_in_s": LIFE_S, "scrypt_n": 2, **settings}
        self.model = AuthServerModel(
            ServerSettings(**options), clock=self.server_now, origin=ORIGIN
        )
        self.model.add_user(ADA.name, ADA.email, ADA.password)
        self._handle = handler_of(self.model)
        self._folder = folder
        self._keychain = FakeKeychain()

    def server_now(self) -> float:
        return self.time.now() + self.slept_s

    def own_now(self) -> float:
        return self.server_now() + self.wrong_by_s

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if not self.online:
            raise httpx.ConnectError("no network", request=request)
        return await self._handle(request)

    def start(self) -> App:
        """The app, signed in, with a token whose end is known."""

        async def build() -> App:
            app = one_app(
                self._folder, self._keychain, httpx.MockTransport(self._answer), self.own_now
            )
            app.store.dispatch(ev.InitialiseAsked())
            await until(app, lambda a: a.store.state.phase is Phase.SIGNED_OUT)
            app.store.dispatch(ev.SignInAsked(Credentials(ADA.email, ADA.password)))
            await until(app, lambda a: a.store.state.phase is Phase.SIGNED_IN)
            await app.close()
            app = one_app(
                self._folder, self._keychain, httpx.MockTransport(self._answer), self.own_now
            )
            app.store.dispatch(ev.InitialiseAsked())
            await until(app, lambda a: a.store.state.phase is Phase.SIGNED_IN)
            return app

        task = self.time.start(build())
        self.time.advance(1)
        self.model.requests.clear()
        return task.result()

    def refreshes(self) -> int:
        return [seen.path for seen in self.model.requests].count("/api/auth/refresh")

    def call(self, app: App) -> int:
        task = self.time.start(app.api.fetch("GET", "/app/me"))
        self.time.advance(1)
        return task.result().status

    def close(self, app: App) -> None:
        self.time.start(app.close())
        self.time.settle()
        self.time.close()
        self.model.close()


@pytest.fixture
def laptop(tmp_path: Path) -> Laptop:
    return Laptop(tmp_path)


@pytest.fixture
def app(laptop: Laptop) -> Iterator[App]:
    app = laptop.start()
    yield app
    laptop.close(app)


def test_after_a_night_s_sleep_one_refresh_and_no_sign_out(laptop: Laptop, app: App) -> None:
    laptop.time.advance(60)
    laptop.slept_s = 9 * HOUR_S
    laptop.time.advance(21)
    assert laptop.refreshes() == 1
    assert app.store.state.phase is Phase.SIGNED_IN
    assert laptop.call(app) == 200
    assert laptop.refreshes() == 1


def test_a_call_in_the_first_second_after_the_sleep_waits_for_the_one_refresh(
    laptop: Laptop, app: App
) -> None:
    laptop.time.advance(60)
    laptop.slept_s = 9 * HOUR_S
    assert laptop.call(app) == 200
    laptop.time.advance(60)
    assert laptop.refreshes() == 1
    assert [seen.path for seen in laptop.model.requests][:2] == ["/api/auth/refresh", "/app/me"]


def test_woken_without_a_network_it_is_offline_until_there_is_one(laptop: Laptop, app: App) -> None:
    laptop.slept_s = 9 * HOUR_S
    laptop.online = False
    laptop.time.advance(30)
    assert app.store.state.phase is Phase.OFFLINE
    laptop.online = True
    laptop.time.advance(180)
    assert app.store.state.phase is Phase.SIGNED_IN
    assert laptop.refreshes() == 1


@pytest.mark.parametrize("wrong_by_h", [-24 * 400, -5, 5, 24 * 400])
def test_a_clock_that_is_wrong_neither_ends_the_session_nor_makes_a_loop(
    laptop: Laptop, wrong_by_h: float
) -> None:
    laptop.wrong_by_s = wrong_by_h * HOUR_S
    app = laptop.start()
    laptop.time.advance(6 * HOUR_S)
    assert app.store.state.phase is Phase.SIGNED_IN
    # A renewal comes 480 to 780 seconds into each life; the tests' chance is the middle.
    assert laptop.refreshes() == int(6 * HOUR_S // 630)
    assert laptop.call(app) == 200
    assert app.store.state.said is not None
    assert app.store.state.said.number == 1
    assert app.store.state.said.text.endswith("please set the clock.")
    laptop.close(app)


@pytest.mark.parametrize("jump_h", [-5, 5])
def test_a_clock_that_is_set_while_the_app_runs(laptop: Laptop, app: App, jump_h: float) -> None:
    laptop.time.advance(60)
    laptop.wrong_by_s = jump_h * HOUR_S
    for _minute in range(6 * 60):
        laptop.time.advance(60)
        assert laptop.call(app) == 200
    assert app.store.state.phase is Phase.SIGNED_IN
    assert laptop.refreshes() <= 6 * HOUR_S / 630 + 2


def test_a_clock_that_is_set_right_does_not_keep_the_app_offline(laptop: Laptop, app: App) -> None:
    laptop.online = False
    laptop.time.advance(LIFE_S)
    assert app.store.state.phase is Phase.OFFLINE
    laptop.wrong_by_s = -2 * HOUR_S
    laptop.online = True
    laptop.time.advance(1.1 * LONGEST_S)
    assert app.store.state.phase is Phase.SIGNED_IN


def test_a_clock_that_is_set_right_does_not_put_off_the_renewal(laptop: Laptop, app: App) -> None:
    laptop.time.advance(60)
    laptop.wrong_by_s = -5 * HOUR_S
    laptop.time.advance(LIFE_S - 60)
    assert laptop.refreshes() == 1


def test_a_right_clock_is_not_spoken_of(laptop: Laptop, app: App) -> None:
    laptop.time.advance(6 * HOUR_S)
    assert app.store.state.said is None


@pytest.mark.parametrize("mode", ["rotating", "sliding"])
def test_a_session_of_two_seconds_makes_no_loop(tmp_path: Path, mode: str) -> None:
    laptop = Laptop(tmp_path, mode=mode, expires_in_s=2.0, update_age_s=0.0)
    app = laptop.start()
    laptop.time.advance(HOUR_S)
    assert laptop.model.requests == []
    laptop.close(app)


def test_a_check_that_moves_no_end_is_made_again_at_half_of_what_is_left_until_little_is(
    tmp_path: Path,
) -> None:
    laptop = Laptop(tmp_path, mode="sliding", update_age_s=10**6)
    app = laptop.start()
    laptop.time.advance(LIFE_S / 2)
    assert laptop.model.requests == []
    laptop.time.advance(LIFE_S / 2 - 30)
    assert [seen.path for seen in laptop.model.requests] == ["/api/auth/get-session"] * 4
    for _ in range(5):
        assert laptop.call(app) == 200
    # One more is beside the first call, for the name (LY-8).
    assert [seen.path for seen in laptop.model.requests].count("/api/auth/get-session") == 5
    laptop.close(app)


def test_a_laptop_that_sleeps_in_the_second_half_of_a_sliding_session_finds_it_alive(
    tmp_path: Path,
) -> None:
    laptop = Laptop(
        tmp_path, mode="sliding", expires_in_s=7 * 24 * HOUR_S, update_age_s=24 * HOUR_S
    )
    app = laptop.start()
    for _ in range(5):
        laptop.time.advance(4 * 24 * HOUR_S)
        laptop.slept_s += 2.5 * 24 * HOUR_S
    assert laptop.call(app) == 200
    asked = [seen.path for seen in laptop.model.requests].count("/api/auth/get-session")
    assert asked <= 2 * 5, "that is more often than needed"
    laptop.close(app)
