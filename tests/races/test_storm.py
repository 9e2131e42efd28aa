"""A hundred calls that meet 401 at once;
the server rotates refresh tokens and kills the session on a replay (RF-2, RF-9).

Twenty seeded rounds, up to 300 ms of jitter before and after each answer, in virtual time.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import httpx
import pytest

from refapp.demo_server.in_process import handler_of
from refapp.demo_server.model import AuthServerModel, ServerSettings
from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app, signed_in
from steps.scenario.people import ADA
from steps.servers.local_server import ORIGIN

CALLS = 100
JITTER_S = 0.3


def jittered(model: AuthServerModel, chance: random.Random) -> httpx.MockTransport:
    handle = handler_of(model)

    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(chance.uniform(0, JITTER_S))
        response = await handle(request)
        await asyncio.sleep(chance.uniform(0, JITTER_S))
        return response

    return httpx.MockTransport(answer)


@pytest.mark.parametrize("seed", range(20))
def test_a_storm_makes_one_refresh_and_loses_nothing(seed: int, tmp_path: Path) -> None:
    time = VirtualTime()
    model = AuthServerModel(
        ServerSettings(mode="rotating", scrypt_n=2), clock=time.now, origin=ORIGIN
    )
    model.add_user(ADA.name, ADA.email, ADA.password)
    chance = random.Random(seed)

    async def storm() -> tuple[App, list[int | str]]:
        app = one_app(tmp_path, FakeKeychain(), jittered(model, chance), time.now)
        await signed_in(app, ADA.email, ADA.password)
        await asyncio.sleep(5)
        model.expire_access(ADA.email)
        model.requests.clear()

        async def call() -> int | str:
            await asyncio.sleep(chance.uniform(0, JITTER_S))
            try:
                return (await app.api.fetch("GET", "/app/me")).status
            except Exception as error:  # noqa: BLE001 - whatever ends a call is counted
                return type(error).__name__

        return app, await asyncio.gather(*[call() for _ in range(CALLS)])

    task = time.start(storm())
    time.advance(120)
    app, answers = task.result()
    assert answers == [200] * CALLS
    assert [seen.path for seen in model.requests].count("/api/auth/refresh") == 1
    assert model.live_sessions(ADA.email) == 1
    assert app.store.state.phase is Phase.SIGNED_IN
    time.start(app.close())
    time.settle()
    time.close()
    model.close()
