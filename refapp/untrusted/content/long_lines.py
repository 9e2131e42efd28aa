"""Lines of thousands of characters in a Tk text: broken up in the widget, whole everywhere else.

Tk 8.6 lays a whole line out again at each key: 1.8 s a key at the end of one with 100,000
characters. So the widget holds such a line in pieces, each ended by ``BREAK``: a character that is
not to be seen, and a line's end. Invariant: ``whole(broken(text)) == text``. A text that has
``MARK`` of its own is never broken up, and one that gets it, by whatever key or paste, is not from
then on.

The widget's own command is watched, since there are many ways to type and to delete: what is typed
at a ``BREAK`` stands before it, and what is deleted takes both of its characters or none.

Undo is done here, too (``undo_steps``). Tk's would take a ``BREAK`` for what somebody wrote: it
would put breaks in and take them out one by one, through the watched command. So the widget's
own is off, and ``edit undo`` puts back a whole text, broken up anew.
"""

from __future__ import annotations

import tkinter

from refapp.untrusted.presentation.undo_steps import State, UndoSteps

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
    if {{$command eq "edit" && [lindex $args 0] in {{undo redo reset separator}}}} {{
        return [{edit} [lindex $args 0]]
    }}
    uplevel 1 [list {held} $command {{*}}$args]
}}
proc {held}_put {{stand_in text}} {{
    {held} insert end [string map [list $stand_in \\u0000] $text]
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
        self._steps = UndoSteps()
        self._last = ""  # the command that the last step goes on with; "" if it is finished
        self._offered = tkinter.Text(text)  # never shown; X11's selection is its own
        text.configure(exportselection=False, undo=False)
        watch, edit = text.register(self._watch), text.register(self._edit)
        text.tk.eval(WATCHED.format(text=text, held=self._held, watch=watch, edit=edit))
        for key in ("<BackSpace>", "<Control-h>"):
            text.bind(key, lambda _: self._step_over("insert -2c", "insert"))
        for key in ("<Delete>", "<Control-d>"):
            text.bind(key, lambda _: self._step_over("insert", "insert +2c"))
        text.bind("<Control-k>", lambda _: self._kill())
        text.bind("<Control-t>", lambda _: "break")  # Tk would exchange the halves of a break
        text.bind("<<Copy>>", lambda _: self._copy(cut=False))
        text.bind("<<Cut>>", lambda _: self._copy(cut=True))
        text.bind("<<Selection>>", lambda _: self._offer())

    def get(self) -> str:
        """The text as a person wrote it."""
        held = str(self._text.get("1.0", "end-1c"))
        return whole(held) if self.on else held

    def put(self, text: str) -> None:
        """Insert a whole note into the empty widget, as a step of its own."""
        self._edit("separator")
        self._remember("insert")
        self._edit("separator")
        self.on = MARK not in text
        self._append(text)

    def shorten(self, characters: int) -> None:
        """Take back what was just typed: it was too much, and undo does not bring it again."""
        self._delete(*self._around(f"insert -{characters}c", "insert"))

    def mend(self) -> None:
        """Break up what has become long since."""
        if not self.on:
            return
        held = str(self._text.get("1.0", "end-1c")).split("\n")
        # From the last to the first: each break makes one line more of all that follow.
        for number, line in zip(range(len(held), 0, -1), reversed(held), strict=True):
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

    def _delete(self, first: str, last: str) -> None:
        self._text.tk.call(self._held, "delete", first, last)

    def _append(self, text: str) -> None:
        stand_in = next(one for one in map(chr, range(0xE000, 0xF900)) if one not in text)
        held = broken(text) if self.on else text
        self._text.tk.call(f"{self._held}_put", stand_in, held.replace("\0", stand_in))

    def _edit(self, what: str) -> bool:
        """Tk's ``edit``, as far as it is about undo. False: there is nothing to undo or redo."""
        self._last = ""
        if what == "reset":
            self._steps = UndoSteps()
        elif what in {"undo", "redo"}:
            if not self._writable():
                return False
            move = self._steps.undo if what == "undo" else self._steps.redo
            if (state := move(self._state())) is None:
                return False
            self._restore(*state)
        return True

    def _restore(self, text: str, at: int) -> None:
        top = self._text.index("@0,0")
        self._delete("1.0", "end")
        self.on = MARK not in text
        self._append(text[:at])
        cursor = self._text.index("end -1c")
        self._append(text[at:])
        self._text.mark_set("insert", cursor)
        self._text.yview(top)
        self._text.see("insert")
        self.mend()

    def _writable(self) -> bool:
        return str(self._text.cget("state")) == "normal"

    def _state(self) -> State:
        before = str(self._text.get("1.0", "insert"))
        return self.get(), len(whole(before) if self.on else before)

    def _remember(self, command: str) -> None:
        """Begin a step, unless ``command`` goes on with the last one. As Tk does:
        what is typed is one, until something is deleted or the cursor is moved.
        """
        joined = command == self._last or not self._text.getboolean(
            self._text.cget("autoseparators")
        )
        if not (self._last and joined) and self._writable():
            self._steps.add(self._state())
        self._last = command

    def _watch(self, command: str, *words: str) -> tuple[str, ...]:
        """What Tk is to do in place of ``command`` with ``words``."""
        self._remember(command)
        if not self.on:
            return words
        if command == "insert" and any(MARK in word for word in words[1::2]):
            self._text.mark_set("put_here", words[0])
            self._leave_off()
            return "put_here", *words[1:]
        if command == "insert" and words[0] == "insert":
            self._step_out()
        elif command == "delete" and len(words) < 3:
            return self._around(words[0], words[-1] if words[1:] else f"{words[0]} +1c")
        return words

    def _inside(self, index: str) -> bool:
        return self.on and self._text.get(f"{index} -1c", f"{index} +1c") == BREAK

    def _around(self, first: str, last: str) -> tuple[str, str]:
        return (
            f"{first} -1c" if self._inside(first) else first,
            f"{last} +1c" if self._inside(last) else last,
        )

    def _leave_off(self) -> None:
        """Take the breaks out, until undo brings a text back that is without ``MARK``."""
        while at := self._text.search(MARK, "1.0", "end"):
            self._delete(at, f"{at} +{len(BREAK)}c")
        self.on = False

    def _step_out(self) -> None:
        if self._inside("insert"):
            self._text.mark_set("insert", "insert -1c")

    def _step_over(self, first: str, last: str) -> None:
        """Take a break away that stands where a key deletes:
        the key is meant for what is behind it.
        """
        if self.on and not self._text.tag_ranges("sel"):
            self._step_out()
            if self._text.get(first, last) == BREAK:
                self._delete(first, last)

    def _kill(self) -> str:
        """Delete the rest of the line that a person sees, or its end."""
        last = self._text.index("insert lineend")
        while self._inside(last):
            last = self._text.index(f"{last} +1c lineend")
        if self._text.compare("insert", "==", last):
            last += " +1c"
        if self._text.compare("insert", "<", "end -1c"):
            self._text.delete("insert", last)
        return "break"

    def _copy(self, *, cut: bool) -> str | None:
        if not self._text.tag_ranges("sel"):
            return None
        self._text.clipboard_clear()
        self._text.clipboard_append(self._chosen())
        if cut:
            self._text.edit_separator()
            self._text.delete("sel.first", "sel.last")
            self._text.edit_separator()
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
