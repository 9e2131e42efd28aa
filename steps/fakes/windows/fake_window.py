"""A window without a screen: it exchanges the real lines with the gate, and shows what the real
window would show.

It keeps every line that it was sent, so that a scenario can tell what a window ever learned. What
is typed in it is the real window's business (``refapp.untrusted.presentation.drafts``), and so is
what it asks for (``refapp.untrusted.channel.actions``), but for Tk and the pipes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec

from refapp import messages as m
from refapp.snapshot import Check, StateParams
from refapp.trusted.window.window_ends import NO_DISPLAY
from refapp.untrusted.channel.actions import Actions
from refapp.untrusted.channel.link import Link
from refapp.untrusted.presentation.draft import editor
from refapp.untrusted.presentation.drafts import Drafts
from refapp.untrusted.presentation.screens import busy_with, covered_by, screen
from refapp.untrusted.presentation.view import Editor, Local, Screen
from refapp.wire import ArrivedAnswer, decode_down, encode, result_as
from steps.fakes.windows.shown_buttons import Button
from steps.fakes.windows.writing_hands import WritingHands
from steps.scenario.window_texts import texts, texts_of_editor

CLAIMS = (
    Check("No window process", held=True),
    Check("No files", held=True),
    Check("No display", held=False),
)
"""What it says of itself; the first of it the parent has seen too."""

BUSY_AFTER_S = 0.15


class FakeWindow(WritingHands):
    """One window. ``on_line`` and ``on_end`` are the parent's;
    ``silent``: it hangs and answers nothing.

    ``seen`` hears each state. ``ended_for``: what the parent ended it for; empty: it has not.
    ``types_on``: what a person types while the next save is on its way.
    ``colours``: what its menu says was chosen.
    ``last_wish``: asks for a sign-out when it is told to leave, and says ``last_place``, if that is
    set. Without ``comes_up`` it has not got as far as its first word;
    without ``leaves`` it is of a make that can't be told to leave.
    """

    pid = 0

    def __init__(
        self,
        on_line: Callable[[bytes], None],
        on_end: Callable[[int, str], None],
        *,
        comes_up: bool = True,
        leaves: bool = True,
    ) -> None:
        self._on_line = on_line
        self._on_end = on_end
        self._numbers = 0
        self._leaves = leaves
        self._loop = asyncio.get_running_loop()
        self.heard: list[bytes] = []
        self.replies: list[ArrivedAnswer] = []
        self.snapshots: list[StateParams] = []
        self.seen: Callable[[StateParams], None] = lambda _: None
        self.ended, self.ended_for = False, ""
        self.silent, self.answers_pings = False, True
        self.drafts = Drafts(
            self._save,
            lambda _: self._leave_if_asked(),
            lambda ms, act: self._loop.call_later(ms / 1000, act),
        )
        self._waiting: dict[int, Callable[[ArrivedAnswer], None]] = {}
        self.actions = Actions(cast("Link", self), self.refused)
        self._leaving = False
        self.types_on, self.last_wish = "", False
        self.last_place: m.WindowParams | None = None
        self.colours: m.Colours = "system"
        self.local, self._busy_timer = Local(), self._loop.call_soon(lambda: None)
        self._deleted = self._summary = self._deleting = ""
        if comes_up:
            self._loop.call_soon(self._greet)

    def _greet(self) -> None:
        greeting = m.HelloParams(m.PROTOCOL, leaves=self._leaves)
        self.ask(m.Hello, greeting, m.Welcome, lambda welcome: self.choose(welcome.colours))
        self.ask(m.Confined, m.ConfinedParams(list(CLAIMS)))
        self.ask(m.Initialize, m.Nothing())

    def ask(
        self,
        kind: Callable[..., m.Request],
        params: object,
        wanted: type[Any] = object,
        then: Callable[[Any], None] = lambda _: None,
        refused: Callable[[m.ErrorDetail], None] = lambda _: None,
    ) -> int:
        """Send one request; its number. As ``link`` has it: one of the two hears the answer."""

        def answered(reply: ArrivedAnswer) -> None:
            if isinstance(reply.error, m.ErrorDetail):
                refused(reply.error)
            else:
                then(result_as(reply.result, wanted))

        self._numbers += 1
        self._waiting[self._numbers] = answered
        self.write(encode(kind(jsonrpc="2.0", id=self._numbers, params=params)).removesuffix(b"\n"))
        return self._numbers

    def _tell(self, kind: Callable[..., m.Up], params: object) -> None:
        """Say what has no answer. It crosses whatever is on its way down."""
        self.write(encode(kind(jsonrpc="2.0", params=params)).removesuffix(b"\n"))

    def choose(self, colours: m.Colours) -> None:
        """These are ticked in its menu."""
        self.colours = colours

    def refused(self, sentence: str) -> None:
        """A request without a line of its own came to nothing."""
        self.local = msgspec.structs.replace(self.local, refusal=sentence)

    def dismiss(self) -> None:
        """A person has read what is said above the page."""
        notice = self.screen.notice
        assert notice is not None, "there is nothing to dismiss"
        if notice.number is not None:
            self.actions.dismiss(notice.number)
        else:
            self.refused("")

    @property
    def screen(self) -> Screen:
        """What the real window would show now."""
        return self._screen_with(self.local)

    def _screen_with(self, local: Local) -> Screen:
        pending = self.snapshots[-1].pending
        ticks = pending is not None and pending.expires_at is not None
        now = time.time() if ticks else 0.0
        return screen(self.snapshots[-1], msgspec.structs.replace(local, now=now))

    def texts(self, *, waited: bool = False) -> Mapping[str, str]:
        """The same, and its editor, by the real window's widgets.
        ``waited``: to somebody who has looked on for a moment, though no time has passed.
        """
        local = msgspec.structs.replace(self.local, busy_long=waited or self.local.busy_long)
        page = self._screen_with(local)
        shown = {**texts(page), **texts_of_editor(self._editor_on(page))}
        text = self.drafts.open.text
        return {**shown, "notes.editor": text} if text else shown

    def _show(self, state: StateParams) -> None:
        """As ``pages`` has it: work is called long after a moment, and nothing is said twice."""
        before = self.snapshots[-1] if self.snapshots else None
        if before is None or busy_with(before) != busy_with(state):
            self._busy_timer.cancel()
            self.local = msgspec.structs.replace(self.local, busy_long=False)
            if busy_with(state):
                self._busy_timer = self._loop.call_later(BUSY_AFTER_S, self._on_busy_long)
        self.local = msgspec.structs.replace(self.local, covered=covered_by(state, self.local))
        self.snapshots.append(state)
        if before is not None and before.owner == state.owner:
            there, now = ([one.note for one in then.notes] for then in (before, state))
            if self.drafts.vanished(there, now, self._deleting):
                self.drafts.forget()

    def press(self, button: Button) -> None:
        """A person does."""
        if button.apart is not None:
            self.local = msgspec.structs.replace(self.local, apart=button.apart)
            if button.apart:
                self.leave_note(joins=button.joins)
        button.press(self.actions)

    def _on_busy_long(self) -> None:
        self.local = msgspec.structs.replace(self.local, busy_long=True)

    @property
    def editor(self) -> Editor:
        """What the real window's editor would show."""
        return self._editor_on(self.screen)

    def _editor_on(self, page: Screen) -> Editor:
        there, draft = page.notes, self.drafts.open
        return editor(
            draft,
            self._summary,
            editable=there.editable,
            deleted=bool(self._deleted),
            hers=draft.owner == there.owner,
            left=self.drafts.trouble,
            full=there.full,
            limit=there.limit,
        )

    def _leave_if_asked(self) -> None:
        if self._leaving and not any(draft.sending is not None for draft in self.drafts.every()):
            self._finish(0, "")

    def close(self) -> None:
        """The person closes it: what is typed is saved first."""
        self._leaving = True
        self.drafts.save()
        self._leave_if_asked()

    def lose_display(self) -> None:
        """As ``leaving`` has it: what the parent does not have is handed up, and no answer is
        waited for. Who goes on while her words are being saved has them saved at this moment.
        """
        if self.types_on:
            self.drafts.save()
        for draft in self.drafts.last():
            self.ask(m.NoteSave, m.NoteSaveParams(draft.note, draft.text, draft.owner))
        self._loop.call_soon(self.die, NO_DISPLAY)

    def write(self, line: bytes) -> None:
        """Send one line, whatever it is."""
        self._loop.call_soon(lambda: None if self.ended else self._on_line(line))

    def send(self, line: bytes) -> None:
        """What the parent sends down."""
        if self.ended:
            return
        self.heard.append(line)
        match decode_down(line.removesuffix(b"\n")):
            case m.Snapshot(params=params):
                self._show(params)
                self.seen(params)
                self.drafts.hand_over(params.owner)
            case m.Ping(params=params) if self.answers_pings and not self.silent:
                self._tell(m.Pong, m.PongParams(params.n))
            case m.Leave() if self._leaves and not self.silent:
                # What a window says of itself crosses that word.
                self._tell(m.Shown, m.ShownParams(len(self.snapshots), {}))
                self._tell(m.Pong, m.PongParams(0))
                if self.last_place is not None:
                    self.choose(self.last_place.colours)
                    self.ask(m.RememberWindow, self.last_place)
                if self.last_wish:
                    self.ask(m.SignOut, m.Nothing())
                self._loop.call_soon(self.close)
            case ArrivedAnswer() as reply:
                self.replies.append(reply)
                if reply.id in self._waiting:
                    self._waiting.pop(reply.id)(reply)

    send_newest = send

    def end(self, why: str, counts_as: int | None = None) -> None:
        """The parent ends the window."""
        self.ended_for = self.ended_for or why
        self._finish(-9 if counts_as is None else counts_as, why)

    def die(self, code: int = -11) -> None:
        """The window ends by itself: 0 is closed by the person, a negative number a signal."""
        self._finish(code, "")

    def _finish(self, code: int, why: str) -> None:
        if not self.ended:
            self.ended = True
            self._loop.call_soon(self._on_end, code, why)
