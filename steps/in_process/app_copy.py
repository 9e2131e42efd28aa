"""One running copy of the app in this process, with its window;
a computer may have several of them.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from unittest import mock

from refapp.messages import Colours
from refapp.snapshot import Check, DemoAccount, Way
from refapp.trusted.composition.app import App, Outside
from refapp.trusted.config import Settings
from refapp.trusted.errors import CallError
from refapp.trusted.files import run_mark
from refapp.trusted.window import colour_scheme
from refapp.trusted.window.appearance import Appearance
from refapp.trusted.window.window_ends import CLOSED, NO_DISPLAY, NOT_CONFINED
from refapp.trusted.window.window_host import Look, WindowEnd
from steps.fakes.windows.fake_window import FakeWindow
from steps.fakes.windows.piped_window import PipedWindow

if TYPE_CHECKING:
    from steps.in_process.inproc import InProcess

BUS = "DBUS_SESSION_BUS_ADDRESS"
HELD = (Check("No window process", held=True),)


class AtOnce:
    """In place of a thread."""

    def __init__(self, target: Callable[[], None], **_: object) -> None:
        self.start = target


class Copy:
    """One running copy of the app and its window.
    ``verify`` is the parent's look at the window's process; ``comes_up`` and ``leaves`` are the
    window's, ``colours`` the command line's.
    """

    def __init__(
        self,
        computer: InProcess,
        verify: Callable[[int], list[Check]] = lambda _: list(HELD),
        *,
        comes_up: bool = True,
        leaves: bool = True,
        colours: Colours = "system",
    ) -> None:
        self._computer = computer
        self._verify = verify
        self.comes_up, self._leaves = comes_up, leaves
        self.folder, self.colours = computer.folder, colours
        self.windows: list[FakeWindow] = []
        self.app: App = computer.time.run(self._build())
        self.running = computer.time.start(self.app.run())
        computer.time.settle()

    async def _build(self) -> App:
        here = self._computer
        appearance = Appearance(here.folder, self.colours, here.recorder)
        outside = Outside(
            keychain=here.keychain,
            recorder=here.recorder,
            clock=lambda: time.time(),
            look=Look(
                open_window=self._open_window,
                verify=self._verify,
                theme=appearance.theme,
                colours=appearance.colours,
                remember=appearance.remember,
            ),
            transport=here.transport(),
            chance=lambda: 0.5,
            browser=here.browser,
            open_return=here.browser.open_return,
            ready=self._ready if here.demo is not None else None,
        )
        settings = Settings(
            origin=here.local.model.origin, data_dir=here.folder, sign_in_page=here.sign_in_page
        )
        app = App(settings, outside)
        appearance.changed = app.window.changed
        if here.desktop_config is not None:
            usual = here.desktop_config.name == ".config"  # an empty variable says nothing
            outer = {"XDG_CONFIG_HOME": "" if usual else str(here.desktop_config)}
            outer |= {"HOME": str(here.folder.parent), BUS: ""}
            outer |= {"GTK_THEME": here.launcher.outer.get("GTK_THEME") or ""}
            with (
                mock.patch.dict(os.environ, outer),
                mock.patch.object(threading, "Thread", AtOnce),
                mock.patch.object(
                    colour_scheme, "_setting", lambda _, key, no: here.portal_says.get(key, no)
                ),
            ):
                colour_scheme.ask(appearance.desktop_is, appearance.contrast_is)
        return app

    async def _ready(self) -> DemoAccount | None:
        return self._computer.demo

    async def _open_window(
        self, on_line: Callable[[bytes], None], on_end: Callable[[int, str], None]
    ) -> WindowEnd:
        piped = PipedWindow(on_line, on_end) if self._computer.has_pipes else None
        window = piped or FakeWindow(on_line, on_end, comes_up=self.comes_up, leaves=self._leaves)
        window.seen = self._computer.witness.shown
        self.windows.append(window)
        if piped is None:
            return window
        await piped.process.attach()
        return piped.process

    @property
    def window(self) -> FakeWindow:
        """The window that is open now, or was last."""
        return self.windows[-1]

    def waits_for_browser(self) -> bool:
        """Whether a person is to go on in the browser, as its window says."""
        pending = self.window.snapshots[-1].pending if self.window.snapshots else None
        return pending is not None and pending.way is Way.BROWSER

    def ending(self) -> tuple[int, str]:
        """The exit code and last words of an app that has to have ended by itself."""
        if not self.running.done():
            self.close()
            return 0, "the app did not end"
        ending = self.running.result()
        alone = all(one is self for one in self._computer.running_copies)
        in_order = ending.code in (CLOSED, NO_DISPLAY, NOT_CONFINED)
        if alone and in_order and any(self.folder.glob(run_mark.NAMES)):
            return ending.code, "in order, and the next start will say that it was killed"
        return ending.code, ending.sentence

    async def call(self, method: str, path: str, *, jwt: bool) -> str:
        """Make a call of the app's own; what it was answered, or the sentence that says why not."""
        try:
            return (await self.app.api.fetch(method, path, jwt=jwt)).body.decode()
        except CallError as error:
            return error.sentence

    def close(self) -> None:
        """The person closes the window."""
        self.window.die(0)
        self._computer.time.settle()
        assert self.running.done(), "the app did not end with its window"
        self.running.result()
