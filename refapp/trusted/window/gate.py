"""What the window may ask, and when:
one table, request x phase -> handler, closed by default (SB-4).

OpenSSH's monitor is the model. A channel goes through three stages (``messages`` says why): hello,
confined, open. Only in the open stage does the table below count. A window that was asked to leave
may save, a bounded number of times, and nothing else. A well-formed request in a phase that does
not allow it is answered with an error. A line that is no message, and a request that its stage
forbids, mean that the window is not the one that was started: it is answered, once, and ended.
Nothing changes by either.
"""

from __future__ import annotations

import enum
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, cast

import msgspec

from refapp import messages as m
from refapp.snapshot import WITH_SESSION, Phase
from refapp.trusted.errors import RefappError
from refapp.trusted.scheduling.tasks import Tasks
from refapp.trusted.window.window_ends import NOT_CONFINED
from refapp.trusted.wording import session_words, window_words
from refapp.wire import NOT_A_REQUEST, ProtocolError, decode_up, encode

TOO_OFTEN, NOT_NOW, FAILED = -32002, -32001, -32000
PENDING_LIMIT = 32
LAST_LIMIT = 32
"""Requests of a window that was asked to leave."""

Answered = m.Result | None
Handler = Callable[[m.Request], Answered | Awaitable[Answered]]
"""A coroutine function where something has to be waited for;
any other answers on the spot. None: ``Done``.
"""


class Stage(enum.Enum):
    """How far the window has come."""

    HELLO = "hello"
    CONFINED = "confined"
    OPEN = "open"
    LEAVING = "leaving"
    CLOSED = "closed"


ALWAYS, NEVER = frozenset(Phase), frozenset[Phase]()
KNOWN = ALWAYS - {Phase.SIGNING_OUT, Phase.AWAITING_RESTART}
VAULT = frozenset({Phase.SIGNED_OUT, Phase.UNAVAILABLE})

PERMITTED: Mapping[type[m.Request], frozenset[Phase]] = {
    m.Initialize: ALWAYS,
    m.SignIn: frozenset({Phase.SIGNED_OUT, Phase.EXPIRED, Phase.UNAVAILABLE}),
    m.SignInElsewhere: frozenset({Phase.SIGNED_OUT, Phase.EXPIRED, Phase.UNAVAILABLE}),
    m.SignInOpenLink: frozenset({Phase.SIGNING_IN}),
    m.SignInPaste: frozenset({Phase.SIGNING_IN}),
    m.SignInSecondFactor: frozenset({Phase.SIGNING_IN}),
    m.SignInSendCode: frozenset({Phase.SIGNING_IN}),
    m.SignInSendVerification: frozenset({Phase.SIGNED_OUT, Phase.EXPIRED, Phase.UNAVAILABLE}),
    m.SignInAccept: frozenset({Phase.SIGNING_IN}),
    m.SignInCancel: frozenset({Phase.SIGNING_IN}),
    m.SignOut: WITH_SESSION | {Phase.EXPIRED, Phase.UNAVAILABLE},
    m.TryAgain: frozenset({Phase.UNAVAILABLE, Phase.OFFLINE}),
    m.Restart: frozenset({Phase.AWAITING_RESTART}),
    m.UnlockStorage: frozenset({Phase.UNAVAILABLE, Phase.SIGNED_OUT, Phase.EXPIRED}),
    m.CancelPrompt: ALWAYS,
    m.KeepInMemory: frozenset({Phase.UNAVAILABLE}),
    m.ListSessions: frozenset({Phase.SIGNED_IN}),
    m.RevokeSession: frozenset({Phase.SIGNED_IN}),
    m.RevokeOtherSessions: frozenset({Phase.SIGNED_IN}),
    m.SignOutEverywhere: frozenset({Phase.SIGNED_IN}),
    m.Dismiss: ALWAYS,
    m.RememberWindow: ALWAYS,
    m.NoteOpen: KNOWN,
    # it goes to the owner that it names, and what somebody typed is never refused for its hour
    m.NoteSave: ALWAYS,
    m.NoteDelete: KNOWN,
    m.AnswerNotesApart: frozenset({Phase.RESTORING, Phase.SIGNED_IN, Phase.OFFLINE, Phase.EXPIRED}),
    m.SyncNow: frozenset({Phase.SIGNED_IN}),
    m.Summarise: frozenset({Phase.SIGNED_IN}),
    m.StorageIsAvailable: ALWAYS,
    m.StorageSet: frozenset({Phase.SIGNED_OUT}),
    m.StorageGet: ALWAYS,
    m.StorageDelete: VAULT,
    m.StorageClear: VAULT,
}


LAST = (m.NoteSave, m.RememberWindow)
OF_THE_CHANNEL = (m.Hello, m.Confined, m.Shown, m.Pong)


class OtherEnd(Protocol):
    """The other end of the channel, real or in a test."""

    def send(self, line: bytes) -> None: ...

    def end(self, why: str, counts_as: int | None = None) -> None: ...


class Greeting(msgspec.Struct, frozen=True):
    """What the gate needs before the channel is open."""

    hello: Callable[[m.HelloParams], m.Welcome]
    confined: Callable[[m.ConfinedParams], None]
    shown: Callable[[m.ShownParams], None]
    pong: Callable[[m.PongParams], None]


class Gate:
    """Guards one window. ``handlers`` has one entry for each request of ``PERMITTED``;
    ``phase()`` is the session's phase now.

    ``too_often`` counts what is about to be carried out, and says why it must not be (``limits``).
    """

    def __init__(
        self,
        window: OtherEnd,
        *,
        greeting: Greeting,
        handlers: Mapping[type[m.Request], Handler],
        phase: Callable[[], Phase],
        too_often: Callable[[m.Request], str],
        heard: Callable[[m.Up], None],
        sent: Callable[[m.Answer], None],
    ) -> None:
        if handlers.keys() != PERMITTED.keys():
            raise ValueError("every permitted request has one handler, and no other has one")
        self.stage = Stage.HELLO
        self._window = window
        self._greeting = greeting
        self._handlers = handlers
        self._waits = {
            kind for kind, handle in handlers.items() if inspect.iscoroutinefunction(handle)
        }
        self._phase = phase
        self._too_often = too_often
        self._heard = heard
        self._sent = sent
        self._pending = Tasks()
        self._last = 0

    def on_line(self, line: bytes) -> None:
        """One line of the window.
        Total: whatever it is, it is answered, ignored, or ends the window.
        """
        if self.stage is Stage.CLOSED:
            return
        try:
            message = decode_up(line)
        except ProtocolError as error:
            self._forbid(error.id, error.code, error.reason, error.sentence)
            return
        self._heard(message)
        if isinstance(message, OF_THE_CHANNEL):
            self._greet(message)
        else:
            self._admit(message)

    def _greet(self, message: m.Hello | m.Confined | m.Shown | m.Pong) -> None:
        match message:
            case m.Hello() if self.stage is Stage.HELLO and message.params.protocol != m.PROTOCOL:
                said = window_words.other_version(message.params.protocol, m.PROTOCOL)
                self._forbid(message.id, NOT_A_REQUEST, "forbidden", said)
            case m.Hello() if self.stage is Stage.HELLO:
                self.stage = Stage.CONFINED
                self._answer(message.id, self._greeting.hello(message.params))
            case m.Confined() if self.stage is Stage.CONFINED:
                self._confine(message)
            case m.Shown() | m.Pong() if self.stage is Stage.LEAVING:
                return
            case m.Shown() if self.stage is Stage.OPEN:
                self._greeting.shown(message.params)
            case m.Pong() if self.stage is Stage.OPEN:
                self._greeting.pong(message.params)
            case _:
                self._forbid(
                    getattr(message, "id", None),
                    NOT_A_REQUEST,
                    "forbidden",
                    window_words.NOT_ALLOWED_NOW,
                )

    def leave(self) -> bool:
        """Take only what the window has still to save from now on;
        False if there can be nothing.
        """
        if self.stage is not Stage.OPEN:
            return False
        self.stage = Stage.LEAVING
        return True

    def close(self) -> None:
        """Take no more lines; what is being handled is dropped, its outcome is not."""
        self.stage = Stage.CLOSED
        self._pending.cancel()

    def _confine(self, message: m.Confined) -> None:
        try:
            self._greeting.confined(message.params)
        except RefappError as error:
            self._refuse(message.id, FAILED, error.code, error.sentence)
            self.close()
            self._window.end(error.sentence, NOT_CONFINED)
            return
        self.stage = Stage.OPEN
        self._answer(message.id, None)

    def _admit(self, request: m.Request) -> None:
        if self.stage is Stage.LEAVING:
            self._admit_last(request)
        elif self.stage is not Stage.OPEN:
            self._forbid(request.id, NOT_A_REQUEST, "forbidden", window_words.NOT_CONFINED_YET)
        elif self._phase() not in PERMITTED.get(type(request), NEVER):
            self._refuse(request.id, NOT_NOW, "not_now", window_words.NOT_POSSIBLE_NOW)
        elif len(self._pending) >= PENDING_LIMIT:
            self._forbid(request.id, NOT_A_REQUEST, "flood", window_words.TOO_MANY_WAITING)
        elif sentence := self._too_often(request):
            self._refuse(request.id, TOO_OFTEN, "too_often", sentence)
        else:
            self._handle(request)

    def _admit_last(self, request: m.Request) -> None:
        self._last += 1
        if self._last > LAST_LIMIT:
            self._forbid(request.id, NOT_A_REQUEST, "flood", window_words.TOO_MANY_AT_THE_END)
        elif not isinstance(request, LAST) or self._phase() not in PERMITTED[type(request)]:
            self._refuse(request.id, NOT_NOW, "not_now", window_words.NOT_POSSIBLE_NOW)
        else:
            self._handle(request)

    def _handle(self, request: m.Request) -> None:
        if type(request) in self._waits:
            self._pending.start(self._wait(request), lambda: self._broken_off(request))
            return
        try:
            result = cast("Answered", self._handlers[type(request)](request))
        except RefappError as error:
            self._refuse(request.id, FAILED, error.code, error.sentence)
        else:
            self._answer(request.id, result)

    async def _wait(self, request: m.Request) -> None:
        try:
            result = await cast("Awaitable[Answered]", self._handlers[type(request)](request))
        except RefappError as error:
            self._refuse(request.id, FAILED, error.code, error.sentence)
        else:
            self._answer(request.id, result)

    def _broken_off(self, request: m.Request) -> None:
        """It was cancelled, by whatever it waited for.
        Without its first answer a window shows nothing.
        """
        if isinstance(request, m.Initialize) and self.stage is Stage.OPEN:
            self._handle(request)
        else:
            self._refuse(request.id, FAILED, "broken_off", session_words.BROKEN_OFF_TRY_AGAIN)

    def _answer(self, number: int, result: Answered) -> None:
        self._send(m.Answer(id=number, result=result or m.Done()))

    def _refuse(self, number: int | None, code: int, reason: str, sentence: str) -> None:
        self._send(m.Answer(id=number, error=m.ErrorDetail(code, sentence, reason)))

    def _forbid(self, number: int | None, code: int, reason: str, sentence: str) -> None:
        self._refuse(number, code, reason, sentence)
        self.close()
        self._window.end(window_words.broke_the_protocol(sentence))

    def _send(self, answer: m.Answer) -> None:
        if self.stage is not Stage.CLOSED:
            self._sent(answer)
            self._window.send(encode(answer))
