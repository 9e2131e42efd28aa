"""RS-3: who was signed in is named before the keychain has answered, and the name goes again if it
turns out to be wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from refapp.snapshot import Phase, StateParams
from refapp.trusted.composition.app import App, Outside
from refapp.trusted.config import Settings
from refapp.trusted.files import places
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.recorder import Recorder
from refapp.trusted.window.window_host import Look, WindowEnd
from steps.fakes.fake_keychain import TROUBLES, FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.fakes.windows.fake_window import FakeWindow
from steps.in_process.one_app import one_app, signed_in
from steps.scenario import token_vault
from steps.scenario.people import ADA
from steps.servers.local_server import ORIGIN, LocalServer


class SlowKeychain(FakeKeychain):
    """Says nothing for a second."""

    async def status(self) -> StorageState:
        await asyncio.sleep(1)
        return await super().status()


class Start:
    """A folder in which Ada was signed in, and what a window is sent when the app starts there."""

    def __init__(self, folder: Path) -> None:
        self.time = VirtualTime()
        self.folder = folder
        self.keychain = SlowKeychain()
        self._server = LocalServer(self.time.now)
        self._run(self._signed_in())

    async def _signed_in(self) -> None:
        app = one_app(self.folder, self.keychain, self._server.transport(), self.time.now)
        await signed_in(app, ADA.email, ADA.password)
        await app.close()

    def snapshots(self) -> list[StateParams]:
        """All of them, oldest first."""
        windows: list[FakeWindow] = []

        async def open_window(
            on_line: Callable[[bytes], None], on_end: Callable[[int, str], None]
        ) -> WindowEnd:
            windows.append(FakeWindow(on_line, on_end))
            return windows[-1]

        async def story() -> None:
            outside = Outside(
                keychain=self.keychain,
                recorder=Recorder(clock=self.time.now),
                clock=self.time.now,
                look=Look(open_window=open_window, verify=lambda _: []),
                transport=self._server.transport(),
            )
            app = App(Settings(origin=ORIGIN, data_dir=self.folder), outside)
            await app.start()
            await asyncio.sleep(10)
            await app.close()

        self._run(story())
        return [shown for window in windows for shown in window.snapshots]

    def _run(self, story: object) -> None:
        task = self.time.start(story)  # type: ignore[arg-type]
        self.time.advance(30)
        task.result()

    def close(self) -> None:
        self.time.close()
        self._server.model.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    made = Start(tmp_path)
    yield made
    made.close()


def names(snapshots: list[StateParams]) -> list[tuple[Phase, str | None]]:
    """What the header said, without repetitions."""
    said = [(state.phase, state.user.name if state.user else None) for state in snapshots]
    return [one for number, one in enumerate(said) if number == 0 or one != said[number - 1]]


def test_she_is_named_before_the_keychain_has_answered(start: Start) -> None:
    shown = start.snapshots()
    assert names(shown) == [(Phase.RESTORING, ADA.name), (Phase.SIGNED_IN, ADA.name)]
    assert shown[0].storage.state == "unknown", "the keychain had not answered"


def test_a_keychain_that_is_locked_leaves_her_the_name_and_the_notes(start: Start) -> None:
    start.keychain.trouble = TROUBLES["locked"]
    assert names(start.snapshots()) == [(Phase.RESTORING, ADA.name), (Phase.UNAVAILABLE, ADA.name)]


def test_a_keychain_that_is_locked_names_nobody_where_no_token_is_on_file(start: Start) -> None:
    start.keychain.trouble = TROUBLES["locked"]
    token_vault.path_in(start.folder).unlink()
    assert names(start.snapshots()) == [(Phase.RESTORING, None), (Phase.UNAVAILABLE, None)]


def test_nobody_is_named_where_no_token_is_on_file(start: Start) -> None:
    token_vault.path_in(start.folder).unlink()
    assert names(start.snapshots()) == [(Phase.RESTORING, None), (Phase.SIGNED_OUT, None)]


def test_a_name_that_is_not_the_tokens_owner_goes_and_brings_no_notes(start: Start) -> None:
    settings = places.profile(start.folder, ORIGIN)
    settings.write_bytes(settings.read_bytes().replace(ADA.name.encode(), b"Bob"))
    profile = msgspec.json.decode(settings.read_bytes())
    settings.write_bytes(msgspec.json.encode({**profile, "id": "another"}))
    shown = start.snapshots()
    assert names(shown) == [(Phase.RESTORING, "Bob"), (Phase.SIGNED_IN, ADA.name)], (
        "each in a window of their own"
    )
    assert shown[0].notes == []
