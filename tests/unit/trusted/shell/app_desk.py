"""A computer on which the whole app runs without a window, in virtual time, and its server."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path

import httpx

from refapp.trusted.composition.app import App
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.one_app import one_app
from steps.servers.local_server import LocalServer


class AppDesk:
    """Its files are in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = VirtualTime()
        self.server = LocalServer(self.time.now)
        self.keychain = FakeKeychain()

    def app(self, network: httpx.AsyncBaseTransport) -> App:
        """One copy of it."""
        return one_app(self.folder, self.keychain, network, self.time.now)

    def play(self, story: Coroutine[None, None, None], seconds: float) -> None:
        """It has to end within these seconds."""
        task = self.time.start(story)
        self.time.advance(seconds)
        task.result()

    def put_away(self) -> None:
        """For the end of the test."""
        self.time.close()
        self.server.model.close()
