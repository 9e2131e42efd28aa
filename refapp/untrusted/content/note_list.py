"""The list of notes: one row each, newest first, and the button for a new one.
Copies ``view.Notes``.

``chosen(note)`` is called when a person goes to a row, ``write`` when Enter says "into the editor",
``delete`` at the Delete key.
"""

from __future__ import annotations

import tkinter
from collections import deque
from collections.abc import Callable
from tkinter import ttk

from refapp.untrusted.presentation.view import NoteRow, Notes
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.row_keys import go_by_keys
from refapp.untrusted.widgets.scrolled import Scrollbar
from refapp.untrusted.widgets.style import Style

EMPTY_LINE = 210
"""Pixels of a line of what stands in an empty list, with text of the usual size."""


class NoteList(ttk.Frame):
    """A card of fixed width."""

    def __init__(
        self,
        parent: tkinter.Misc,
        style: Style,
        roster: Roster,
        *,
        new: Callable[[], None],
        chosen: Callable[[str], None],
        write: Callable[[], None],
        delete: Callable[[], None],
    ) -> None:
        px = style.px
        super().__init__(parent, style="Card.TFrame", padding=(px(10), px(10), 0, px(10)))
        self._style, self._chosen = style, chosen
        self._rows: dict[str, NoteRow] = {}
        self.columnconfigure(0, weight=1)
        self.columnconfigure(1, minsize=px(10))
        self.rowconfigure(1, weight=1)
        self._new = ttk.Button(self, text="New note", underline=2, command=new)
        self._new.grid(row=0, column=0, sticky="ew", pady=(0, px(8)))
        self._list = ttk.Treeview(
            self, columns=("changed",), show="tree", selectmode="browse", height=5
        )
        self._list.column("changed", stretch=False, anchor="e")
        style.fit(self._list, "#0", "A title of this length")
        self._list.grid(row=1, column=0, sticky="nsew")
        Scrollbar(self, self._list).grid(row=1, column=1, sticky="ns")
        self._empty = ttk.Label(
            self, style="Card.Small.TLabel", justify="center", anchor="center",
            wraplength=px(EMPTY_LINE),
        )  # fmt: skip
        self._empty.grid(row=1, column=0, sticky="nsew", padx=px(8))
        self._empty.bind("<Configure>", lambda event: self._wrap_empty(event.width))
        self._list.bind("<<TreeviewSelect>>", self._on_select)
        go_by_keys(self._list)
        self._list.bind("<Return>", lambda _: write())
        self._list.bind("<Delete>", lambda _: delete())
        for name, widget in (("new", self._new), ("list", self._list), ("empty", self._empty)):
            roster.add(f"notes.{name}", widget)

    def show(self, notes: Notes, marked: str | None) -> None:
        """Copy the rows, those that are not there already:
        of thousands one or two are new at a time.
        """
        before, self._rows = self._rows, {row.note: row for row in notes.rows}
        self._list.delete(*[note for note in before if note not in self._rows])
        there = deque(note for note in before if note in self._rows)
        for at, row in enumerate(notes.rows):
            if row.note not in before:
                self._list.insert("", at, iid=row.note, text=row.title, values=(row.changed,))
                continue
            if there[0] == row.note:
                there.popleft()
            else:
                there.remove(row.note)
                self._list.move(row.note, "", at)
            if before[row.note] != row:
                self._list.item(row.note, text=row.title, values=(row.changed,))
        self._style.fit(self._list, "changed", "00:00", *{row.changed for row in notes.rows})
        self.mark(marked)
        self._empty.configure(text=notes.empty)
        if notes.empty:
            self._empty.grid()
        else:
            self._empty.grid_remove()
        self._new.state(["!disabled"] if notes.editable else ["disabled"])

    def _wrap_empty(self, width: int) -> None:
        """Lines grow with the text, as far as there is room: else they would be too many."""
        wanted = self._style.px(EMPTY_LINE * self._style.size / self._style.usual)
        self._empty.configure(wraplength=min(width - width // 100, wanted))

    @property
    def has_keyboard(self) -> bool:
        """Keys go through the rows."""
        return str(self._list.tk.call("focus")) == str(self._list)

    def mark(self, note: str | None) -> None:
        """Show which row is open."""
        if note is not None and self._list.exists(note):
            self._list.selection_set(note)
            self._list.focus(note)
            self._list.see(note)
        else:
            self._list.selection_set(())

    def _on_select(self, _event: tkinter.Event[tkinter.Misc]) -> None:
        chosen = self._list.selection()
        if chosen:
            self._chosen(chosen[0])
