"""The notes that are written line by line in ``terminal_talk``'s windows: the one that is open, and
those that the app may not have yet.

Owns when a note is saved, and whose it is: as the state said when it was begun, whatever that says
once it is sent (SB-8). A note has one save under way at a time, for the first one's answer has its
id. Nothing entered is given up: what could not be saved stays here to be tried again. A note that
was ended is never open again, so that no command and nobody else's line gets into it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

Message = dict[str, Any]
NOBODY = 0
"""The owner of what is written while nobody is signed in."""
HOW = "Write. A line with a single dot ends and saves the note; every line is kept as you enter it."


@dataclasses.dataclass(eq=False)
class LineNote:
    """``note`` is None until a new one has an id; ``again``: more was entered since it was sent;
    ``done``: it was ended with a dot. ``last``: what was sent is the last try, before the end.
    """

    owner: int = NOBODY
    note: str | None = None
    lines: list[str] = dataclasses.field(default_factory=list)
    sending: bool = False
    again: bool = False
    done: bool = False
    last: bool = False


class LineNotes:
    """``ask(method, then, refused, **params)`` sends a request, ``say`` says a line."""

    def __init__(self, ask: Callable[..., None], say: Callable[[str], None]) -> None:
        self._ask, self._say = ask, say
        self._unsaved: list[LineNote] = []
        self._ending = False
        self.open: LineNote | None = None

    @property
    def refused(self) -> bool:
        """A note could not be saved, and is not being tried again."""
        return any(not one.sending for one in self._unsaved)

    @property
    def waiting(self) -> bool:
        """The answer to a save is on its way."""
        return any(one.sending for one in self._unsaved)

    def begin(self, owner: int, note: str | None = None, text: str = "") -> None:
        """Write a new note, or go on with ``note``."""
        self.open = LineNote(owner, note, text.split("\n") if text else [])
        self._say(HOW)

    def enter(self, line: str) -> None:
        """One line for the open note, or the dot that ends it."""
        one = self.open
        if one is None:
            return
        one.done = line.strip() == "."
        if one.done:
            self.open = None
            self.try_again(but=one)
        else:
            one.lines.append(line)
        if any(one.lines):
            self._save(one)

    def join(self, owner: int) -> None:
        """What was begun while nobody was signed in is ``owner``'s from now on:
        she has said so (NT-3).
        """
        for one in self._unsaved:
            one.owner = one.owner or owner

    def try_again(self, but: LineNote | None = None) -> None:
        """Send what was refused; not ``but``."""
        for one in self._unsaved:
            if one is not but and not one.sending:
                self._save(one)

    def try_at_the_end(self) -> None:
        """Each once more; what is on its way too, if it is refused."""
        self._ending = True
        for one in self._unsaved:
            one.last = not one.sending
        self.try_again()

    def _save(self, one: LineNote) -> None:
        if one.sending:
            one.again = True
            return
        if one not in self._unsaved:
            self._unsaved.append(one)
        one.sending, one.again = True, False
        self._ask(
            "note_save",
            lambda answer: self._saved(one, answer["note"]),
            lambda error: self._refused(one, gone=error["reason"] == "no_such_note"),
            note=one.note, text="\n".join(one.lines), owner=one.owner,
        )  # fmt: skip

    def _saved(self, one: LineNote, note: str) -> None:
        one.sending, one.note = False, note
        if one.again:
            self._save(one)
            return
        self._unsaved.remove(one)
        if one.done:
            self._say("Saved on this computer.")

    def _refused(self, one: LineNote, *, gone: bool) -> None:
        """The text stays here; of a note that is ``gone`` it becomes a new one."""
        one.sending, one.again = False, False
        renewed = gone and one.note is not None
        one.note = None if gone else one.note
        if self._ending and (renewed or not one.last):
            one.last = True
            self._save(one)
        elif self._ending:
            self._say("The note is not saved. What you entered is above.")
        elif self.open is None:
            self._say("The note is still here. Enter retry to try again.")
        else:
            self._say("The note is still here. A line with a single dot tries again.")
