"""Typing in the in-process driver: what is in the window and not saved yet, and the end of the app.

A part of ``inproc``.
"""

from __future__ import annotations

from abc import abstractmethod

from refapp.untrusted.presentation.draft import Draft
from steps.fakes.fake_window import FakeWindow
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.app_copy import Copy
from steps.scenario.writing import End

END_LIMIT_S = 5.0


class InProcessTyping:
    """``running_copies`` are the copies of the app; the first is the person's."""

    running_copies: list[Copy]
    time: VirtualTime

    @property
    @abstractmethod
    def window(self) -> FakeWindow:
        """The person's window."""

    @abstractmethod
    def rest(self) -> None:
        """See ``driver.Driver``."""

    def type(self, text: str) -> None:
        """See ``driver.InsideDriver``."""
        self.time.run(_later(self.window, text))
        self.rest()

    def begin_another_note(self) -> None:
        """See ``driver.InsideDriver``."""
        drafts = self.window.drafts
        drafts.turn_to(Draft(owner=drafts.open.owner))

    def hang(self) -> None:
        """See ``driver.InsideDriver``."""
        self.window.silent = True

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
        else:
            copy.app.leave()
        self.time.advance(END_LIMIT_S)
        return self.running_copies.pop(0).ending()


async def _later(window: FakeWindow, text: str) -> None:
    # The window's timers are the loop's.
    window.type(text)
