"""What a person does to her notes in a window without a screen: a part of ``fake_window``.

What becomes of it is the real window's business (``refapp.untrusted.presentation.drafts``).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from refapp.snapshot import StateParams
from refapp.untrusted.channel.actions import Actions
from refapp.untrusted.presentation.draft import Draft, not_to_summarise
from refapp.untrusted.presentation.drafts import Drafts
from refapp.untrusted.presentation.view import Editor
from refapp.untrusted.wording import note_words


class WritingHands:
    """``types_on``: what she types while the next save is on its way."""

    actions: Actions
    drafts: Drafts
    snapshots: list[StateParams]
    types_on = _deleted = _summary = _deleting = ""

    @property
    @abstractmethod
    def editor(self) -> Editor:
        """What the real window's editor would show."""

    def leave_note(self, *, joins: bool) -> None:
        """She answers what is to become of the notes beside hers: what is typed is saved first, and
        what ``joins`` them is hers from now on.
        """
        self.drafts.save()
        if joins:
            self.drafts.join(self.snapshots[-1].owner)

    def type(self, text: str) -> None:
        """A person types ``text`` after what the editor holds, if that takes any."""
        if not self.editor.editable:
            return
        self._deleted = ""
        self.drafts.change(self.drafts.open.typed(self.drafts.open.text + text))

    def take_back(self, text: str) -> None:
        """What was typed last goes from the editor."""
        self.drafts.change(self.drafts.open.typed(self.drafts.open.text.removesuffix(text)))

    def delete(self, note: str) -> None:
        """A person deletes it, as it is in the editor or in the list."""
        self._deleting = note

        def gone() -> None:
            if self.drafts.open.note == note:
                self._deleted = self.drafts.open.text
                self.drafts.forget()

        def not_gone(why: str) -> None:
            self._deleting = ""
            if self.drafts.open.note == note:
                self.drafts.change(self.drafts.open.not_deleted(why))

        self.actions.delete_note(note, gone, not_gone)

    def open_note(self, note: str) -> None:
        """A person chooses it in the list."""
        owner = self.snapshots[-1].owner
        self.drafts.save()
        if self.drafts.back_to(note):
            self._deleted = self._summary = ""
            return

        def opened(text: str) -> None:
            self._deleted = self._summary = ""
            self.drafts.turn_to(Draft(note=note, text=text, saved=text, owner=owner))

        self.actions.open_note(note, opened, lambda: None)

    def summarise(self) -> None:
        """A person has the note that is open summarised, or the newest."""
        now, draft = self.snapshots[-1], self.drafts.open
        if draft.note is None and now.notes:
            draft = Draft(note=now.notes[0].note, owner=now.owner)

        def said(text: str) -> None:
            self._summary = text

        note, why_not = draft.note, not_to_summarise(draft, now.owner)
        if note is None or why_not:
            said(why_not)
            return
        said(note_words.SUMMARISING)
        self.actions.summarise(note, said, lambda why: said(note_words.no_summary(why)))

    def _save(
        self, draft: Draft, kept: Callable[[str | None], None], refused: Callable[[str, bool], None]
    ) -> None:
        self.actions.save_note(draft, kept, refused)
        text, self.types_on = self.types_on, ""
        if text:
            self.type(text)
