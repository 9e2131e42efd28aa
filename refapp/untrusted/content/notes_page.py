"""The notes: a list and an editor that saves itself.

Owns what is in the editor. What is saved, and when, is ``drafts``', what is said of it ``draft``'s.
There is no save button and no question: leaving loses nothing, and a deletion can be undone.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk
from typing import Protocol

from refapp.snapshot import NOBODY
from refapp.untrusted.content.note_editor import NoteEditor
from refapp.untrusted.content.note_list import NoteList
from refapp.untrusted.presentation.draft import LONGEST, Draft, editor, not_to_summarise
from refapp.untrusted.presentation.drafts import Drafts
from refapp.untrusted.presentation.view import Notes
from refapp.untrusted.widgets.palette import Palette
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.style import Style
from refapp.untrusted.wording import note_words


class NoteActions(Protocol):
    """The part of ``actions.Actions`` that notes need."""

    def open_note(
        self, note: str, then: Callable[[str], None], not_opened: Callable[[], None]
    ) -> None: ...

    def save_note(
        self, draft: Draft, kept: Callable[[str | None], None], refused: Callable[[str, bool], None]
    ) -> None: ...

    def delete_note(
        self, note: str, then: Callable[[], None], refused: Callable[[str], None]
    ) -> None: ...

    def summarise(
        self, note: str, then: Callable[[str], None], refused: Callable[[str], None]
    ) -> None: ...


class NotesPage(ttk.Frame):
    """``changed`` is called when the page shows something else without a snapshot."""

    def __init__(
        self,
        parent: tkinter.Misc,
        style: Style,
        roster: Roster,
        actions: NoteActions,
        changed: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._actions, self._changed = actions, changed
        self._drafts = Drafts(actions.save_note, self._on_answer, self.after)
        self._notes: Notes | None = None
        self._deleted, self._summary, self._refused = "", "", ""
        self._wanted: str | None = None
        self._deleting: str | None = None
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)
        self._list = NoteList(
            self,
            style,
            roster,
            new=self.new,
            chosen=self._on_chosen,
            write=self.focus_first,
            delete=self._on_delete,
        )
        self._editor = NoteEditor(
            self, style, roster, longest=LONGEST, typed=self._on_typed, too_much=self._on_too_much,
            delete=self._on_delete, undo=self._on_undo, hide_summary=self._hide_summary,
        )  # fmt: skip
        self._list.grid(row=1, column=0, sticky="ns", padx=(0, style.px(12)))
        self._editor.grid(row=1, column=1, sticky="nsew")

    def recolour(self, c: type[Palette]) -> None:
        """Follow the theme."""
        self._editor.recolour(c)

    def show(self, notes: Notes) -> None:
        """Copy the list. The editor keeps what is being written."""
        if notes == self._notes:
            return
        before, self._notes = self._notes, notes
        if (before.owner if before is not None else NOBODY) != notes.owner:
            self._hand_over(notes.owner)
        elif before is not None and self._vanished(before, notes):
            self._drafts.forget()
            self._show_opened()
            self._refused = note_words.DELETED_ELSEWHERE
        self._list.show(notes, self._wanted or self._draft.note)
        self._show_draft()

    def _vanished(self, before: Notes, notes: Notes) -> bool:
        """The note in the editor is gone, and nothing was typed that would be lost with it."""
        self._take_text()
        there, is_there = (row.note for row in before.rows), (row.note for row in notes.rows)
        return self._drafts.vanished(there, is_there, self._deleting)

    def _hand_over(self, owner: int) -> None:
        """The list belongs to somebody else from now on."""
        self._wanted, self._deleting, self._deleted, self._summary = None, None, "", ""
        self._take_text()
        if self._drafts.hand_over(owner):
            self._show_opened()

    @property
    def _draft(self) -> Draft:
        return self._drafts.open

    @property
    def typing(self) -> bool:
        """Somebody is at work in the text."""
        return bool(self._draft.text) and self._editor.has_keyboard

    @property
    def unsaved(self) -> bool:
        """There is text that the parent does not have."""
        return self._drafts.unsaved

    def focus_first(self) -> None:
        """Give the keyboard to the editor."""
        self._editor.focus_text()

    def new(self) -> None:
        """Leave the note and start an empty one."""
        self._put(Draft(owner=self._owner))
        self._editor.focus_text()

    def leave(self) -> None:
        """Save now what is not saved yet."""
        self._take_text()
        self._drafts.save()

    def join(self) -> None:
        """What was begun while nobody was signed in is hers from now on."""
        self.leave()
        self._drafts.join(self._owner)
        self._show_draft()

    def last(self) -> list[Draft]:
        """What the parent does not have. Asks nothing of Tk."""
        return self._drafts.last()

    @property
    def _owner(self) -> int:
        return self._notes.owner if self._notes is not None else NOBODY

    def summarise(self) -> None:
        """Ask the assistant about the note; of one that was left meanwhile nothing is shown."""
        note, why_not = self._draft.note, not_to_summarise(self._draft, self._owner)
        if note is None or why_not:
            self._say(why_not)
            return
        self.leave()
        self._say(note_words.SUMMARISING)

        def said(text: str) -> None:
            if self._draft.note == note and self._summary == note_words.SUMMARISING:
                self._say(text)

        self._actions.summarise(note, said, lambda why: said(note_words.no_summary(why)))

    def stop_waiting(self) -> bool:
        """Hide the assistant's answer, or don't wait for it any longer; False if there is none."""
        there = bool(self._summary)
        if there:
            self._say("")
        return there

    def _hide_summary(self) -> None:
        self._say("")
        self._editor.focus_text()

    def _say(self, summary: str) -> None:
        self._summary = summary
        self._show_draft()
        self._changed()

    def _on_chosen(self, note: str) -> None:
        if note == self._wanted:
            return
        self._wanted = None
        if note == self._draft.note:
            return
        self.leave()
        if self._drafts.back_to(note):
            self._show_opened()
            return
        self._wanted = note
        self._actions.open_note(
            note, lambda text: self._opened(note, text), lambda: self._not_opened(note)
        )

    def _opened(self, note: str, text: str) -> None:
        if note == self._wanted:
            self._put(Draft(note=note, text=text, saved=text, owner=self._owner))

    def _not_opened(self, note: str) -> None:
        if note == self._wanted:
            self._wanted = None
            self._list.mark(self._draft.note)

    def _put(self, draft: Draft, deleted: str = "") -> None:
        """Another draft into the editor. What was typed up to now goes on to be saved."""
        self._take_text()
        self._drafts.turn_to(draft)
        self._show_opened(deleted)

    def _show_opened(self, deleted: str = "") -> None:
        self._wanted, self._deleted, self._summary, self._refused = None, deleted, "", ""
        self._editor.put(self._draft.text)
        self._list.mark(self._draft.note)
        self._show_draft()
        self._changed()

    def _show_draft(self) -> None:
        draft, editable = self._draft, self._notes is not None and self._notes.editable
        self._editor.show(
            editor(
                draft,
                self._summary,
                editable=editable,
                deleted=bool(self._deleted),
                hers=draft.owner == self._owner,
                left=self._drafts.trouble,
                refused=self._refused,
                full=self._notes is not None and self._notes.full,
                limit=self._notes.limit if self._notes is not None else "",
            )
        )

    def _take_text(self) -> None:
        """What the editor holds is the draft's, also where Tk has not told of the last key yet."""
        if self._editor.changed:
            self._drafts.change(self._draft.typed(self._editor.text))

    def _on_typed(self, text: str) -> None:
        if text == self._draft.text:
            return
        self._drafts.change(self._draft.typed(text))
        self._deleted, self._refused = "", ""
        self._show_draft()

    def _on_too_much(self, characters: int) -> None:
        self._take_text()  # news of it that comes later would take the sentence away again
        self._refused = note_words.no_room(characters, LONGEST)
        self._show_draft()
        self._changed()

    def _on_answer(self, draft: Draft) -> None:
        """The parent has answered a save."""
        if draft.number == self._draft.number:
            self._list.mark(self._wanted or draft.note)
        self._show_draft()
        self._changed()

    def _on_delete(self) -> None:
        """Ask for it. Until it is gone the note stays in the editor, with what is typed."""
        note = self._draft.note
        editable = self._notes is not None and self._notes.editable
        if note is None or self._wanted or self._deleting or not editable:
            return
        self._deleting = note
        self._actions.delete_note(
            note, lambda: self._gone(note), lambda why: self._not_gone(note, why)
        )

    def _gone(self, note: str) -> None:
        self._deleting = None
        if self._draft.note == note and not self._wanted:
            text = self._editor.text
            self._drafts.forget()
            self._show_opened(text)
            if not self._list.has_keyboard:
                self._editor.focus_text()

    def _not_gone(self, note: str, why: str) -> None:
        self._deleting = None
        if self._draft.note == note:
            self._drafts.change(self._draft.not_deleted(why))
            self._show_draft()
            self._drafts.save()
            self._changed()

    def _on_undo(self) -> None:
        text = self._deleted
        self._put(Draft(owner=self._owner))
        self._editor.put(text, can_undo=True)
        self._editor.focus_text()
