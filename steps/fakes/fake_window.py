"""A window without a screen: it exchanges the real lines with the gate, and shows what the real
window would show.

It keeps every line that it was sent, so that a scenario can tell what a window ever learned. What
is typed in it is the real window's business (``refapp.untrusted.presentation.drafts``), but for Tk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from refapp import messages as m
from refapp.snapshot import Check, StateParams
from refapp.untrusted.presentation.draft import Draft, editor
from refapp.untrusted.presentation.drafts import Drafts
from refapp.untrusted.presentation.view import Editor
from refapp.wire import ArrivedAnswer, decode_down, encode
from steps.scenario.window_texts import screen_of

CLAIMS = (
    Check("No window process", held=True),
    Check("No files", held=True),
    Check("No display", held=False),
)
"""What it says of itself; the first of it the parent has seen too."""


class FakeWindow:
    """One window. ``on_line`` and ``on_end`` are the parent's;
    ``silent``: it hangs and answers nothing.

    ``seen`` hears each state. ``types_on``: what a person types while the next save is on its way.
    ``last_wish``: asks for a sign-out when it is told to leave.
    """

    pid = 0

    def __init__(
        self, on_line: Callable[[bytes], None], on_end: Callable[[int, str], None]
    ) -> None:
        self._on_line = on_line
        self._on_end = on_end
        self._numbers = 0
        self._loop = asyncio.get_running_loop()
        self.heard: list[bytes] = []
        self.replies: list[ArrivedAnswer] = []
        self.snapshots: list[StateParams] = []
        self.seen: Callable[[StateParams], None] = lambda _: None
        self.ended = False
        self.silent, self.answers_pings = False, True
        self.drafts = Drafts(
            self._save,
            lambda _: self._leave_if_asked(),
            lambda ms, act: self._loop.call_later(ms / 1000, act),
        )
        self._saves: dict[int, tuple[Callable[[str | None], None], Callable[[str, bool], None]]]
        self._saves = {}
        self._leaving = False
        self.types_on, self.last_wish = "", False
        self._loop.call_soon(self._greet)

    def _greet(self) -> None:
        self.ask(m.Hello, m.HelloParams(m.PROTOCOL, leaves=True))
        self.ask(m.Confined, m.ConfinedParams(list(CLAIMS)))
        self.ask(m.Initialize, m.Nothing())

    def ask(self, kind: Callable[..., m.Request], params: msgspec.Struct) -> int:
        """Send one request; its number."""
        self._numbers += 1
        self.write(encode(kind(jsonrpc="2.0", id=self._numbers, params=params)).removesuffix(b"\n"))
        return self._numbers

    @property
    def editor(self) -> Editor:
        """What the real window's editor would show."""
        there, draft = screen_of(self.snapshots[-1]).notes, self.drafts.open
        return editor(
            draft,
            "",
            editable=there.editable,
            deleted=False,
            hers=draft.owner == there.owner,
            left=self.drafts.trouble,
            full=there.full,
            limit=there.limit,
        )

    def type(self, text: str) -> None:
        """A person types ``text`` after what the editor holds, if that takes any."""
        if not self.editor.editable:
            return
        self.drafts.change(self.drafts.open.typed(self.drafts.open.text + text))

    def take_back(self, text: str) -> None:
        """What was typed last goes from the editor."""
        self.drafts.change(self.drafts.open.typed(self.drafts.open.text.removesuffix(text)))

    def delete(self, note: str) -> None:
        """A person deletes it, as it is in the editor or in the list."""
        number = self.ask(m.NoteDelete, m.NoteParams(note))
        if self.drafts.open.note == note:
            self._saves[number] = lambda _: self.drafts.forget(), lambda *_: None

    def _save(
        self, draft: Draft, kept: Callable[[str | None], None], refused: Callable[[str, bool], None]
    ) -> None:
        number = self.ask(m.NoteSave, m.NoteSaveParams(draft.note, draft.text, draft.owner))
        self._saves[number] = kept, refused
        text, self.types_on = self.types_on, ""
        if text:
            self.type(text)

    def _answered(self, reply: ArrivedAnswer) -> None:
        kept, refused = self._saves.pop(reply.id or 0)
        if isinstance(reply.error, m.ErrorDetail):
            refused(reply.error.message, reply.error.reason == "no_such_note")
        else:
            saved = msgspec.json.decode(reply.result, type=dict[str, str])
            kept(saved.get("note"))

    def _leave_if_asked(self) -> None:
        if self._leaving and not any(draft.sending is not None for draft in self.drafts.every()):
            self._finish(0, "")

    def close(self) -> None:
        """The person closes it: what is typed is saved first."""
        self._leaving = True
        self.drafts.save()
        self._leave_if_asked()

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
                self.snapshots.append(params)
                self.seen(params)
                self.drafts.hand_over(params.owner)
            case m.Ping(params=params) if self.answers_pings and not self.silent:
                self.write(
                    encode(m.Pong(jsonrpc="2.0", params=m.PongParams(params.n))).removesuffix(b"\n")
                )
            case m.Leave() if not self.silent:
                if self.last_wish:
                    self.ask(m.SignOut, m.Nothing())
                self._loop.call_soon(self.close)
            case ArrivedAnswer() as reply:
                self.replies.append(reply)
                if reply.id in self._saves:
                    self._answered(reply)

    send_newest = send

    def end(self, why: str) -> None:
        """The parent ends the window."""
        self._finish(-9, why)

    def die(self, code: int = -11) -> None:
        """The window ends by itself: 0 is closed by the person, a negative number a signal."""
        self._finish(code, "")

    def _finish(self, code: int, why: str) -> None:
        if not self.ended:
            self.ended = True
            self._loop.call_soon(self._on_end, code, why)
