"""The app is closed while a refresh is under way: how long that may take, and what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import httpx
import pytest

from refapp.trusted.composition.app import App
from refapp.trusted.errors import NoAccessToken, SessionClosed
from refapp.trusted.rules import events as ev
from steps.in_process.one_app import signed_in
from steps.scenario.people import ADA
from tests.unit.trusted.shell.app_desk import AppDesk


class Desk(AppDesk):
    """A computer whose network delivers each answer ``late_s`` seconds late."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.late_s = 0.0

    async def answer(self, request: httpx.Request) -> httpx.Response:
        came = await self.server.answer(request)
        await asyncio.sleep(self.late_s)
        return came

    def asked(self) -> list[str]:
        return [request.url.path.rpartition("/")[2] for request in self.server.seen]

    def tell(self, story: Callable[[App], Coroutine[None, None, None]]) -> None:
        """Of an app whose access token has run out."""

        async def whole() -> None:
            app = self.app(httpx.MockTransport(self.answer))
            await signed_in(app, ADA.email, ADA.password)
            self.server.do("expire_access", email=ADA.email)
            self.server.seen.clear()
            await story(app)

        self.play(whole(), 60)

    async def close(self, app: App) -> float:
        """How long it took."""
        began = self.time.now()
        await app.close()
        return self.time.now() - began


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.put_away()


@pytest.mark.parametrize(("late_s", "takes_s"), [(0.6, 0.5), (9.0, 2.0)])
def test_its_answer_is_waited_for_and_a_call_that_waits_for_it_is_not_repeated(
    late_s: float, takes_s: float, desk: Desk
) -> None:
    async def story(app: App) -> None:
        before = await app.tokens.load()
        call = asyncio.create_task(app.api.fetch("GET", "/app/me"))
        await asyncio.sleep(0.1)  # it met its 401 at once
        assert desk.asked() == ["me", "refresh"]
        assert await desk.close(app) == pytest.approx(takes_s, abs=0.01)
        with pytest.raises(SessionClosed):
            await call
        assert desk.asked() == ["me", "refresh"]
        assert (await app.tokens.load() != before) == (late_s < 2.0)

    async def refresh_is_late(request: httpx.Request) -> httpx.Response:
        desk.late_s = late_s if request.url.path.endswith("/refresh") else 0.0
        return await Desk.answer(desk, request)

    desk.answer = refresh_is_late  # type: ignore[method-assign]
    desk.tell(story)


def test_beside_a_sign_out_the_two_wait_together(desk: Desk) -> None:
    async def story(app: App) -> None:
        desk.late_s = 9.0
        app.store.dispatch(ev.TryAgainAsked())
        held = app.store.held
        assert held is not None
        renewing = asyncio.create_task(app.store.renew(held.pair.access, app.store.owner))
        await asyncio.sleep(0.1)
        app.store.dispatch(ev.SignOutAsked())
        await asyncio.sleep(0.1)
        assert {"refresh", "sign-out"} <= set(desk.asked())
        assert await desk.close(app) == pytest.approx(2.0, abs=0.01)
        with pytest.raises(NoAccessToken):
            await renewing
        assert not app.tokens.on_file()

    desk.tell(story)


def test_one_that_waits_for_another_copy_was_not_sent_and_is_not_waited_for(desk: Desk) -> None:
    async def story(app: App) -> None:
        async with desk.app(desk.answer).tokens.lease():
            held = app.store.held
            assert held is not None
            renewing = asyncio.create_task(app.store.renew(held.pair.access, app.store.owner))
            await asyncio.sleep(0.1)
            assert await desk.close(app) == 0.0
            with pytest.raises(NoAccessToken):
                await renewing
        assert desk.asked() == []

    desk.tell(story)
