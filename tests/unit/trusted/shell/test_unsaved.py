"""A renewed pair that the disk did not take: it counts as stored, it is written at the next chance,
and until then its refresh token stays unspent (RF-3, LY-2).
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest

from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.errors import CannotTell, StorageLocked
from refapp.trusted.files import atomic_file
from refapp.trusted.rules import events as ev
from refapp.trusted.storage.secret import TokenPair
from refapp.trusted.storage.vault import Vault
from steps.in_process.one_app import signed_in, until
from steps.scenario import token_vault
from steps.scenario.people import ADA
from tests.unit.trusted.shell.app_desk import AppDesk

SOUND = atomic_file._temporary


class Desk(AppDesk):
    """A computer whose disk takes all but the token file while ``full``."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
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

    def another(self) -> App:
        """Another copy of the app."""
        return self.app(self.server.transport())

    def tell(
        self, story: Callable[[App], Coroutine[None, None, None]], seconds: float = 30
    ) -> None:
        """Of an app that has just renewed what the disk did not take."""

        async def whole() -> None:
            app = self.another()
            await signed_in(app, ADA.email, ADA.password)
            self.full = True
            await renew(app)
            assert app.store.held is not None
            assert app.store.held.pair != self.pair()
            await story(app)
            await app.close()

        self.play(whole(), seconds)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    monkeypatch.setattr(atomic_file, "_temporary", desk.temporary)
    yield desk
    desk.put_away()


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
        app.tokens.unsaved.close()
        desk.full = False
        async with desk.another().tokens.lease():
            before = desk.time.now()
            await app.close()
            assert desk.time.now() - before == pytest.approx(2.0, abs=0.1)

    desk.tell(story)


def phases(*apps: App) -> list[Phase]:
    return [app.store.state.phase for app in apps]


@pytest.mark.parametrize("mended_first", [True, False])
def test_another_copy_does_not_send_the_spent_pair_and_goes_on_with_the_new_one(
    desk: Desk, mended_first: bool
) -> None:
    async def story(app: App) -> None:
        before = desk.refreshes()
        desk.full = not mended_first
        other = desk.another()
        other.store.dispatch(ev.InitialiseAsked())
        await asyncio.sleep(40)
        assert phases(app, other) == [
            Phase.SIGNED_IN,
            Phase.SIGNED_IN if mended_first else Phase.OFFLINE,
        ]
        desk.full = False
        await until(other, lambda it: it.store.state.phase is Phase.SIGNED_IN)
        assert app.store.held is not None
        assert other.store.held is not None
        assert app.store.held.pair == other.store.held.pair == desk.pair()
        assert desk.refreshes() == before
        await other.close()

    desk.tell(story, 120)


@pytest.mark.parametrize("here", [True, False])
def test_a_sign_out_in_either_copy_is_one_in_both_and_frees_the_lease(
    desk: Desk, here: bool
) -> None:
    async def story(app: App) -> None:
        other = desk.another()
        other.store.dispatch(ev.InitialiseAsked())
        await until(other, lambda it: it.store.state.phase is Phase.OFFLINE)
        (app if here else other).store.dispatch(ev.SignOutAsked())
        await asyncio.sleep(1 if here else 45)
        assert desk.pair() is None
        assert Phase.SIGNED_IN not in phases(app, other)
        async with asyncio.timeout(0.1), other.tokens.lease():
            pass
        if here:
            assert desk.server.model.live_sessions(ADA.email) == 0
        await other.close()

    desk.tell(story, 120)


def test_an_app_that_was_closed_has_given_the_lease_back(desk: Desk) -> None:
    async def story(app: App) -> None:
        await app.close()
        async with asyncio.timeout(0.1), desk.another().tokens.lease():
            pass

    desk.tell(story)


def test_it_is_tried_again_soon(desk: Desk) -> None:
    async def story(app: App) -> None:
        await asyncio.sleep(0.5)
        desk.full = False
        await asyncio.sleep(1.0)
        assert app.store.held is not None
        assert desk.pair() == app.store.held.pair

    desk.tell(story)


def test_a_locked_keychain_is_asked_for_it_with_back_off(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    async def locked(*_: object) -> bool:
        asked.append(desk.time.now())
        raise StorageLocked("Locked.", "Unlock it.")

    async def story(app: App) -> None:
        monkeypatch.setattr(Vault, "write_if", locked)
        await asyncio.sleep(120)
        assert app.tokens.unsaved.held is not None

    desk.tell(story, 200)
    assert 3 < len(asked) < 9
    assert asked[-2] - asked[-3] > 15


def test_one_write_at_a_time_waits_for_a_copy_that_hangs(desk: Desk) -> None:
    async def story(app: App) -> None:
        app.tokens.unsaved.close()
        async with desk.another().tokens.lease():
            for _ in range(12):
                await asyncio.sleep(5)
                assert len(app.store._watch._tasks) <= 2, "the look's, and one write"

    desk.tell(story, 120)
