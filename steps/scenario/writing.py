"""What a driver does with text that is not saved yet: a part of ``driver``."""

from __future__ import annotations

from typing import Literal, Protocol

End = Literal[
    "she closes the window",
    "she presses Ctrl and Q",
    "she chooses Close in the menu",
    "the computer is shut down",
    "the terminal is closed",
    "the display goes away",
]


class Writing(Protocol):
    """A person types, and the end comes."""

    def type_and_end(self, text: str, end: End) -> tuple[int, str]:
        """Type ``text`` into an empty note, and end the app before it is saved by itself;
        its exit code and last words.
        """

    def change_note(self, text: str) -> None:
        """Write ``text`` in place of the newest note's, which is open, and have it saved."""


class WritingInside(Protocol):
    """What happens beside the writing, where time stands still."""

    def type(self, text: str) -> None:
        """Type ``text`` into the note that is open, and do not wait until it is saved."""

    def type_on(self, text: str) -> None:
        """``text`` is typed as soon as the next save is on its way."""

    def open_oldest_note(self) -> None:
        """Have the last one of the list in the editor."""

    def take_back(self, text: str) -> None:
        """Delete ``text``, which was typed last, and do not wait until that is saved."""

    def wish_at_the_end(self) -> None:
        """The window asks for a sign-out when it is told to leave."""

    def tell_place_at_the_end(self) -> None:
        """The window says where it is and how it looks when it is told to leave."""

    def begin_another_note(self) -> None:
        """Have an empty note in the window."""

    def hang(self) -> None:
        """Let the window do nothing any more."""

    def fail(self) -> tuple[int, str]:
        """Let the program be wrong somewhere; the app's exit code and last words."""

    def kill(self) -> None:
        """End the app such that it can do nothing about it."""
