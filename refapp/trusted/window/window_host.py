"""The window that is up now and the gate before it: opening, snapshots, heartbeat, a fresh one.

Owns the order of a window's life: the gate exists before the window's first line is read (SB-5),
and nothing but its hello is answered before the parent has verified that it is confined (SB-3).
Before the parent ends one it asks for what was typed, and waits for a bounded moment (NT-1). The
session knows nothing of windows and outlives them (SB-7).

A window serves one person: once it has shown somebody's, nothing of anybody else is sent to it (but
the name of who signed in, for the question whether to go on as that, SI-18), and from the moment
that the session is another's it may save what it has, and nothing else, until it is gone (SB-8).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import msgspec

from refapp import messages as m
from refapp.snapshot import Boundary, Check, Phase, StateParams, Theme
from refapp.trusted.recorder import Recorder
from refapp.trusted.scheduling.tasks import Tasks
from refapp.trusted.window.gate import Gate, Greeting, Handler, Stage
from refapp.trusted.window.kept import Kept
from refapp.trusted.window.limits import Limits
from refapp.trusted.window.window_ends import NOT_BY_ITSELF, Ending, WindowEnds
from refapp.trusted.wording import window_words
from refapp.wire import encode

ASK_EVERY_S = 15.0
START_LIMIT_S = 30.0
LEAVE_LIMIT_S = 2.0


class WindowEnd(Protocol):
    """A window's end of the channel, as the parent uses it."""

    @property
    def pid(self) -> int: ...

    def send(self, line: bytes) -> None: ...

    def send_newest(self, line: bytes) -> None: ...

    def end(self, why: str, counts_as: int | None = None) -> None: ...


OpenWindow = Callable[[Callable[[bytes], None], Callable[[int, str], None]], Awaitable[WindowEnd]]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How windows are opened and told to look. ``verify`` checks a window's process and raises
    WindowRefused; ``display`` says how far the display keeps the newest window from others;
    ``theme`` what colours it has now, ``colours`` which the person chose; ``screen`` its size once
    that has changed; ``remember`` hears how the window was left, ``greeted`` that one has come in.
    """

    open_window: OpenWindow
    verify: Callable[[int], list[Check]]
    display: Callable[[], str] = lambda: ""
    theme: Callable[[], Theme] = lambda: "light"
    colours: Callable[[], m.Colours] = lambda: "system"
    screen: Callable[[], tuple[int, int] | None] = lambda: None
    remember: Callable[[m.WindowParams], None] = lambda _: None
    greeted: Callable[[], None] = lambda: None
    observe: bool = False


class WindowHost:
    """``snapshot(revision, boundary)`` makes what is sent down; ``renewed(sentence)`` and
    ``ended(ending)`` hear of its fate. ``came_in``: a window was opened in this run.
    """

    def __init__(
        self,
        look: Look,
        *,
        recorder: Recorder,
        clock: Callable[[], float],
        kept: Kept,
        phase: Callable[[], Phase],
        snapshot: Callable[[int, Boundary], StateParams],
        renewed: Callable[[str], None],
        ended: Callable[[Ending], None],
    ) -> None:
        self._look = look
        self._recorder = recorder
        self._phase = phase
        self._snapshot = snapshot
        self._renewed = renewed
        self._ended = ended
        self._ends = WindowEnds(clock, kept)
        self._limits = Limits(clock)
        self._tasks = Tasks()
        self._window: WindowEnd | None = None
        self._gate: Gate | None = None
        self._boundary = Boundary(verified=False, checks=[], display=look.display())
        self._revision = 0
        self._late: asyncio.TimerHandle | None = None
        self._showing = False
        self._closed = False
        self._dirty = False
        self._asked, self._answered = 0, 0
        self._gone = asyncio.Event()
        self._replaced = ""
        self._person = self._served = ""
        self.came_in = self._leaves = False
        self.handlers: Mapping[type[m.Request], Handler] = {}

    async def open(self) -> None:
        """Start a window, with a gate of its own."""
        self._showing = False
        self._asked = self._answered = 0
        self._gone, self._replaced, self._served = asyncio.Event(), "", ""
        relay = _Relay()
        window = await self._look.open_window(relay.on_line, self._window_ended)
        gate = Gate(
            window,
            greeting=Greeting(self._hello, self._confined, self._shown, self._pong),
            handlers=self.handlers,
            phase=self._phase,
            too_often=self._limits.too_often,
            heard=self._record_up,
            sent=self._record_answer,
        )
        self._window, self._gate = window, gate
        self._late = asyncio.get_running_loop().call_later(START_LIMIT_S, self._give_up, window)
        relay.to(gate.on_line)

    def show(self) -> None:
        """From now on the window is sent snapshots."""
        self._stop_waiting()
        self._showing = True
        self.changed()

    def changed(self) -> None:
        """A snapshot shows other things now; one is sent once the current events are through."""
        if not self._dirty:
            self._dirty = True
            asyncio.get_running_loop().call_soon(self._send_state)

    def serve(self, person: str) -> None:
        """Whose session it is now (user id or ""): a window that served another goes (SB-8)."""
        self._person = person
        if self._serves_another() and self._gate is not None and self._gate.leave():
            self._tasks.start(self._make_way(window_words.SOMEBODY_ELSE))

    def _serves_another(self) -> bool:
        return self._served not in {"", self._person}

    async def restart(self) -> None:
        """Replace the window by nobody's (SO-6); returns when the old one says nothing more."""
        self._person = ""
        await self._make_way("Restarting.")

    async def _make_way(self, why: str) -> None:
        """End the window, if there is one, and have a fresh one come up."""
        if self._window is not None:
            self._ends.expected = why
            await self._end_window(why)

    async def close(self) -> bool:
        """End the window for good; False if it did not answer when it was asked for what it had."""
        self._closed = True
        self._stop_waiting()
        answered = await self._end_window(window_words.APP_CLOSED)
        await self._tasks.close()
        return answered

    async def _end_window(self, why: str) -> bool:
        """Ask for what was typed, wait a moment, end it; False if it did not leave by itself."""
        window, gate, gone = self._window, self._gate, self._gone
        if window is None or gate is None:
            return True
        asked = self._ends.asked = (gate.leave() or gate.stage is Stage.LEAVING) and self._leaves
        try:
            if asked:
                window.send(encode(m.Leave()))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(gone.wait(), LEAVE_LIMIT_S)
            return gone.is_set() or not asked
        finally:
            gate.close()
            window.end(why)

    async def keep_asking(self) -> None:
        """Ask now and then whether the window is alive; one that does not answer is ended."""
        while True:
            await asyncio.sleep(ASK_EVERY_S)
            if self._window is None or not self._showing:
                continue
            if self._answered < self._asked:
                self._tasks.start(self._replace(window_words.STOPPED_ANSWERING))
                continue
            self._asked += 1
            self._window.send(encode(m.Ping(params=m.PingParams(self._asked))))

    async def _replace(self, why: str) -> None:
        self._replaced = why
        await self._end_window(why)

    def _hello(self, params: m.HelloParams) -> m.Welcome:
        self.came_in, self._leaves = True, params.leaves
        self._look.greeted()
        return m.Welcome(m.PROTOCOL, self._look.theme(), self._look.observe, self._look.colours())

    def _confined(self, params: m.ConfinedParams) -> None:
        seen = self._look.verify(self._window.pid) if self._window is not None else []
        # What the window says of itself is for the inspector alone: the parent has looked.
        names = {check.name for check in seen}
        claims = [check for check in params.checks if check.name not in names]
        display = self._look.display()
        self._boundary = Boundary(verified=bool(seen), checks=seen, display=display, claims=claims)

    def _shown(self, _: m.ShownParams) -> None:
        """Only the record needs it."""

    def _pong(self, params: m.PongParams) -> None:
        self._answered = params.n

    def _send_state(self) -> None:
        self._dirty = False
        if (
            self._window is None
            or self._gate is None
            or self._gate.stage is not Stage.OPEN
            or not self._showing
        ):
            return
        if self._serves_another():
            return
        self._served = self._person
        self._revision += 1
        params = self._snapshot(self._revision, self._boundary)
        self._recorder.note("parent", "window", "state", msgspec.to_builtins(params))
        self._window.send_newest(encode(m.Snapshot(params=params)))

    def _record_up(self, message: m.Up) -> None:
        method = str(type(message).__struct_config__.tag)
        self._recorder.note("window", "parent", method, message.params)

    def _record_answer(self, answer: m.Answer) -> None:
        fine = answer.error is msgspec.UNSET
        told = {"result": answer.result} if fine else {"error": answer.error}
        self._recorder.note("parent", "window", "answer", {"id": answer.id, **told})

    def _window_ended(self, code: int, why: str) -> None:
        self._stop_waiting()
        was_open = self._showing
        if self._gate is not None:
            self._gate.close()
        self._window = None
        self._gone.set()
        if self._closed:
            return
        if self._replaced:
            # However it ended: it was not the person who closed it.
            code, why = NOT_BY_ITSELF, self._replaced
        decision = self._ends.judge(code, why, was_open=was_open)
        if isinstance(decision, Ending):
            self._ended(decision)
        else:
            self._open_again(decision.after_s, decision.sentence)

    def _open_again(self, after_s: float, sentence: str) -> None:
        self._tasks.start(self._reopen(after_s, sentence), lambda: self._open_again(0.0, sentence))

    def _give_up(self, window: WindowEnd) -> None:
        window.end(window_words.not_ready_within(START_LIMIT_S))

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late = None

    async def _reopen(self, after_s: float, sentence: str) -> None:
        await asyncio.sleep(after_s)
        if sentence:
            self._renewed(sentence)
        await self.open()


class _Relay:
    """Holds a window's lines until ``open_window`` has returned and its gate is there."""

    def __init__(self) -> None:
        self._early: list[bytes] = []
        self._hear: Callable[[bytes], None] = self._early.append

    def on_line(self, line: bytes) -> None:
        self._hear(line)

    def to(self, hear: Callable[[bytes], None]) -> None:
        self._hear = hear
        for line in self._early:
            hear(line)
