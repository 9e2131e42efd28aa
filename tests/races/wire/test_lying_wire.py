"""Whatever a wire says, the real client over real sockets ends each call, makes no loop of it, and goes on once it is honest.

Each run is a seed's; ``--seed S`` runs others. Over plain HTTP an answer that belongs to another request, or a changed byte, may
cost a session, and then a reason is kept: TLS stops both on the way, and without TLS the app speaks to this computer alone.
Whether a session is ever lost to the lies that can be told is not asserted here yet.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

import pytest

from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.setup import ServerSettings
from refapp.snapshot import Phase
from refapp.trusted.composition.app import App
from refapp.trusted.errors import CallError
from refapp.trusted.rules import events as ev
from refapp.trusted.storage.secret import Credentials
from steps.fakes.fake_keychain import FakeKeychain
from steps.in_process.every_order import one_order
from steps.in_process.one_app import one_app
from steps.scenario.people import ADA
from steps.servers.lying_wire import TELLABLE, UNTELLABLE, LyingWire

RUNS = 200
AT_ONCE = 50
ROUNDS, CALLS = 3, 4
TIMEOUT_S = 0.5
MOST_REFRESHES = 3 * ROUNDS * CALLS
"""A renewal sends at most twice, and each call may need one; a third of them for what is tried again by itself."""


async def call(app: App) -> str:
    try:
        return str((await app.api.fetch("GET", "/app/me")).status)
    except CallError as error:
        return error.code


def run_out(app: App, model: AuthServerModel) -> None:
    """The access token that the app has runs out. One that it has not heard of does not: the server would not give it again."""
    sessions, held = model._backend.sessions, app.store.held
    if held is not None:
        sessions._write("UPDATE session SET expires_at = 0 WHERE token = ?", sessions.token_in(held.pair.access) or "")


async def sign_in(app: App) -> None:
    """Over the honest wire; a machine that is busy may need more than one try."""
    app.store.dispatch(ev.InitialiseAsked())
    async with asyncio.timeout(60):
        while app.store.state.phase is not Phase.SIGNED_IN:
            app.store.dispatch(ev.SignInAsked(Credentials(ADA.email, ADA.password)))
            await asyncio.sleep(0.01)


async def lie(app: App, wire: LyingWire, model: AuthServerModel) -> None:
    """Some calls at once, each time after the access token has run out, over the wire that lies."""
    wire.lying = True
    for _ in range(ROUNDS):
        run_out(app, model)
        async with asyncio.timeout(60):
            await asyncio.gather(*[call(app) for _ in range(CALLS)])
    wire.lying = False


async def go_on(app: App) -> None:
    """The person presses "try again", until a call says whether she is signed in: old lies may lie in a connection."""
    async with asyncio.timeout(60):
        while app.store.state.phase is not Phase.EXPIRED:
            if await call(app) == "200" and app.store.state.phase is Phase.SIGNED_IN:
                return
            app.store.dispatch(ev.TryAgainAsked())
            await asyncio.sleep(0.01)


async def one_run(number: int, mistakes: list[dict[str, object]]) -> None:
    choose = one_order(number)
    window = (60.0, 60.0, 0.0)[number % 3]
    tellable = number % 4 != 0
    model = AuthServerModel(
        ServerSettings(mode="rotating", scrypt_n=2, reuse_window_s=window), clock=time.time, origin=""
    )
    model.add_user(ADA.name, ADA.email, ADA.password)
    with tempfile.TemporaryDirectory() as folder:
        async with LyingWire(model, choose, TELLABLE if tellable else UNTELLABLE) as wire:
            app = one_app(Path(folder), FakeKeychain(), None, time.time, wire.url, request_timeout_s=TIMEOUT_S)
            await sign_in(app)
            await lie(app, wire, model)
            await go_on(app)
            phase = app.store.state.phase
            refreshes = sum(one.path == "/api/auth/refresh" for one in model.requests)
            why = [one.sentence for one in app.history.reasons(app.store.state.user_id)]
            await app.close()
    model.close()
    assert mistakes == []
    assert refreshes <= MOST_REFRESHES, f"{refreshes} refreshes"
    assert phase in (Phase.SIGNED_IN, Phase.EXPIRED), f"it is {phase.value}"
    assert phase is Phase.SIGNED_IN or why, "a session is over, and no reason is kept"


@pytest.mark.parametrize("batch", range(RUNS // AT_ONCE))
def test_whatever_the_wire_says(batch: int, request: pytest.FixtureRequest) -> None:
    first = request.config.getoption("seed") * RUNS + batch * AT_ONCE

    async def batch_of_runs() -> None:
        mistakes: list[dict[str, object]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: mistakes.append(context))
        runs = [asyncio.create_task(one_run(first + number, mistakes)) for number in range(AT_ONCE)]
        await asyncio.wait(runs)
        for number, run in enumerate(runs):
            if (error := run.exception()) is not None:
                error.add_note(f"run {first + number}")
                raise error

    asyncio.run(batch_of_runs())
