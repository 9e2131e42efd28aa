"""The window's own words in the in-process driver: requests of the channel, good ones and bad ones,
and a window that misbehaves.

A part of ``inproc``.
"""

from __future__ import annotations

import contextlib
import json
import signal
from abc import abstractmethod
from collections.abc import Mapping
from typing import cast

import msgspec

from refapp import messages as m
from refapp.trusted.window.window_ends import NO_DISPLAY
from steps.fakes.virtual_time import VirtualTime
from steps.fakes.windows.fake_window import FakeWindow
from steps.fakes.windows.piped_window import PipedWindow, small_pipes
from steps.in_process.app_copy import Copy
from steps.scenario.driver import Told

MORE_THAN_WAITS, MORE_THAN_IS_KEPT = 60, 320
"""Answers: more than what a pipe holds, and what may wait before it; and more than may wait."""
TWICE_ASKED_S = 33
"""A window is asked every 15 seconds, and one that has not answered the second time is given 2 to
leave.
"""
ONE_DAY_S = 86400.0
PONG = b'{"jsonrpc":"2.0","method":"pong","params":{"n":1}}'
LONG = PONG + b" " * (700 * 1024)
"""JSON may have spaces."""
PIECE = 60_000
"""Bytes that a pipe has room for."""


class InProcessChannel:
    """``speaker`` is the window whose answers count; ``running_copies`` the copies of the app.
    ``has_pipes``: a window that comes up is at the far end of real ones.
    """

    speaker: FakeWindow
    running_copies: list[Copy]
    time: VirtualTime
    has_pipes = False
    _clock: contextlib.ExitStack
    _said = 1000

    @property
    @abstractmethod
    def window(self) -> FakeWindow:
        """The person's window."""

    @abstractmethod
    def rest(self) -> None:
        """See ``driver.Driver``."""

    @abstractmethod
    def pass_time(self, seconds: float) -> None:
        """See ``driver.Driver``."""

    def say(self, method: str, **params: object) -> None:
        """Send a request of the channel as the window would, whether it is a good one or not."""
        self.write(self._line(method, params))

    def _line(self, method: str, params: Mapping[str, object]) -> bytes:
        self._said += 1
        return json.dumps(
            {"jsonrpc": "2.0", "method": method, "id": self._said, "params": params}
        ).encode()

    def write(self, line: bytes) -> None:
        """Send a line as the window would."""
        self.speaker = self.window
        self.window.write(line)
        self.rest()
        self.pass_time(1)

    def leave_window(self, left: Mapping[str, object]) -> None:
        """See ``driver.InsideDriver``."""
        self.window.choose(cast("m.Colours", left["colours"]))
        self.say("remember_window", **left)

    def say_often(self, method: str, params: Mapping[str, object], times: int) -> None:
        """See ``driver.InsideDriver``."""
        self.speaker = self.window
        for _ in range(times):
            self.window.write(self._line(method, params))
            self.rest()

    def answer(self) -> Told:
        """The last answer that the window got."""
        reply = self.speaker.replies[-1]
        if reply.error is not msgspec.UNSET:
            return Told(error=reply.error.message)
        found = msgspec.json.decode(reply.result)
        return Told(data=found.get("data", found.get("text")), error=found.get("error"))

    def notes_told(self, last: int) -> list[str]:
        """See ``driver.InsideDriver``."""
        replies = [msgspec.json.decode(reply.result) for reply in self.window.replies[-last:]]
        return [found.get("text", "") for found in replies]

    def newest_note(self) -> str:
        """Its number, as the window has been sent it."""
        return self.window.snapshots[-1].notes[0].note

    def change_note(self, text: str) -> None:
        """Write ``text`` in place of the newest note's."""
        self.window.ask(
            m.NoteSave, m.NoteSaveParams(self.newest_note(), text, self.window.snapshots[-1].owner)
        )
        self.rest()

    def set_clock(self, ahead_s: float) -> None:
        """Set the computer's clock: so many seconds ahead of the server's."""
        self.time.ahead_s = ahead_s

    def both_say(self, method: str, **params: object) -> None:
        """Each copy's window sends the request before anything can happen in between."""
        for copy in self.running_copies:
            copy.window.write(self._line(method, params))
        self.pass_time(1)

    def put_pipes(self) -> None:
        """See ``driver.InsideDriver``."""
        self.has_pipes = True
        self._clock.enter_context(small_pipes())

    @property
    def _piped(self) -> PipedWindow:
        assert isinstance(self.window, PipedWindow), "the scenario has to put pipes, first"
        return self.window

    def _read_nothing(self, answers: int = MORE_THAN_WAITS) -> None:
        """The window asks, and takes no answer."""
        self._piped.read_nothing()
        for _ in range(answers):
            self.window.ask(m.NoteOpen, m.NoteParams(self.newest_note()))
        self.rest()

    def _say_in_pieces(self, said: bytes) -> None:
        window = self._piped
        for at in range(0, len(said), PIECE):
            if not window.ended:
                window.say_piece(said[at : at + PIECE])
                self.rest()

    def misbehave(self, how: str) -> None:
        """Let the window crash, hang, flood or guess."""
        match how:
            case "crashes":
                self.window.die()
            case "crashes 3 times, and 2 times more when the clock was set back":
                for ahead_s in (0.0, 0.0, 0.0, -ONE_DAY_S, -ONE_DAY_S):
                    self.set_clock(ahead_s)
                    self.window.die()
                    self.pass_time(120 if ahead_s else 4)
            case "stops answering":
                self.window.silent = True
                self.pass_time(TWICE_ASKED_S)
                self.pass_time(TWICE_ASKED_S)  # its successor does answer
            case "answers too late":
                self.window.answers_pings = False
                self.pass_time(TWICE_ASKED_S)
            case "stops reading":
                self._read_nothing()
                self.pass_time(10)
            case "reads nothing, and asks for more and more":
                self._read_nothing(MORE_THAN_IS_KEPT)
            case "reads nothing for 4 seconds, and asks where Ada is signed in":
                self._read_nothing()
                self.window.ask(m.ListSessions, m.Nothing())
                self.pass_time(4)
                self._piped.read_again()
                self.pass_time(5)
            case "reads nothing for 4 seconds, and asks for the note once more just then":
                self._read_nothing(1)
                self.pass_time(4)
                line = self._line("note_open", {"note": self.newest_note()})
                self.time.run(self._piped.read_and_say(line))
                self.pass_time(5)
            case "closes its channel and stays":
                self._piped.hang_up()
                self.pass_time(2)
            case "is quiet for a minute, and says 500 things at once":
                self.pass_time(60)
                for _ in range(500):
                    self._piped.say(PONG)
            case "says more than 1 MiB, a piece at a time":
                self._say_in_pieces(LONG + b"\n" + LONG + b"\n")
            case "says more than 1 MiB in one line, a piece at a time":
                self._say_in_pieces(LONG + LONG)
            case "tries 30 passwords":
                self.speaker = self.window
                for number in range(30):
                    self.window.ask(m.SignIn, m.SignInParams("ada@example.com", f"guess {number}"))
                    self.pass_time(0.5)
            case "tries 30 codes":
                self.speaker = self.window
                for number in range(30):
                    guess = m.SecondFactorParams("authenticator", f"{number:06}", trust=False)
                    self.window.ask(m.SignInSecondFactor, guess)
            case _:
                for _ in range(int(how.split()[2])):
                    self.window.ask(m.StorageIsAvailable, m.Nothing())
        self.pass_time(1)

    def crash_saving(self, text: str) -> None:
        """See ``driver.InsideDriver``."""
        owner = self.window.snapshots[-1].owner
        note = {"note": None, "text": text, "owner": owner}
        self._piped.crash_saying(self._line("note_save", note))
        self.pass_time(1)

    def wait_for_window(self) -> tuple[int, str]:
        """See ``driver.InsideDriver``."""
        self.pass_time(31)
        return self.running_copies.pop(0).ending()

    def crash_often(self) -> tuple[int, str]:
        copy = self.running_copies[0]
        while not copy.running.done() and len(copy.windows) < 20:
            self._piped.crash_saying(complaint=b"Out of memory.\n")
            self.pass_time(4)
        return self.running_copies.pop(0).ending()

    def crash_with_the_display(self) -> tuple[int, str]:
        """See ``driver.InsideDriver``."""
        self.running_copies[0].comes_up = False
        self.window.die()
        self.pass_time(1)
        self.window.die(NO_DISPLAY)
        self.pass_time(1)
        return self.running_copies.pop(0).ending()

    def do_the_forbidden(self) -> tuple[int, str]:
        """The kernel stops the window at a forbidden system call; how the app ends."""
        self.window.die(-signal.SIGSYS)
        self.pass_time(10)
        return self.running_copies.pop(0).ending()
