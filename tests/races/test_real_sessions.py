"""Whole sessions against real BetterAuth, without a window:
sign in, restore, call, renew, expire, sign out.

Every mode that the server can be run in, both releases.
A good session is never lost, a dead one never kept.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest

from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.errors import CannotTell, NoAccessToken, SessionExpired
from refapp.trusted.rules import events as ev
from refapp.trusted.storage.secret import SessionMode
from steps.fakes.fake_keychain import FakeKeychain
from steps.in_process.one_app import one_app, signed_in, until
from steps.scenario import token_vault
from steps.servers.auth_servers import (
    BETTERAUTH,
    BETTERAUTH_1_4,
    Server,
    betterauth_missing,
    real_betterauth,
)
from steps.servers.server_account import PASSWORD, Account

MODES = {
    "stock": ((), SessionMode.SLIDING),
    "rotating": (("--mode", "rotating"), SessionMode.ROTATING),
    "rotating with a reuse window": (
        ("--mode", "rotating", "--reuse-window", "30"),
        SessionMode.ROTATING,
    ),
    "single": (("--mode", "single"), SessionMode.ROTATING),
    "signatures required": (("--require-signature",), SessionMode.SLIDING),
    "expiry moves at each look": (("--update-age", "0"), SessionMode.SLIDING),
    "cookie cache": (("--cookie-cache", "300"), SessionMode.SLIDING),
    "moves deferred": (("--update-age", "0", "--defer-refresh"), SessionMode.SLIDING),
}


LIVES_S = 1.0
"""As long as a session of two seconds lives at least after it was used, moved or not."""
SECONDS_LONG = pytest.mark.parametrize(
    "running", ["1.7", pytest.param("1.4", marks=pytest.mark.matrix)], indirect=True, scope="module"
)


@pytest.fixture(scope="module", params=["1.7", "1.4"])
def running(request: pytest.FixtureRequest) -> Iterator[Callable[..., Server]]:
    """Starts servers of this release, one for each set of options."""
    release = BETTERAUTH if request.param == "1.7" else BETTERAUTH_1_4
    missing = betterauth_missing(release)
    if missing is not None:
        pytest.skip(missing)
    servers: dict[tuple[str, ...], Server] = {}

    def start(*options: str) -> Server:
        if options not in servers:
            servers[options] = real_betterauth("--scrypt-cost", "16", *options, release=release)
        return servers[options]

    yield start
    for server in servers.values():
        server.stop()


class Person:
    """Somebody at one computer; ``app`` is what runs now."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.server = server
        self.account = Account(server)
        self._folder = folder
        self._keychain = FakeKeychain()
        self.app: App = self._new()

    def _new(self) -> App:
        return one_app(self._folder, self._keychain, None, time.time, self.server.url)

    async def signs_in(self) -> None:
        await signed_in(self.app, self.account.email, PASSWORD)

    async def opens_again(self) -> Phase:
        """Close the app and start it on what is stored; the phase that it comes to rest in."""
        await self.app.close()
        self.app = self._new()
        self.app.store.dispatch(ev.InitialiseAsked())
        await until(self.app, lambda a: a.store.state.phase is not Phase.RESTORING)
        return self.phase

    async def calls(self) -> int:
        return (await self.app.api.fetch("GET", "/app/me")).status

    async def signs_out(self) -> None:
        self.app.store.dispatch(ev.SignOutAsked())
        await until(
            self.app, lambda a: a.store.state.phase in {Phase.SIGNED_OUT, Phase.AWAITING_RESTART}
        )

    def operator(self, order: str) -> int:
        return self.server.control(order, email=self.account.email)

    @property
    def phase(self) -> Phase:
        return self.app.store.state.phase


def tell(
    folder: Path, server: Server, story: Callable[[Person], Coroutine[None, None, None]]
) -> None:
    async def whole() -> None:
        person = Person(folder, server)
        try:
            await story(person)
        finally:
            await person.app.close()

    asyncio.run(whole())


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(running: Callable[..., Server], mode: str) -> Server:
    return running(*MODES[mode][0])


def test_a_whole_life(server: Server, mode: str, tmp_path: Path) -> None:
    async def story(ada: Person) -> None:
        await ada.signs_in()
        for _start in range(3):
            assert await ada.calls() == 200
            assert await ada.opens_again() is Phase.SIGNED_IN
        assert ada.app.store.state.mode is MODES[mode][1]
        assert ada.app.store.state.profile is not None
        assert ada.app.store.state.profile.email == ada.account.email
        assert await asyncio.gather(*[ada.calls() for _ in range(20)]) == [200] * 20
        before = ada.operator("live_sessions")
        await ada.signs_out()
        async with asyncio.timeout(20):
            while ada.operator("live_sessions") != before - 1:  # noqa: ASYNC110 - the server tells nobody
                await asyncio.sleep(0.01)
        with pytest.raises(NoAccessToken):
            await ada.calls()
        assert await ada.opens_again() is Phase.SIGNED_OUT
        assert ada.app.history.reasons("") == []

    tell(tmp_path, server, story)


def test_revoked_from_elsewhere(server: Server, tmp_path: Path) -> None:
    async def story(ada: Person) -> None:
        await ada.signs_in()
        assert await ada.opens_again() is Phase.SIGNED_IN
        ada.operator("revoke_all")
        with pytest.raises(SessionExpired):
            await ada.calls()
        assert ada.phase is Phase.EXPIRED
        await ada.signs_in()
        assert await ada.calls() == 200

    tell(tmp_path, server, story)


def test_revoked_while_closed(server: Server, tmp_path: Path) -> None:
    async def story(ada: Person) -> None:
        await ada.signs_in()
        ada.operator("revoke_all")
        assert await ada.opens_again() is Phase.EXPIRED
        await until(ada.app, lambda _: not token_vault.path_in(tmp_path).exists())
        assert await ada.opens_again() is Phase.SIGNED_OUT

    tell(tmp_path, server, story)


def test_a_store_that_breaks_and_heals(server: Server, tmp_path: Path) -> None:
    async def story(ada: Person) -> None:
        await ada.signs_in()
        assert await ada.opens_again() is Phase.SIGNED_IN
        ada.server.control("break_store")
        try:
            with pytest.raises(CannotTell):
                await ada.calls()
            assert await ada.opens_again() is Phase.OFFLINE
        finally:
            ada.server.control("clear_faults")
        ada.app.store.dispatch(ev.TryAgainAsked())
        await until(ada.app, lambda a: a.store.state.phase is not Phase.OFFLINE)
        assert ada.phase is Phase.SIGNED_IN
        assert await ada.calls() == 200

    tell(tmp_path, server, story)


@pytest.mark.parametrize("options", [(), ("--reuse-window", "30")])
def test_an_access_token_that_runs_out_is_renewed(
    running: Callable[..., Server], options: tuple[str, ...], tmp_path: Path
) -> None:
    async def story(ada: Person) -> None:
        await ada.signs_in()
        for _ in range(5):
            ada.operator("expire_access")
            assert await asyncio.gather(*[ada.calls() for _ in range(20)]) == [200] * 20
            ada.operator("expire_access")
            assert await ada.opens_again() is Phase.SIGNED_IN
        assert ada.app.history.reasons("") == []

    tell(tmp_path, running("--mode", "rotating", *options), story)


@SECONDS_LONG
def test_sessions_of_two_seconds_that_rotate(
    running: Callable[..., Server], tmp_path: Path
) -> None:
    async def story(ada: Person) -> None:
        await ada.signs_in()
        end = time.monotonic() + 7
        while time.monotonic() < end:
            assert await ada.calls() == 200
            await asyncio.sleep(0.05)
        assert ada.phase is Phase.SIGNED_IN

    tell(tmp_path, running("--mode", "rotating", "--expires-in", "2"), story)


@SECONDS_LONG
@pytest.mark.parametrize("options", [("--update-age", "0"), ("--update-age", "1")])
def test_sessions_of_two_seconds_that_slide(
    running: Callable[..., Server], options: tuple[str, ...], tmp_path: Path
) -> None:
    async def story(ada: Person) -> None:
        since = used = time.monotonic()
        await ada.signs_in()
        while time.monotonic() - since < 6:
            asked = time.monotonic()
            try:
                assert await ada.calls() == 200
            except SessionExpired:
                # This machine was so busy that it was not used in time.
                assert time.monotonic() - used > LIVES_S
                since = asked = time.monotonic()
                await ada.signs_in()
            used = asked
            await asyncio.sleep(0.05)
        await asyncio.sleep(2.5)
        with pytest.raises(SessionExpired):
            await ada.calls()
        assert ada.phase is Phase.EXPIRED

    tell(tmp_path, running("--expires-in", "2", *options), story)
