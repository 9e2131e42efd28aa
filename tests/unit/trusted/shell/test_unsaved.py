"""A renewed pair that the disk did not take: it counts as stored, it is written at the next chance,
and until then its refresh token stays unspent (RF-3, LY-2).
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest

from refapp.trusted.composition.app import App
from refapp.trusted.errors import CannotTell
from refapp.trusted.files import atomic_file
from refapp.trusted.storage.secret import TokenPair
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app, signed_in
from steps.scenario import token_vault
from steps.scenario.people import ADA
from steps.servers.local_server import LocalServer

SOUND = atomic_file._temporary


class Desk:
    """A computer whose disk takes all but the token file while ``full``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = VirtualTime()
        self.server = LocalServer(self.time.now)
        self.keychain = FakeKeychain()
        self.full = False

    def temporary(self, path: Path) -> tuple[int, str]:
        if self.full and path.name.startswith("tokens-"):
            raise OSError(errno.ENOSPC, "full")
        return SOUND(path)

    def pair(self) -> TokenPair | None:
        """What is really on file."""
        found = token_vault.pair_in(self.folder, self.server.model.origin, self.keychain.items.get)
        return None if found is None else TokenPair(found.access, found.refresh)

    def refreshes(self) -> int:
        return sum(request.url.path.endswith("/refresh") for request in self.server.seen)

    def tell(self, story: Callable[[App], Coroutine[None, None, None]]) -> None:
        """Of an app that has just renewed what the disk did not take."""

        async def whole() -> None:
            app = one_app(self.folder, self.keychain, self.server.transport(), self.time.now)
            await signed_in(app, ADA.email, ADA.password)
            self.full = True
            await renew(app)
            assert app.store.held is not None
            assert app.store.held.pair != self.pair()
            await story(app)
            await app.close()

        task = self.time.start(whole())
        self.time.advance(30)
        task.result()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    monkeypatch.setattr(atomic_file, "_temporary", desk.temporary)
    yield desk
    desk.time.close()
    desk.server.model.close()


async def renew(app: App) -> TokenPair:
    """As after a call's 401."""
    held = app.store.held
    assert held is not None
    return (await app.store.renew(held.pair.access, app.store.owner)).pair


def test_its_refresh_token_is_not_spent_before_it_is_on_file(desk: Desk) -> None:
    async def story(app: App) -> None:
        held = app.store.held
        before = desk.refreshes()
        with pytest.raises(CannotTell, match="could not be written"):
            await renew(app)
        assert (desk.refreshes(), app.store.held) == (before, held)
        desk.full = False
        assert await renew(app) == desk.pair()
        assert desk.refreshes() == before + 1
        assert held is not None
        assert desk.pair() != held.pair

    desk.tell(story)


def test_what_another_copy_writes_beside_it_does_not_bring_the_spent_pair_back(desk: Desk) -> None:
    async def story(app: App) -> None:
        held = app.store.held
        [file] = desk.folder.glob("tokens-*.json")
        file.write_bytes(file.read_bytes() + b" ")
        assert app.tokens.version.changed()
        assert await app.store.newest(app.store.owner) == held

    desk.tell(story)


def test_an_end_of_the_session_forgets_what_it_replaces(desk: Desk) -> None:
    async def story(app: App) -> None:
        held = app.store.held
        assert held is not None
        assert await app.tokens.forget_if(held.pair)
        assert await app.tokens.load() is None

    desk.tell(story)
    assert desk.pair() is None


def test_a_sign_in_takes_its_place(desk: Desk) -> None:
    async def story(app: App) -> None:
        held = app.store.held
        assert held is not None
        desk.full = False
        await app.tokens.save(held)
        await app.tokens.save_again()
        assert desk.pair() == held.pair
        assert await app.tokens.load() == held

    desk.tell(story)


def test_an_end_of_the_app_does_not_wait_for_a_copy_that_hangs(desk: Desk) -> None:
    async def story(app: App) -> None:
        desk.full = False
        other = one_app(desk.folder, desk.keychain, None, desk.time.now)
        async with other.tokens.lease():
            before = desk.time.now()
            await app.close()
            assert desk.time.now() - before == pytest.approx(2.0, abs=0.1)

    desk.tell(story)
