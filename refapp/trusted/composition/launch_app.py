"""The heavy half of the start:
real keychain, real window process, real clock, put under an ``App`` and run.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from refapp.snapshot import Check
from refapp.trusted.composition.app import ENDING, App, Outside
from refapp.trusted.composition.demo import DemoServer
from refapp.trusted.config import Settings
from refapp.trusted.keys.keychain import OsKeychain
from refapp.trusted.recorder import Entry, Recorder
from refapp.trusted.scheduling.tasks import Tasks
from refapp.trusted.sign_in.browser import SystemBrowser, ToldInTerminal
from refapp.trusted.start.display import NoWindow
from refapp.trusted.window import colour_scheme, confinement
from refapp.trusted.window.appearance import Appearance
from refapp.trusted.window.screen_watch import ScreenWatch
from refapp.trusted.window.ui_process import UiProcess
from refapp.trusted.window.window_ends import NO_DISPLAY, NOT_BY_ITSELF, Ending
from refapp.trusted.window.window_host import Look, WindowEnd
from refapp.trusted.wording import window_words

if TYPE_CHECKING:
    from refapp.trusted.start.first_window import FirstWindow

log = logging.getLogger("refapp")
T = TypeVar("T")


async def launch(
    settings: Settings,
    options: argparse.Namespace,
    first: FirstWindow,
    recorder: Recorder,
    demo_port: int | None,
    hardened: list[Check],
) -> Ending:
    """Run the app on the window process ``first``, and on others like it if that one ends."""
    # The level is ours alone: what httpcore says at debug are headers, and a token can be in them.
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="refapp: %(levelname)s %(message)s"
    )
    log.setLevel(options.log_level.upper())
    recorder.listen(_log)
    appearance = Appearance(settings.data_dir, options.theme, recorder)
    demo = None if demo_port is None else DemoServer(settings.data_dir, demo_port)
    keychain = OsKeychain(settings.app_id, settings.keychain_deadline_s, recorder)
    screen, tasks = ScreenWatch(first.display.connect, appearance.screen_is), Tasks()
    look = _look(options, first, appearance, hardened, lambda: tasks.start(screen.begin()))
    ready = None if demo is None else demo.ready
    browser = ToldInTerminal(SystemBrowser(options.browser), sys.stderr)
    app = App(
        settings,
        Outside(
            keychain=keychain,
            recorder=recorder,
            clock=_now,
            look=look,
            ready=ready,
            browser=browser,
        ),
    )
    app.heed_signals()
    appearance.changed = app.window.changed
    loop = asyncio.get_running_loop()
    if options.theme == "system":
        colour_scheme.ask(
            lambda scheme: _tell(loop, appearance.desktop_is, scheme),
            lambda contrast: _tell(loop, appearance.contrast_is, contrast),
        )
    try:
        if demo is not None:
            await demo.start()
        return await app.run()
    finally:
        await tasks.close()
        screen.close()
        if demo is not None:
            await demo.stop()
        # A desktop tells both processes of the app, and the first hands it on: to be told again is
        # no reason to end as if it had been killed.
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)


def _look(
    options: argparse.Namespace,
    first: FirstWindow,
    appearance: Appearance,
    hardened: list[Check],
    came_in: Callable[[], None],
) -> Look:
    """How the window is opened, checked and coloured. ``came_in`` is called once one is up."""
    children, told = [first.child], False

    def greeted() -> None:
        """A window is on the display: it needs its cookie no more, and what the display keeps from
        it is worth a word.
        """
        nonlocal told
        first.display.forget_cookie()
        if not told:
            told = True
            came_in()
            log.log(
                logging.INFO if first.display.isolated else logging.WARNING,
                "%s",
                first.display.sentence,
            )

    async def open_window(
        on_line: Callable[[bytes], None], on_end: Callable[[int, str], None]
    ) -> WindowEnd:
        if not children:
            unheard()
            try:
                # Elsewhere, for a hanging X server must not stop the loop;
                # the process itself has to start on this thread.
                await asyncio.to_thread(first.display.admit)
                children.append(first.again())
            except NoWindow as error:
                asyncio.get_running_loop().call_soon(on_end, error.code, str(error))
                return _Absent()

        def ended(code: int, why: str) -> None:
            if code == NO_DISPLAY and first.display.gate_failed:
                code, why = NOT_BY_ITSELF, window_words.GATE_ENDED
            on_end(code, why)

        window = UiProcess(children.pop(), on_line=on_line, on_end=ended)
        await window.attach()
        if first.display.reports >= 0:
            asyncio.get_running_loop().add_reader(first.display.reports, heard, window)
        return window

    def heard(window: UiProcess) -> None:
        while first.display.has_report:
            word, said = first.display.report()
            log.debug("display's gate: %s %s", word, said)
            if word == "forbidden":
                log.warning(window_words.ASKED_THE_FORBIDDEN_LOGGED, said)
                window.caught(window_words.ASKED_THE_FORBIDDEN)
            elif word == "refused":
                window.end(said)
            elif word == "stranger":
                log.warning(window_words.STRANGER_LOGGED, said)
            elif not word:
                unheard()
                window.end(window_words.GATE_ENDED)
                return

    def unheard() -> None:
        if first.display.reports >= 0:
            asyncio.get_running_loop().remove_reader(first.display.reports)

    def verify(pid: int) -> list[Check]:
        return [] if options.allow_unsandboxed_ui else [*confinement.verify(pid), *hardened]

    return Look(
        open_window=open_window,
        verify=verify,
        display=lambda: first.display.sentence,
        theme=appearance.theme,
        colours=appearance.colours,
        screen=lambda: appearance.screen,
        remember=appearance.remember,
        greeted=greeted,
        observe=options.trace is not None,
    )


class _Absent:
    """Stands for a window that could not be started; it ends at once."""

    pid = 0

    def send(self, line: bytes) -> None:
        """Nobody is there."""

    def send_newest(self, line: bytes) -> None:
        """Nobody is there."""

    def end(self, why: str, counts_as: int | None = None) -> None:
        """It never began."""


def _tell(loop: asyncio.AbstractEventLoop, hear: Callable[[T], None], said: T) -> None:
    """From another thread, which may outlive the loop."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(hear, said)


def _now() -> float:
    return time.time()


def _log(entry: Entry) -> None:
    log.debug("%s -> %s: %s", entry.source, entry.target, entry.what)
