"""The notes: a list and an editor that saves itself.

Owns when a save is sent: a moment after the last key, and at once when the note is left. What is saved and what is not is
``draft``'s, what is said of it ``screens``'. There is no save button and no question: leaving loses nothing, and a deletion can
be undone.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk
from typing import Protocol

from refapp.untrusted.content.note_editor import NoteEditor
from refapp.untrusted.content.note_list import NoteList
from refapp.untrusted.presentation.draft import NO_NOTE_TO_SUMMARISE, SUMMARISING, Draft, editor, no_summary
from refapp.untrusted.presentation.view import Notes
from refapp.untrusted.widgets.palette import Palette
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.style import Style

SAVE_AFTER_MS = 400


class NoteActions(Protocol):
    """The part of ``actions.Actions`` that notes need."""

    def open_note(self, note: str, then: Callable[[str], None], not_opened: Callable[[], None]) -> None: ...

    def save_note(
        self, note: str | None, text: str, then: Callable[[str], None], refused: Callable[[str], None]
    ) -> None: ...

    def delete_note(self, note: str, then: Callable[[], None], refused: Callable[[str], None]) -> None: ...

    def summarise(self, note: str, then: Callable[[str], None], refused: Callable[[str], None]) -> None: ...


class NotesPage(ttk.Frame):
    """``changed`` is called when the page shows something else without a snapshot."""

    def __init__(
        self, parent: tkinter.Misc, style: Style, roster: Roster, actions: NoteActions, changed: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._actions, self._changed = actions, changed
        self._draft = Draft()
        self._notes: Notes | None = None
        self._timer, self._deleted, self._summary = "", "", ""
        self._wanted: str | None = None
        self._deleting: str | None = None
        self.columnconfigure(1, weight=1)
        self.rowconfigure(0, weight=1)
        self._list = NoteList(
            self, style, roster, new=self.new, chosen=self._on_chosen, write=self.focus_first, delete=self._on_delete
        )
        self._editor = NoteEditor(
            self, style, roster, typed=self._on_typed, delete=self._on_delete, undo=self._on_undo,
            hide_summary=lambda: self._say(""),
        )  # fmt: skip
        self._list.grid(row=0, column=0, sticky="ns", padx=(0, style.px(12)))
        self._editor.grid(row=0, column=1, sticky="nsew")

    def recolour(self, c: type[Palette]) -> None:
        """Follow the theme."""
        self._editor.recolour(c)

    def show(self, notes: Notes) -> None:
        """Copy the list. The editor keeps what is being written."""
        if notes == self._notes:
            return
        self._notes = notes
        self._list.show(notes, self._wanted or self._draft.note)
        self._show_draft()

    @property
    def unsaved(self) -> bool:
        """There is text that the parent does not have."""
        return self._draft.dirty

    def focus_first(self) -> None:
        """Give the keyboard to the editor."""
        self._editor.focus_text()

    def new(self) -> None:
        """Leave the note and start an empty one."""
        self.leave()
        self._put(Draft())
        self._editor.focus_text()

    def put_away(self) -> None:
        """Empty the editor without saving: the list belongs to somebody else from now on."""
        self._cancel_timer()
        self._put(Draft())

    def leave(self) -> None:
        """Save now what is not saved yet."""
        self._cancel_timer()
        self._save()

    def summarise(self) -> None:
        """Ask the assistant about the note in the editor. What it says of a note that was left meanwhile is not shown."""
        note = self._draft.note
        if note is None:
            self._say(NO_NOTE_TO_SUMMARISE)
            return
        self.leave()
        self._say(SUMMARISING)

        def said(text: str) -> None:
            if self._draft.note == note and self._summary == SUMMARISING:
                self._say(text)

        self._actions.summarise(note, said, lambda why: said(no_summary(why)))

    def stop_waiting(self) -> bool:
        """Hide the assistant's answer, or don't wait for it any longer; False if there is none."""
        there = bool(self._summary)
        if there:
            self._say("")
        return there

    def _say(self, summary: str) -> None:
        self._summary = summary
        self._show_draft()
        self._changed()

    def _on_chosen(self, note: str) -> None:
        if note in (self._draft.note, self._wanted):
            return
        self._wanted = note
        self.leave()
        self._actions.open_note(note, lambda text: self._opened(note, text), lambda: self._not_opened(note))

    def _opened(self, note: str, text: str) -> None:
        if note == self._wanted:
            self._put(Draft(note=note, text=text, saved=text))

    def _not_opened(self, note: str) -> None:
        if note == self._wanted:
            self._wanted = None
            self._list.mark(self._draft.note)

    def _put(self, draft: Draft, deleted: str = "") -> None:
        self._draft, self._wanted, self._deleted, self._summary = draft, None, deleted, ""
        self._editor.put(draft.text)
        self._list.mark(draft.note)
        self._show_draft()
        self._changed()

    def _show_draft(self) -> None:
        editable = self._notes is not None and self._notes.editable
        self._editor.show(editor(self._draft, self._summary, editable=editable, deleted=bool(self._deleted)))

    def _on_typed(self, text: str) -> None:
        if text == self._draft.text:
            return
        self._draft, self._deleted = self._draft.typed(text), ""
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
        self._list.mark(self._wanted or note)
        self._show_draft()
        self._save()
        self._changed()

    def _not_kept(self, sent: Draft, why: str) -> None:
        if self._draft.sending == sent.sending and self._draft.note == sent.note:
            self._draft = self._draft.refused(why)
            self._show_draft()
            self._changed()

    def _on_delete(self) -> None:
        """Ask for it. The note stays in the editor until it is gone, and what is typed meanwhile with it."""
        note = self._draft.note
        if note is None or self._wanted or self._deleting or self._notes is None or not self._notes.editable:
            return
        self._cancel_timer()
        self._deleting = note
        self._actions.delete_note(note, lambda: self._gone(note), lambda why: self._not_gone(note, why))

    def _gone(self, note: str) -> None:
        self._deleting = None
        if self._draft.note == note and not self._wanted:
            self._cancel_timer()
            self._put(Draft(), deleted=self._editor.text)

    def _not_gone(self, note: str, why: str) -> None:
        self._deleting = None
        if self._draft.note == note:
            self._draft = self._draft.not_deleted(why)
            self._show_draft()
            self._save()
            self._changed()

    def _on_undo(self) -> None:
        text = self._deleted
        self._put(Draft())
        self._editor.put(text, can_undo=True)
        self._editor.focus_text()
