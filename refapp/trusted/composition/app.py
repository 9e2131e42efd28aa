"""The composition root: builds the parts of the parent, wires them, and runs them to the end.

Owns the wiring and nothing else; what a session is made of is wired in ``session_parts``.
``Outside`` is everything that the parts stand on; the specification's in-process runs put fakes
there, and all the rest is the same code.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from refapp.snapshot import Boundary, DemoAccount, Phase, StateParams
from refapp.trusted.composition.mistake import described
from refapp.trusted.config import Settings
from refapp.trusted.errors import ConfigError
from refapp.trusted.files.profile import Profile
from refapp.trusted.files.run_mark import RunMark
from refapp.trusted.keys.keychain import Keychain
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.recorder import Recorder
from refapp.trusted.rules import events as ev
from refapp.trusted.rules.session_state import person
from refapp.trusted.scheduling.tasks import Tasks, in_turn
from refapp.trusted.services.apart_notes import ApartNotes
from refapp.trusted.services.around import Around
from refapp.trusted.services.assistant import Assistant
from refapp.trusted.services.note_owners import NoteOwners
from refapp.trusted.services.own_sessions import OwnSessionList
from refapp.trusted.services.sync import Sync
from refapp.trusted.services.workspace import Workspace
from refapp.trusted.shell.session_parts import SessionParts
from refapp.trusted.shell.store_watch import LOOK_EVERY_S
from refapp.trusted.sign_in.browser import Browser, SystemBrowser
from refapp.trusted.sign_in.loopback import OpenReturn, open_return
from refapp.trusted.sign_in.sign_in_work import Elsewhere
from refapp.trusted.window.handlers import Handlers
from refapp.trusted.window.kept import Kept, of_last_time
from refapp.trusted.window.view import snapshot
from refapp.trusted.window.window_ends import CLOSED, FAILED, NO_DISPLAY, NOT_CONFINED, Ending
from refapp.trusted.window.window_host import Look, WindowHost
from refapp.trusted.wording import window_words

if TYPE_CHECKING:
    import httpx

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Each is an orderly end: the terminal, the desktop or the computer is being closed."""
IN_ORDER = frozenset({CLOSED, NO_DISPLAY, NOT_CONFINED})
"""After any other end the next start says up to when things were kept."""


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """What the app stands on. ``ready`` is awaited before the first request; ``chance`` in [0, 1)
    spreads retries; ``browser`` opens links for the person, ``open_return`` is the way back.
    """

    keychain: Keychain
    recorder: Recorder
    clock: Callable[[], float]
    look: Look
    transport: httpx.AsyncBaseTransport | None = None
    ready: Callable[[], Awaitable[DemoAccount | None]] | None = None
    chance: Callable[[], float] = random.random
    browser: Browser = msgspec.field(default_factory=SystemBrowser)
    open_return: OpenReturn = open_return


class App:
    """One run of the app. Make it inside a running loop."""

    def __init__(self, settings: Settings, outside: Outside) -> None:
        self.settings = settings
        self._out = outside
        self._parts = SessionParts(
            settings, outside.keychain, services=self, recorder=outside.recorder,
            elsewhere=Elsewhere(outside.browser, outside.open_return, outside.recorder),
            clock=outside.clock, changed=self._session_changed, restart=self._restart,
            transport=outside.transport, chance=outside.chance,
        )  # fmt: skip
        self.store, self.tokens, self.api = self._parts.store, self._parts.tokens, self._parts.api
        self.history = self._parts.history
        self._mark = RunMark(settings.data_dir)
        self._not_closed: float | None = None
        self._hidden = ""
        self._kept = Kept(outside.clock, self._mark.kept)
        self._note_owners = NoteOwners()
        self.window = WindowHost(
            outside.look,
            recorder=outside.recorder,
            clock=outside.clock,
            kept=self._kept,
            phase=lambda: self.store.state.phase,
            snapshot=self._snapshot,
            renewed=lambda sentence: self.store.dispatch(ev.WindowRenewed(sentence)),
            ended=self._end,
        )
        self.around = self._fresh_services()
        self.window.handlers = Handlers(
            store=self.store,
            tokens=self.tokens,
            storage=self._parts.storage,
            around=lambda: self.around,
            initialised=self._initialised,
            kept=self._kept,
            remember_window=outside.look.remember,
            unlocked=self._show_storage,
            changed=self.window.changed,
            used=self._parts.check.used,
        ).table()
        self.tokens.when_waiting_changes(self.window.changed)
        self._tasks = Tasks()
        self._ending: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._greeted: Profile | None = None
        self._storage_state = StorageState("unknown", "")
        self._demo: DemoAccount | None = None

    def _fresh_services(self) -> Around:
        folder, clock, recorder = self.settings.data_dir, self._out.clock, self._out.recorder
        workspace = Workspace(folder, recorder, clock, self._note_owners)
        sync = Sync(
            folder,
            api=self.api,
            workspace=workspace,
            recorder=recorder,
            clock=clock,
            changed=self.window.changed,
            chance=self._out.chance,
        )
        own_sessions = OwnSessionList(self.api, self._held_access, self.window.changed)
        apart = ApartNotes(folder, recorder)
        return Around(workspace, sync, Assistant(self.api), own_sessions, apart)

    def _held_access(self) -> str | None:
        return self.store.held.pair.access if self.store.held else None

    def reset(self) -> bool:
        """Reset what depends on the session (``sign_out_work.Services``)."""
        return self.around.reset(self.store.owner)

    async def run(self) -> Ending:
        """Run until the window is closed for good, or can't be had, or the app is told to end."""
        asyncio.get_running_loop().set_exception_handler(self._failed)
        self._not_closed = self._mark.begin()
        try:
            try:
                await self.start()
                ending = await self._ending
            finally:
                answered = await self.close()
            if not ending.sentence:
                ending = self._last_words(ending, answered=answered)
            if ending.code in IN_ORDER:
                self._mark.end()
        finally:
            self._mark.let_go()
        return ending

    def _last_words(self, ending: Ending, *, answered: bool) -> Ending:
        """What became of the last words of an end that has no sentence yet."""
        if answered and not self._kept.trouble:
            return ending
        late = "" if answered else window_words.TYPED_LAST_NOT_SAID
        return Ending(FAILED, f"{late}{self._kept.sentence}")

    def heed_signals(self) -> None:
        """From now on a signal is an orderly end, also when the loop has gone, with which asyncio's
        own handlers go; one that came while they were held back (``first_window``) is heard now.

        What was ignored when the app was started stays ignored (nohup).
        """
        tell = asyncio.get_running_loop().call_soon_threadsafe
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda *_: tell(self.leave))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    def leave(self) -> None:
        """The app is told to end."""
        self._end(Ending(CLOSED, ""))

    async def start(self) -> None:
        """Open the window and begin to look after things."""
        await self.window.open()
        self._tasks.start(self.window.keep_asking())
        self._tasks.start(self._watch_notes())

    async def close(self) -> bool:
        """End the window and what is under way; False if the window did not say what it had."""
        try:
            await self._tasks.close()
        finally:
            try:
                answered = await self.window.close()
            finally:
                await in_turn(self.around.sync.close, self._parts.close)
        return answered

    async def _initialised(self) -> None:
        if self._not_closed is not None:
            self.store.dispatch(ev.NotClosed(of_last_time(self._not_closed, self._out.clock())))
            self._not_closed = None
        # The cache names somebody at once; whose the tokens are only the keychain can say (RS-3).
        greets = self.store.held is None and self.tokens.on_file()
        self._greeted = self._parts.profiles.load() if greets else None
        if self._greeted is not None:
            self.window.serve(self._greeted.id)
            self.window.show()
        if self._out.ready is not None:
            try:
                self._demo = await self._out.ready()
            except ConfigError as error:
                self._end(Ending(FAILED, error.sentence))
                return
        self._storage_state = await self.tokens.status()
        self.window.show()

    def _session_changed(self) -> None:
        if self.store.state.asking or self.store.state.phase is not Phase.RESTORING:
            self._greeted = None
        if self.around.follow(self.store.state, self.store.owner):
            self._tasks.start(self.around.sync.run(), self.around.sync.note_changed)
        if self._storage_state.ready is (self.store.state.phase is Phase.UNAVAILABLE):
            self._tasks.start(self._look_at_storage())
        whose = person(self.store.state)
        if whose is not None:
            self.window.serve(whose)
        self._say_what_is_hidden()
        self.window.changed()

    def _say_what_is_hidden(self) -> None:
        before, self._hidden = self._hidden, self.around.trouble
        if self._hidden and self._hidden != before:
            self.store.dispatch(ev.NotesHidden(self._hidden))

    async def _look_at_storage(self) -> None:
        self._show_storage(await self.tokens.status())

    def _show_storage(self, state: StorageState) -> None:
        self._storage_state = state
        self.window.changed()

    async def _watch_notes(self) -> None:
        """Notice what another copy of the app has written (OW-8)."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            news = self.around.workspace.look(), self.around.apart.look()
            self._say_what_is_hidden()
            if any(news):
                self.window.changed()

    def _restart(self) -> None:
        self._tasks.start(self._start_afresh(), self._restart)

    async def _start_afresh(self) -> None:
        await self.window.restart()
        await self.around.sync.close()
        self.around = self._fresh_services()
        self._session_changed()

    def _snapshot(self, revision: int, boundary: Boundary) -> StateParams:
        return snapshot(
            revision,
            self.store.state,
            profile=self.store.state.profile or self._greeted,
            server=self.settings.origin,
            retry_at=self.store.retry_at,
            storage=self._storage_state,
            waiting=self.tokens.waiting,
            boundary=boundary,
            theme=self._out.look.theme(),
            screen=self._out.look.screen(),
            around=self.around,
            demo=self._demo,
            history=self.history.reasons(self.store.state.user_id) if self._ended_unasked() else [],
        )

    def _ended_unasked(self) -> bool:
        """The last session ended unasked: the profile outlives that, and no sign-out."""
        state = self.store.state
        signed_out = state.phase in (Phase.SIGNED_OUT, Phase.SIGNING_IN)
        return state.expired or (signed_out and self._parts.profiles.path.exists())

    def _end(self, ending: Ending) -> None:
        if not self._ending.done():
            self._ending.set_result(ending)

    def _failed(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"refapp: a mistake in the program: {described(context)}\n")
        self._end(Ending(FAILED, window_words.mistake(self._kept.sentence)))
