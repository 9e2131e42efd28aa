"""Lines of thousands of characters in a Tk text: broken up in the widget, whole everywhere else.

Tk 8.6 lays a whole line out again at each key: 1.8 s a key at the end of one with 100,000
characters. So the widget holds such a line in pieces, each ended by ``BREAK``: a character that is
not to be seen, and a line's end. Tk's undo may put a ``BREAK`` back, so it is told by what it is,
never by a tag. Invariant: ``whole(broken(text)) == text``. A text that has ``MARK`` of its own is
never broken up, and one that gets it, by whatever key or paste, is not from then on.

The widget's own command is watched, since there are many ways to type and to delete: what is typed
at a ``BREAK`` stands before it, and what is deleted takes both of its characters or none.
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


WATCHED = """
rename {text} {held}
proc {text} {{command args}} {{
    if {{$command in {{insert delete}}}} {{set args [{watch} $command {{*}}$args]}}
    uplevel 1 [list {held} $command {{*}}$args]
}}
proc {held}_put {{stand_in text}} {{
    {held} insert 1.0 [string map [list $stand_in \\u0000] $text]
}}
"""
"""``put``, since a character 0 ends a text on its way from Python to Tcl."""


class LongLines:
    """Keeps the lines of ``text`` short while somebody writes.
    ``on``: the note has no ``MARK`` of its own.

    What is chosen in ``text`` is whole for other programs too (``_offer``).
    """

    def __init__(self, text: tkinter.Text) -> None:
        self._text = text
        self.on = True
        self._held = f"{text}.held"
        self._offered = tkinter.Text(text)  # never shown; X11's selection is its own
        text.configure(exportselection=False)
        watch = text.register(self._watch)
        text.tk.eval(WATCHED.format(text=text, held=self._held, watch=watch))
        for key in ("<BackSpace>", "<Control-h>"):
            text.bind(key, lambda _: self._step_over("insert -2c", "insert"))
        for key in ("<Delete>", "<Control-d>"):
            text.bind(key, lambda _: self._step_over("insert", "insert +2c"))
        text.bind("<<Copy>>", lambda _: self._copy(cut=False))
        text.bind("<<Cut>>", lambda _: self._copy(cut=True))
        text.bind("<<Selection>>", lambda _: self._offer())

    def get(self) -> str:
        """The text as a person wrote it."""
        held = str(self._text.get("1.0", "end-1c"))
        return whole(held) if self.on else held

    def put(self, text: str) -> None:
        """Insert a whole note into the empty widget."""
        self.on = MARK not in text
        stand_in = next(one for one in map(chr, range(0xE000, 0xF900)) if one not in text)
        self._text.tk.call(f"{self._held}_put", stand_in, broken(text).replace("\0", stand_in))

    def mend(self) -> None:
        """Break up what has become long since."""
        if not self.on:
            return
        for number, line in enumerate(str(self._text.get("1.0", "end-1c")).split("\n"), 1):
            if len(line) > LONGEST:
                found = pieces(line)
                at = self._length(line)
                for piece in reversed(found[1:]):
                    at -= self._length(piece)
                    self._insert(f"{number}.{at}", BREAK)

    def _length(self, text: str) -> int:
        """As Tk counts: in 8.6 a character beyond the first 65,536 is two."""
        return int(self._text.tk.call("string", "length", text))

    def _insert(self, index: str, text: str) -> None:
        self._text.tk.call(self._held, "insert", index, text)

    def _watch(self, command: str, *words: str) -> tuple[str, ...]:
        """What Tk is to do in place of ``command`` with ``words``."""
        if not self.on:
            return words
        if command == "insert" and any(MARK in word for word in words[1::2]):
            self._leave_off()
        elif command == "insert" and words[0] == "insert" and self._inside("insert"):
            self._text.mark_set("insert", "insert -1c")
        elif command == "delete" and len(words) < 3:
            first, last = words[0], words[-1] if words[1:] else f"{words[0]} +1c"
            return (
                f"{first} -1c" if self._inside(first) else first,
                f"{last} +1c" if self._inside(last) else last,
            )
        return words

    def _inside(self, index: str) -> bool:
        return self._text.get(f"{index} -1c", f"{index} +1c") == BREAK

    def _leave_off(self) -> None:
        """Take the breaks out for good. Undo reaches back to here: it would put them in again."""
        while at := self._text.search(MARK, "1.0", "end"):
            self._text.tk.call(self._held, "delete", at, f"{at} +{len(BREAK)}c")
        self.on = False
        self._text.edit_reset()

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
        self._text.clipboard_append(self._chosen())
        if cut:
            self._text.delete("sel.first", "sel.last")
        return "break"

    def _chosen(self) -> str:
        # The line's end that Tk adds to every text is nobody's.
        last = "end -1c" if self._text.compare("sel.last", "==", "end") else "sel.last"
        chosen = str(self._text.get("sel.first", last))
        return whole(chosen) if self.on else chosen

    def _offer(self) -> None:
        """What is chosen is what the middle button pastes, here and elsewhere."""
        if self._text.tag_ranges("sel"):
            self._offered.delete("1.0", "end")
            self._offered.insert("1.0", self._chosen())
            self._offered.tag_add("sel", "1.0", "end -1c")
