"""A sign-out beside what is under way: who tells the server, and of which session (SO-1, SO-7)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path

from refapp.snapshot import Phase
from refapp.trusted import events as ev
from refapp.trusted.app import App
from steps.fake_keychain import FakeKeychain
from steps.local_server import LocalServer
from steps.one_app import one_app, signed_in, until
from steps.people import ADA
from steps.virtual_time import VirtualTime

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
