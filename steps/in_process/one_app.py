"""The trusted side alone, without a window:
one app on one folder, for tests that drive the session itself.

Several of them may share a folder, a keychain, a clock and a server:
copies of the app on one computer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx

from refapp.trusted.composition.app import App, Outside
from refapp.trusted.config import Settings
from refapp.trusted.keys.keychain import Keychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.rules import events as ev
from refapp.trusted.storage.secret import Credentials
from refapp.trusted.window.window_host import Look, WindowEnd
from steps.fakes.fake_browser import FakeBrowser
from steps.servers.local_server import ORIGIN


async def no_window(
    on_line: Callable[[bytes], None], on_end: Callable[[int, str], None]
) -> WindowEnd:
    """These tests have none."""
    raise AssertionError("no window is opened here")


def one_app(
    folder: Path,
    keychain: Keychain,
    transport: httpx.AsyncBaseTransport | None,
    clock: Callable[[], float],
    origin: str = ORIGIN,
    browser: FakeBrowser | None = None,
    lock_deadline_s: float = 20.0,
    request_timeout_s: float = 15.0,
) -> App:
    """An app whose session is driven through ``app.store``. Call it inside the loop.

    ``transport`` None: real HTTP to ``origin``. ``browser`` None: one that opens nothing.
    ``lock_deadline_s``: how long it waits for a copy that hangs, ``request_timeout_s`` for an
    answer.
    """
    browser = browser or FakeBrowser()
    outside = Outside(
        keychain=keychain,
        recorder=Recorder(clock=clock),
        clock=clock,
        look=Look(open_window=no_window, verify=lambda _: []),
        transport=transport,
        chance=lambda: 0.5,
        browser=browser,
        open_return=browser.open_return,
    )
    settings = Settings(
        origin=origin,
        data_dir=folder,
        lock_deadline_s=lock_deadline_s,
        request_timeout_s=request_timeout_s,
    )
    return App(settings, outside)


async def until(app: App, happened: Callable[[App], bool], look_every_s: float = 0.001) -> None:
    """Wait, in the loop's time, until ``happened``. Raises TimeoutError after a minute of it."""
    async with asyncio.timeout(60):
        while not happened(app):  # noqa: ASYNC110 - the loop's time is virtual or the wait is short
            await asyncio.sleep(look_every_s)


async def signed_in(app: App, email: str, password: str, look_every_s: float = 0.001) -> None:
    """Sign in and wait for it."""
    app.store.dispatch(ev.InitialiseAsked())
    await until(app, lambda a: a.store.state.phase.value in ("signed_out", "expired"), look_every_s)
    app.store.dispatch(ev.SignInAsked(Credentials(email, password)))
    await until(app, lambda a: a.store.state.phase.value != "signing_in", look_every_s)
    assert app.store.state.phase.value == "signed_in", app.store.state.form_error
