"""What happens around an app that runs for months, beside other copies of it.
A part of ``driver.InsideDriver``.
"""

from __future__ import annotations

from typing import Literal, Protocol

Lacking = Literal["locks", "confirmations"]


class LongLived(Protocol):
    """Sleep, stops, locks that go, and copies that are looked at."""

    def press_in_copy(self, button: str) -> None:
        """Use this button in the other copy's window."""

    def situation_of_copy(self) -> str:
        """What the other copy's window shows."""

    def sleep(self, seconds: float) -> None:
        """The computer sleeps: no timer runs, and the clock goes on."""

    def go_on_after(self, seconds: float) -> None:
        """The app was stopped for so long;
        it goes on, and what the server has answered meanwhile is there.
        """

    def close_before_the_answer(self, seconds: float) -> None:
        """The person closes the window;
        the server answers ``seconds`` later, and the app has to end with that.
        """

    def delete_lock(self) -> None:
        """Somebody deletes the lock file."""

    def lack(self, what: Lacking) -> None:
        """The file system of the app's folder has no such thing."""

    def begin_trace(self, mib: int) -> None:
        """From now on the app appends to a trace that is this large already."""

    def traces(self) -> list[int]:
        """The sizes of the trace and of its earlier files, in bytes."""
