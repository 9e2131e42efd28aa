"""A sign-out beside what is under way: which session the server is told of, and what goes on if it
fails (SO-1, SO-2, SO-7).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.errors import WriteFailed, WriteNotDurable
from refapp.trusted.rules import events as ev
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app, signed_in, until
from steps.scenario.people import ADA
from steps.servers.local_server import LocalServer

OUT = (Phase.SIGNED_OUT, Phase.AWAITING_RESTART)


class World:
    """One computer in virtual time, and its server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = VirtualTime()
        self.server = LocalServer(self.time.now)
        self.keychain = FakeKeychain()

    def app(self) -> App:
        return one_app(self.folder, self.keychain, self.server.transport(), self.time.now)

    async def signed_in_before(self) -> None:
        """A run of the app in which Ada signed in."""
        app = self.app()
        await signed_in(app, ADA.email, ADA.password)
        await app.close()

    def sessions(self) -> int:
        return self.server.model.live_sessions(ADA.email)

    def run(self, story: Callable[[], Coroutine[None, None, None]]) -> None:
        task = self.time.start(story())
        self.time.advance(120)
        task.result()
        self.time.close()
        self.server.model.close()


def test_the_server_is_told_of_a_session_that_nobody_had_read_yet(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def story() -> None:
        await world.signed_in_before()
        app = world.app()
        app.store.dispatch(ev.InitialiseAsked())
        app.store.dispatch(ev.SignOutAsked())
        assert app.store.held is None
        await until(app, lambda a: a.store.state.phase in OUT)
        await app.close()
        assert world.sessions() == 0
        assert app.store.state.said is None

    world.run(story)


def test_where_nothing_was_stored_there_is_nothing_to_tell(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def story() -> None:
        app = world.app()
        app.store.dispatch(ev.InitialiseAsked())
        app.store.dispatch(ev.SignOutAsked())
        await until(app, lambda a: a.store.state.phase in OUT)
        await app.close()
        assert app.store.state.said is None

    world.run(story)
    assert world.server.seen == []


def test_a_token_of_nobody_s_beside_hers_does_not_keep_them_on_the_disk(tmp_path: Path) -> None:
    """Another copy's window has just stored one, and her refresh token is still there (OW-4)."""
    world = World(tmp_path)

    async def story() -> None:
        app, other = world.app(), world.app()
        await signed_in(app, ADA.email, ADA.password)
        await other._parts.storage.set("accessToken", "a token")
        app.store.dispatch(ev.SignOutAsked())
        await until(app, lambda a: a.store.state.phase in OUT)
        assert not app.tokens.on_file()
        await app.close()
        await other.close()
        assert world.sessions() == 0
        assert world.keychain.items == {}

    world.run(story)


def refuses_to_delete(app: App) -> asyncio.Event:
    """From now on the token file can't be removed, which is found out once the event is set."""
    found_out = asyncio.Event()

    async def refuse() -> None:
        await found_out.wait()
        raise WriteFailed("The folder is read-only.")

    app.tokens.forget = refuse  # type: ignore[method-assign]
    return found_out


async def sign_out_in_vain(app: App) -> None:
    refuses_to_delete(app).set()
    app.store.dispatch(ev.SignOutAsked())
    await until(app, lambda a: a.store.state.phase is not Phase.SIGNING_OUT)
    assert app.store.state.said is not None
    assert app.store.state.said.text.startswith(
        "You are still signed in: The folder is read-only. "
    )


def test_a_wait_that_the_server_asked_for_is_kept_to(tmp_path: Path) -> None:
    """OF-7: the next try was planned before the sign-out that failed, and is made then."""
    world = World(tmp_path)

    async def story() -> None:
        await world.signed_in_before()
        app = world.app()
        world.server.do("throttle_next", path="/api/auth/refresh", after_s=30)
        app.store.dispatch(ev.InitialiseAsked())
        await until(app, lambda a: a.store.state.phase is Phase.OFFLINE)
        planned = app.store.retry_at
        await sign_out_in_vain(app)
        assert app.store.state.phase is Phase.OFFLINE
        assert app.store.retry_at == planned
        await asyncio.sleep(40)
        assert app.store.state.phase is Phase.SIGNED_IN
        await app.close()

    world.run(story)


@pytest.mark.parametrize("answered", ["before it fails", "after it failed"])
def test_a_refresh_that_a_failed_sign_out_met_is_not_lost(tmp_path: Path, answered: str) -> None:
    """The server has spent the old refresh token: whoever drops the answer has lost the session."""
    world = World(tmp_path)

    async def story() -> None:
        app = world.app()
        await signed_in(app, ADA.email, ADA.password)
        held = app.store.held
        assert held is not None
        world.server.do("hold_next", path="/api/auth/refresh")
        world.server.seen.clear()
        world.server.model.expire_access(ADA.email)
        call = asyncio.create_task(app.api.fetch("GET", "/app/me"))
        await asyncio.sleep(1)
        found_out = refuses_to_delete(app)
        app.store.dispatch(ev.SignOutAsked())
        for happens in (lambda: world.server.do("release"), found_out.set)[
            :: 1 if answered == "before it fails" else -1
        ]:
            happens()
            await asyncio.sleep(1)
        assert app.store.state.phase is Phase.SIGNED_IN
        assert (await call).status == 200
        assert [request.url.path for request in world.server.seen].count("/api/auth/refresh") == 1
        assert "/api/auth/sign-out" not in [request.url.path for request in world.server.seen]
        stored = await app.tokens.load()
        assert stored == app.store.held
        assert stored != held
        assert (await app.api.fetch("GET", "/app/me")).status == 200
        await app.close()

    world.run(story)


def test_a_file_that_is_gone_though_the_disk_did_not_confirm_it_is_gone(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def story() -> None:
        app = world.app()
        await signed_in(app, ADA.email, ADA.password)
        forget = app.tokens.forget

        async def unconfirmed() -> None:
            await forget()
            raise WriteNotDurable("The disk did not confirm.")

        app.tokens.forget = unconfirmed  # type: ignore[method-assign]
        app.store.dispatch(ev.SignOutAsked())
        await until(app, lambda a: a.store.state.phase in OUT)
        await app.close()
        assert world.sessions() == 0
        assert app.history.reasons("")[-1].sentence == "The disk did not confirm."

    world.run(story)
