"""The same with a window: whatever is cancelled, one is up that shows what is true, and its
questions are answered (NM-2).

Or the app has ended, with all that is under way, and can be started again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from cancelled import UNBEGUN, Cancelled, at_every_place

from refapp import messages as m
from refapp.trusted.errors import StorageLocked
from refapp.trusted.recorder import Recorder
from refapp.trusted.rules import events as ev
from steps.fakes.frozen_clock import frozen
from steps.fakes.windows.fake_window import FakeWindow
from steps.in_process.app_copy import Copy
from steps.in_process.witness import Witness
from steps.scenario.people import ADA
from steps.servers.local_server import LocalServer


class WithWindow(Cancelled):
    """The first copy has a window. The second has none."""

    opened: Copy
    demo = None
    desktop_config = None
    sign_in_page = "/sign-in"
    has_pipes = False

    def play(self) -> None:
        self.witness = Witness(self._folder)
        with frozen(self.time):
            super().play()

    def transport(self) -> httpx.MockTransport:
        """The network between the first copy and the server."""
        return httpx.MockTransport(self.answer)

    @property
    def local(self) -> LocalServer:
        return self.server

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def recorder(self) -> Recorder:
        return Recorder(clock=self.time.now)

    @property
    def window(self) -> FakeWindow:
        return self.opened.window

    def open(self) -> None:
        """The first copy is started with a window."""
        self.opened = Copy(self)  # type: ignore[arg-type]  # what a copy needs of a computer
        self.copies[0] = self.opened.app

    def ask(self, kind: Callable[..., m.Request], params: object = None) -> None:
        """The window asks, if there is one, and there is time for an answer."""
        if not self.opened.running.done():
            self.act(self.window.ask, kind, params or m.Nothing())
        self.time.advance(20)

    def calm(self) -> None:
        """An app that has ended is started again, without a window."""
        if self.opened.running.done():
            self._ended()
        super().calm()

    def look(self) -> None:
        """What must hold, and then the person ends the app."""
        if not self.opened.running.done():
            app, shown = self.opened.app, self.window.snapshots[-1]
            assert not self.window.ended, "there is no window"
            assert shown.storage.state == "ready", (
                "the keychain is there, and the window does not say so"
            )
            assert shown.phase is app.store.state.phase, "the window shows something else"
            assert shown.notes == app.around.workspace.summaries(), "the window shows other notes"
            answered = {reply.id for reply in self.window.replies}
            assert answered == set(range(1, self.window._numbers + 1)), (
                "a question of the window has no answer"
            )
            stored = self._look_at_store()
            if stored is not None:
                self._look_at_notes(app, stored.pair.access)
            self.act(app.leave)
            self.time.advance(100)
            self._ended()
        super().look()

    def _ended(self) -> None:
        app, running = self.opened.app, self.opened.running
        assert running.done(), "the app does not end"
        if self.where == f"App.run, {UNBEGUN}":
            self.close(app)
        else:
            assert running.cancelled() or running.exception() is None
        assert app.store.closed, "the session goes on"
        assert all(window.ended for window in self.opened.windows), "a window is left"
        self.copies[0] = self.start()
        self.time.advance(20)


def closed(here: WithWindow) -> None:
    here.sign_in(here.copies[0], ADA)
    here.time.advance(20)
    here.write(here.copies[0])
    here.close(here.copies[0])


def locked(here: WithWindow) -> None:
    closed(here)
    here.keychain.trouble = StorageLocked("Your keychain is locked.")


def signed_in(here: WithWindow) -> None:
    closed(here)
    start(here)


def start(here: WithWindow) -> None:
    here.open()
    here.time.advance(20)


def unlock(here: WithWindow) -> None:
    start(here)
    here.keychain.trouble = None
    here.ask(m.UnlockStorage)


def restart(here: WithWindow) -> None:
    """Ada signs out, restarts as she is asked to, and signs in again;
    one press may come to nothing.
    """
    for _ in range(2):
        here.ask(m.SignOut)
    for _ in range(2):
        here.ask(m.Restart)
    for _ in range(2):
        here.ask(m.SignIn, m.SignInParams(ADA.email, ADA.password))


def hang(here: WithWindow) -> None:
    here.window.silent = True
    here.time.advance(70)


def crash(here: WithWindow) -> None:
    here.act(here.window.die)
    here.time.advance(30)


def close(here: WithWindow) -> None:
    here.act(here.window.type, "Dear diary")
    here.act(here.window.close)
    here.time.advance(20)
    kept(here, "Dear diary")


def leave(here: WithWindow) -> None:
    """The computer is shut down, with a call under way."""
    here.act(here.window.type, "Dear diary")
    here.act(here.window.ask, m.SyncNow, m.Nothing())
    here.act(here.opened.app.leave)
    here.time.advance(20)


def kept(here: WithWindow, text: str) -> None:
    assert any(text in path.read_text() for path in here.folder.glob("notes/*/*.json")), (
        "what was typed is gone"
    )


def questions(here: WithWindow) -> None:
    here.ask(m.NoteSave, m.NoteSaveParams(None, "Dear diary", here.window.snapshots[-1].owner))
    here.ask(m.SyncNow)
    here.ask(m.Summarise, m.NoteParams(here.window.snapshots[-1].notes[0].note))
    here.ask(m.ListSessions)
    here.ask(m.StorageIsAvailable)
    here.ask(m.StorageGet, m.StorageKeyParams("accessToken"))


def taken_over(here: WithWindow) -> None:
    """Another copy writes a note, and signs out."""
    here.write(here.copies[1])
    here.time.advance(10)
    here.act(here.copies[1].store.dispatch, ev.SignOutAsked())
    here.time.advance(30)


STORIES: dict[str, tuple[Callable[[WithWindow], None], Callable[[WithWindow], None]]] = {
    "a start": (closed, start),
    "a keychain that is unlocked": (locked, unlock),
    "a restart": (signed_in, restart),
    "a window that hangs": (signed_in, hang),
    "a window that crashes": (signed_in, crash),
    "a window that is closed": (signed_in, close),
    "the computer is shut down": (signed_in, leave),
    "questions": (signed_in, questions),
    "another copy": (signed_in, taken_over),
}


@pytest.mark.parametrize("story", STORIES)
def test_whatever_is_cancelled_with_a_window(story: str) -> None:
    assert at_every_place(WithWindow, *STORIES[story]) > 1
