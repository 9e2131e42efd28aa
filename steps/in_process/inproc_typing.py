"""The person's hands in the in-process driver: buttons, what is typed, what is not saved yet, and
the end of the app.

A part of ``inproc``.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from typing import Any

from refapp import messages as m
from refapp.untrusted.presentation.draft import Draft
from refapp.untrusted.presentation.sign_in_screen import lacks_code, missing
from steps.fakes.virtual_time import VirtualTime
from steps.fakes.windows import shown_buttons
from steps.fakes.windows.fake_window import FakeWindow
from steps.fakes.windows.shown_buttons import NAMES, Button
from steps.in_process.app_copy import Copy
from steps.programs.every_program import EveryProgram
from steps.scenario.driver import FactorName
from steps.scenario.people import ADA
from steps.scenario.sight import KEYS, OF_THE_WINDOW, ButtonState
from steps.scenario.writing import End
from steps.servers.local_server import LocalServer

END_LIMIT_S = 5.0
COMES_WITHIN_S = 0.2


class InProcessTyping:
    """``running_copies`` are the copies of the app; the first is the person's.
    ``lacks``: what the form says of itself, and where; ``trusts``: how often the person has said
    that the server may trust this computer.
    """

    lacks: Mapping[str, str] = {}
    said_in_terminal = ""
    trusts = 0

    running_copies: list[Copy]
    time: VirtualTime
    local: LocalServer
    programs: EveryProgram
    speaker: FakeWindow

    @property
    @abstractmethod
    def window(self) -> FakeWindow:
        """The person's window."""

    @abstractmethod
    def rest(self) -> None:
        """See ``driver.Driver``."""

    @abstractmethod
    def newest_note(self) -> str:
        """See ``driver.Driver``."""

    def type_credentials(self, email: str, password: str) -> None:
        lacks, _ = missing(email, password)
        self.lacks = {"sign_in.error": lacks} if lacks else {}
        if not lacks:
            self.speaker = self.window
            self.window.actions.sign_in(email, password)
            self.rest()

    def press(self, button: str) -> None:
        self.press_at_once(button)

    def press_at_once(self, *buttons: str) -> None:
        """Use these buttons before anything can happen in between."""
        self.speaker = self.window
        there = self._buttons_once_there(buttons)
        for name in buttons:
            button = KEYS.get(name, name)
            if button in OF_THE_WINDOW:
                continue
            if button == "delete":
                self.window.delete(self.newest_note())
            elif button == "dismiss":
                self.window.dismiss()
            elif button == "summarise":
                if self.window.screen.services.assistant.usable:
                    self.window.summarise()
            else:
                assert button in NAMES, f"no button is called {button!r}"
                assert button in there, f"the window has no button {button!r} now"
                if there[button].usable:  # one that can't be pressed leads to nothing
                    self.window.press(there[button])
        self.rest()

    def _buttons_once_there(self, names: Collection[str]) -> Mapping[str, Button]:
        """What the keychain asks is said only if it does not answer at once."""
        if not (NAMES.intersection(names) <= self.buttons().keys()):
            self.time.advance(COMES_WITHIN_S)
        return self.buttons()

    def buttons(self) -> Mapping[str, Button]:
        """What the screen of the person's window has to press."""
        return shown_buttons.buttons(self.window.screen)

    def button(self, name: str) -> Collection[ButtonState] | None:
        """See ``sight.Looks``: of a window without a screen only whether it can be pressed."""
        if name not in NAMES:
            return None
        found = self.buttons().get(name)
        return {"usable"} if found is not None and found.usable else set()

    def enter_code(self, factor: FactorName, code: str, *, trust: bool) -> None:
        if code:
            self.local.secrets.add(code)
        lacks = lacks_code(code)
        self.lacks = {"second_factor.sentence": lacks} if lacks else {}
        self.trusts += trust
        if not lacks:
            if not self.programs.enter_code(code.strip(), factor, trust=trust):
                self.window.actions.second_factor(factor, code.strip(), trust=trust)
            self.rest()

    def write_note(self, text: str) -> None:
        self._ask(m.NoteSave, m.NoteSaveParams(None, text, self.window.snapshots[-1].owner))

    def _ask(self, kind: Callable[..., m.Request], params: Any) -> int:
        number = self.window.ask(kind, params)
        self.rest()
        return number

    def type(self, text: str) -> None:
        """See ``driver.InsideDriver``."""
        self.time.run(_later(self.window, text))
        self.rest()

    def type_on(self, text: str) -> None:
        """See ``driver.InsideDriver``."""
        self.window.types_on = text

    def open_oldest_note(self) -> None:
        """See ``driver.InsideDriver``."""
        self.window.open_note(self.window.snapshots[-1].notes[-1].note)
        self.rest()

    def take_back(self, text: str) -> None:
        """See ``driver.InsideDriver``."""
        self.time.run(_taken_back(self.window, text))
        self.rest()

    def wish_at_the_end(self) -> None:
        """See ``driver.InsideDriver``."""
        self.window.last_wish = True

    def tell_place_at_the_end(self) -> None:
        """See ``driver.InsideDriver``."""
        self.window.last_place = m.WindowParams(0, 0, 700, 500, 14, "system")

    def begin_another_note(self) -> None:
        """See ``driver.InsideDriver``."""
        drafts = self.window.drafts
        drafts.turn_to(Draft(owner=drafts.open.owner))

    def hang(self) -> None:
        """See ``driver.InsideDriver``."""
        self.window.silent = True

    def fail(self) -> tuple[int, str]:
        """See ``writing.WritingInside``: as the loop tells of an error that nobody waits for, and
        that holds a secret.
        """
        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.time.run(_mistaken())
        self.said_in_terminal += said.getvalue()
        self.time.advance(END_LIMIT_S)
        return self.running_copies.pop(0).ending()

    def kill(self) -> None:
        """See ``driver.InsideDriver``."""
        self.hang()
        self.running_copies.pop(0).running.cancel()
        self.time.advance(END_LIMIT_S)

    def type_and_end(self, text: str, end: End) -> tuple[int, str]:
        """See ``driver.Driver``."""
        if text:
            self.type(text)
        copy = self.running_copies[0]
        if end == "she closes the window":
            self.window.close()
        elif end == "the display goes away":
            self.window.lose_display()
        else:
            copy.app.leave()
        self.time.advance(END_LIMIT_S)
        return self.running_copies.pop(0).ending()


async def _mistaken() -> None:
    asyncio.get_running_loop().call_exception_handler({"exception": LookupError(ADA.password)})


async def _later(window: FakeWindow, text: str) -> None:
    # The window's timers are the loop's.
    window.type(text)


async def _taken_back(window: FakeWindow, text: str) -> None:
    window.take_back(text)
