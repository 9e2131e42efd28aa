"""Lines of thousands of characters in a Tk text: broken up in the widget, whole everywhere else.

Tk 8.6 lays a whole line out again at each key: 1.8 s a key at the end of one with 100,000
characters. So the widget holds such a line in pieces, each ended by ``BREAK``: a character that is
not to be seen, and a line's end. Tk's undo may put a ``BREAK`` back, so it is told by what it is,
never by a tag. Invariant: ``whole(broken(text)) == text``. A text that has ``MARK`` of its own is
never broken up.
"""

from __future__ import annotations

import tkinter

MARK = "\u2063"
BREAK = f"{MARK}\n"
PIECE = 1000
"""Characters, about: a piece ends at a space, if there is one."""
LONGEST = 2 * PIECE


def broken(text: str) -> str:
    """``text`` with its long lines in pieces."""
    if len(text) <= LONGEST or MARK in text:
        return text
    return "\n".join(BREAK.join(pieces(line)) for line in text.split("\n"))


def whole(text: str) -> str:
    """What a person wrote, from what the widget holds."""
    return text.replace(BREAK, "").replace(MARK, "") if MARK in text else text


def pieces(line: str) -> list[str]:
    """``line`` cut where nobody minds; one piece if it is not long."""
    found: list[str] = []
    at = 0
    while len(line) - at > LONGEST:
        end = line.rfind(" ", at + PIECE // 2, at + PIECE) + 1 or at + PIECE
        found.append(line[at:end])
        at = end
    return [*found, line[at:]]


class LongLines:
    """Keeps the lines of ``text`` short while somebody writes.
    ``on``: the note has no ``MARK`` of its own.
    """

    def __init__(self, text: tkinter.Text) -> None:
        self._text = text
        self.on = True
        text.bind("<BackSpace>", lambda _: self._step_over("insert -2c", "insert"))
        text.bind("<Delete>", lambda _: self._step_over("insert", "insert +2c"))
        text.bind("<<Copy>>", lambda _: self._copy(cut=False))
        text.bind("<<Cut>>", lambda _: self._copy(cut=True))

    def get(self) -> str:
        """The text as a person wrote it."""
        held = str(self._text.get("1.0", "end-1c"))
        return whole(held) if self.on else held

    def put(self, text: str) -> None:
        """Insert a whole note into the empty widget."""
        self.on = MARK not in text
        self._text.insert("1.0", broken(text))

    def mend(self) -> None:
        """Break up what has become long since."""
        if not self.on:
            return
        for number, line in enumerate(str(self._text.get("1.0", "end-1c")).split("\n"), 1):
            if len(line) > LONGEST:
                at = len(line)
                for piece in reversed(pieces(line)[1:]):
                    at -= len(piece)
                    self._text.insert(f"{number}.{at}", BREAK)

    def _step_over(self, first: str, last: str) -> None:
        """Take a break away that stands where a key deletes:
        the key is meant for what is behind it.
        """
        if self.on and not self._text.tag_ranges("sel") and self._text.get(first, last) == BREAK:
            self._text.delete(first, last)

    def _copy(self, *, cut: bool) -> str | None:
        if not self._text.tag_ranges("sel"):
            return None
        self._text.clipboard_clear()
        # The line's end that Tk adds to every text is nobody's.
        last = "end -1c" if self._text.compare("sel.last", "==", "end") else "sel.last"
        chosen = str(self._text.get("sel.first", last))
        self._text.clipboard_append(whole(chosen) if self.on else chosen)
        if cut:
            self._text.delete("sel.first", "sel.last")
        return "break"
