"""The notes: a list and an editor that saves itself.

Owns the widgets and when a save is sent: a moment after the last key, and at once when the note is left. What is saved and what
is not is ``draft``'s. There is no save button and no question: leaving loses nothing, and a deletion can be undone.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk
from typing import Protocol

from refapp.untrusted.draft import Draft
from refapp.untrusted.palette import Palette
from refapp.untrusted.roster import Roster
from refapp.untrusted.style import Style
from refapp.untrusted.view import Notes

SAVE_AFTER_MS = 400
NO_NOTES = "No notes yet. Type on the right: it is kept on this computer, with or without an account."


class NoteActions(Protocol):
    """The part of ``actions.Actions`` that notes need."""

    def open_note(self, note: str, then: Callable[[str], None]) -> None: ...

    def save_note(
        self, note: str | None, text: str, then: Callable[[str], None], refused: Callable[[str], None]
    ) -> None: ...

    def delete_note(self, note: str) -> None: ...

    def summarise(self, note: str, then: Callable[[str], None], refused: Callable[[str], None]) -> None: ...


class NotesPage(ttk.Frame):
    """``changed`` is called when the page shows something else without a snapshot."""

    def __init__(
        self, parent: tkinter.Misc, style: Style, roster: Roster, actions: NoteActions, changed: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._actions, self._changed = actions, changed
        self._draft = Draft()
        self._rows: Notes | None = None
        self._timer, self._undo_text = "", ""
        self._wanted: str | None = None
        self.columnconfigure(1, weight=1)
        self.rowconfigure(0, weight=1)
        self._build_list(style, roster).grid(row=0, column=0, sticky="ns", padx=(0, style.px(12)))
        self._build_editor(style, roster).grid(row=0, column=1, sticky="nsew")

    def _build_list(self, style: Style, roster: Roster) -> ttk.Frame:
        px = style.px
        card = ttk.Frame(self, style="Card.TFrame", padding=px(10))
        card.rowconfigure(1, weight=1)
        self._new = ttk.Button(card, text="New note   Ctrl+N", underline=2, command=self.new)
        self._new.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, px(8)))
        self._list = ttk.Treeview(card, columns=("changed",), show="tree", selectmode="browse", height=5)
        self._list.column("#0", width=px(170), stretch=True)
        self._list.column("changed", width=px(62), stretch=False, anchor="e")
        scroll = ttk.Scrollbar(card, command=self._list.yview)
        self._list.configure(yscrollcommand=scroll.set)
        self._list.grid(row=1, column=0, sticky="nsew")
        scroll.grid(row=1, column=1, sticky="ns")
        self._empty = ttk.Label(card, text=NO_NOTES, style="Card.Small.TLabel", justify="left", wraplength=px(220))
        self._empty.grid(row=2, column=0, columnspan=2, sticky="ew", pady=px(6))
        self._list.bind("<<TreeviewSelect>>", self._on_select)
        self._list.bind("<Down>", self._on_down)
        self._list.bind("<Return>", lambda _: self._text.focus_set())
        self._list.bind("<Delete>", lambda _: self._on_delete())
        for name, widget in (("new", self._new), ("list", self._list), ("empty", self._empty)):
            roster.add(f"notes.{name}", widget)
        return card

    def _build_editor(self, style: Style, roster: Roster) -> ttk.Frame:
        px = style.px
        card = ttk.Frame(self, style="Card.TFrame", padding=px(12))
        card.columnconfigure(0, weight=1)
        card.rowconfigure(0, weight=1)
        self._text = tkinter.Text(
            card, wrap="word", undo=True, maxundo=200, insertofftime=0, borderwidth=0, font="TkTextFont",
            highlightthickness=px(1), padx=px(8), pady=px(6), width=30, height=5,
            # Lines need room to be read; Tk's default sets them solid.
            spacing1=px(1), spacing3=px(2),
        )  # fmt: skip
        scroll = ttk.Scrollbar(card, command=self._text.yview)
        self._text.configure(yscrollcommand=scroll.set)
        self._text.grid(row=0, column=0, columnspan=3, sticky="nsew")
        scroll.grid(row=0, column=3, sticky="ns")
        self._status = ttk.Label(card, style="Card.Small.TLabel")
        self._undo = ttk.Button(card, text="Undo delete", underline=0, command=self._on_undo)
        self._delete = ttk.Button(card, text="Delete", underline=0, style="Link.TButton", command=self._on_delete)
        self._status.grid(row=1, column=0, sticky="w", pady=(px(8), 0))
        self._undo.grid(row=1, column=1, sticky="e", pady=(px(8), 0))
        self._delete.grid(row=1, column=2, sticky="e", pady=(px(8), 0))
        self._undo.grid_remove()
        self._summary = ttk.Label(card, style="Card.TLabel", justify="left", wraplength=px(480))
        self._summary.grid(row=2, column=0, columnspan=4, sticky="ew", pady=(px(8), 0))
        self._summary.grid_remove()
        self._text.bind("<<Modified>>", self._on_modified)
        self._text.bind("<Tab>", lambda _: self._tab("tk_focusNext"))
        for back in ("<Shift-Tab>", "<ISO_Left_Tab>"):
            self._text.bind(back, lambda _: self._tab("tk_focusPrev"))
        for name, widget in (
            ("editor", self._text), ("saved", self._status), ("undo_delete", self._undo), ("delete", self._delete),
            ("summary", self._summary),
        ):  # fmt: skip
            roster.add(f"notes.{name}", widget)
        return card

    def _tab(self, where: str) -> str:
        self._text.tk.call("focus", self._text.tk.call(where, str(self._text)))
        return "break"

    def recolour(self, c: type[Palette]) -> None:
        """Follow the theme: a Text is no ttk widget."""
        self._text.configure(
            background=c.card, foreground=c.text, insertbackground=c.text, selectbackground=c.chosen,
            selectforeground=c.text, inactiveselectbackground=c.hover, highlightbackground=c.card,
            highlightcolor=c.accent,
        )  # fmt: skip

    def show(self, notes: Notes) -> None:
        """Copy the list. The editor keeps what is being written."""
        if notes == self._rows:
            return
        self._rows = notes
        self._list.delete(*self._list.get_children())
        for row in notes.rows:
            self._list.insert("", "end", iid=row.note, text=row.title, values=(row.changed,))
        self._mark()
        if notes.rows:
            self._empty.grid_remove()
        else:
            self._empty.grid()
        self._new.state(["!disabled"] if notes.editable else ["disabled"])
        self._text.configure(state="normal" if notes.editable else "disabled")
        self._show_draft()

    @property
    def unsaved(self) -> bool:
        """There is text that the parent does not have."""
        return self._draft.dirty

    def focus_first(self) -> None:
        """Give the keyboard to the editor."""
        self._text.focus_set()

    def new(self) -> None:
        """Leave the note and start an empty one."""
        self.leave()
        self._put(Draft())
        self._text.focus_set()

    def put_away(self) -> None:
        """Empty the editor without saving: the list belongs to somebody else from now on."""
        self._cancel_timer()
        self._put(Draft())

    def leave(self) -> None:
        """Save now what is not saved yet."""
        self._cancel_timer()
        self._save()

    def summarise(self) -> None:
        """Ask the assistant about the note in the editor."""
        note = self._draft.note
        if note is None:
            self._say("There is no note yet to summarise.")
            return
        self.leave()
        self._say("The assistant is reading the note…")
        self._actions.summarise(note, self._say, lambda sentence: self._say(f"No summary: {sentence}"))

    def _say(self, summary: str) -> None:
        self._summary.configure(text=summary)
        if summary:
            self._summary.grid()
        else:
            self._summary.grid_remove()
        self._changed()

    def _on_down(self, _event: tkinter.Event[tkinter.Misc]) -> str | None:
        rows = self._list.get_children()
        if self._list.selection() or not rows:
            return None
        # Tk moves from the row that has the focus; with none it would not move at all.
        self._list.selection_set(rows[0])
        self._list.focus(rows[0])
        return "break"

    def _on_select(self, _event: tkinter.Event[tkinter.Misc]) -> None:
        chosen = self._list.selection()
        if not chosen or chosen[0] in (self._draft.note, self._wanted):
            return
        note = self._wanted = chosen[0]
        self.leave()
        self._actions.open_note(note, lambda text: self._opened(note, text))

    def _opened(self, note: str, text: str) -> None:
        if note == self._wanted:
            self._put(Draft(note=note, text=text, saved=text))

    def _put(self, draft: Draft) -> None:
        self._draft, self._wanted, self._undo_text = draft, None, ""
        state = str(self._text.cget("state"))
        self._text.configure(state="normal")
        self._text.delete("1.0", "end")
        self._text.insert("1.0", draft.text)
        self._text.edit_reset()
        self._text.edit_modified(False)
        self._text.configure(state=state)  # type: ignore[call-overload]
        self._text.mark_set("insert", "1.0")
        self._mark()
        self._show_draft()
        self._say("")

    def _mark(self) -> None:
        note = self._wanted or self._draft.note
        if note is not None and self._list.exists(note):
            self._list.selection_set(note)
            self._list.focus(note)
            self._list.see(note)
        else:
            self._list.selection_set(())

    def _show_draft(self) -> None:
        text = "Note deleted." if self._undo_text else self._draft.status or "New note"
        self._status.configure(text=text)
        editable = self._rows is not None and self._rows.editable
        self._delete.state(["!disabled"] if editable and self._draft.note else ["disabled"])
        if self._undo_text:
            self._undo.grid()
        else:
            self._undo.grid_remove()

    def _on_modified(self, _event: tkinter.Event[tkinter.Misc]) -> None:
        if not self._text.edit_modified():
            return
        self._text.edit_modified(False)
        text = self._text.get("1.0", "end-1c")
        if text == self._draft.text:
            return
        self._draft, self._undo_text = self._draft.typed(text), ""
        self._show_draft()
        self._cancel_timer()
        self._timer = self.after(SAVE_AFTER_MS, self._on_quiet)

    def _on_quiet(self) -> None:
        self._timer = ""
        self._save()

    def _cancel_timer(self) -> None:
        if self._timer:
            self.after_cancel(self._timer)
            self._timer = ""

    def _save(self) -> None:
        draft = self._draft
        if not draft.due:
            return
        sent = self._draft = draft.sent()
        self._actions.save_note(
            draft.note, draft.text, lambda note: self._kept(sent, note), lambda why: self._not_kept(sent, why)
        )

    def _kept(self, sent: Draft, note: str) -> None:
        if self._draft.sending != sent.sending or self._draft.note not in (sent.note, note):
            return
        self._draft = self._draft.kept(note)
        self._mark()
        self._show_draft()
        self._save()
        self._changed()

    def _not_kept(self, sent: Draft, why: str) -> None:
        if self._draft.sending == sent.sending and self._draft.note == sent.note:
            self._draft = self._draft.refused(why)
            self._show_draft()
            self._changed()

    def _on_delete(self) -> None:
        note, text = self._draft.note, self._text.get("1.0", "end-1c")
        if note is None or self._delete.instate(["disabled"]):
            return
        self._cancel_timer()
        self._actions.delete_note(note)
        self._put(Draft())
        self._undo_text = text
        self._show_draft()
        self._changed()

    def _on_undo(self) -> None:
        text = self._undo_text
        self._put(Draft())
        self._text.insert("1.0", text)
        self._text.focus_set()
