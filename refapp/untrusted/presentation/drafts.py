"""Everything written in this window that the parent may not have yet: the note in the editor, and
notes that were left.

Owns when a save is sent: a moment after the first key that is not saved, however many follow, and
at once when the note is left (NT-1). One is under way at a time for each draft, and what was typed
meanwhile follows as soon as that is answered. A draft that is left, by whatever happens beside it,
is here until it is saved. Knows no Tk.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

import msgspec

from refapp.snapshot import NOBODY
from refapp.untrusted.presentation.draft import Draft

SAVE_AFTER_MS = 400
"""From the first key that is not saved yet.
With the way to the disk it stays below a second (NT-1).
"""
TRY_AGAIN_MS = 2000
Save = Callable[[Draft, Callable[[str | None], None], Callable[[str, bool], None]], None]
"""``save(draft, kept, refused)``: ask the parent;
``kept(note)`` or ``refused(sentence, gone)`` is called with the answer.
"""
Later = Callable[[int, Callable[[], None]], object]


class Drafts:
    """``open`` is the draft in the editor.
    ``changed`` is called when an answer changed one; ``later(milliseconds, act)`` is a timer.
    """

    def __init__(self, save: Save, changed: Callable[[Draft], None], later: Later) -> None:
        self._send, self._changed, self._later = save, changed, later
        self._timed = False
        self._numbers = itertools.count(1)
        self._left: dict[int, Draft] = {}
        self.open = Draft()

    @property
    def unsaved(self) -> bool:
        """There is text that the parent does not have."""
        return any(draft.dirty for draft in self.every())

    @property
    def waiting(self) -> bool:
        """There is something to save."""
        return any(draft.dirty and not draft.too_long for draft in self.every())

    @property
    def trouble(self) -> str:
        """Why a draft that was left is not saved."""
        return next(
            (draft.status for draft in self._left.values() if draft.trouble or draft.too_long), ""
        )

    def last(self) -> list[Draft]:
        """What the parent does not have, as it is now."""
        return [
            draft
            for draft in self.every()
            if draft.dirty and not draft.too_long and not draft.taken_back
        ]

    def every(self) -> Iterable[Draft]:
        """All of them, the one in the editor last."""
        return (*self._left.values(), self.open)

    def change(self, draft: Draft) -> None:
        """The draft in the editor is this now."""
        self.open = draft
        self._save_in(SAVE_AFTER_MS)

    def _save_in(self, milliseconds: int) -> None:
        if not self._timed and self.waiting:
            self._timed = True
            self._later(milliseconds, self._on_time)

    def _on_time(self) -> None:
        self._timed = False
        self.save()

    def turn_to(self, draft: Draft) -> None:
        """``draft`` is in the editor from now on. The one before goes on to be saved."""
        former = self.open
        self.open = msgspec.structs.replace(draft, number=next(self._numbers))
        if former.dirty or former.sending is not None:
            self._left[former.number] = former
            self.save()

    def hand_over(self, owner: int) -> bool:
        """The notes are ``owner``'s from now on; True if another draft is in the editor therefore.

        What a person wrote is for nobody else to read (EX-6): it is saved where it belongs, and the
        editor is emptied. What somebody writes while her sign-in comes through she goes on with.
        """
        if self.open.owner == owner or (self.open.owner == NOBODY and self.open.text):
            self.save()
            return False
        self.turn_to(Draft(owner=owner))
        return True

    def join(self, owner: int) -> None:
        """What was begun while nobody was signed in is ``owner``'s from now on:
        she has said so (NT-3).
        """
        for draft in list(self.every()):
            if draft.owner == NOBODY:
                self._put(msgspec.structs.replace(draft, owner=owner))

    def back_to(self, note: str) -> bool:
        """Put the draft of ``note`` into the editor again, if it was left unsaved: its text is
        newer than the parent's.
        """
        for number, draft in self._left.items():
            if draft.note == note:
                del self._left[number]
                former, self.open = self.open, draft
                if former.dirty or former.sending is not None:
                    self._left[former.number] = former
                    self.save()
                return True
        return False

    def vanished(self, before: Iterable[str], now: Iterable[str], deleting: str | None) -> bool:
        """The note in the editor is in the list no more, which ``deleting`` is not to be, and
        nothing was typed that would be lost with it.
        """
        draft = self.open
        if draft.note in (None, deleting) or draft.dirty or draft.sending is not None:
            return False
        return draft.note in before and draft.note not in now

    def forget(self) -> None:
        """The note in the editor was deleted: there is nothing to save of it."""
        self.open = Draft(owner=self.open.owner, number=next(self._numbers))

    def save(self) -> None:
        """Save now what is not saved yet;
        what is on its way already, as soon as that is answered.
        """
        for draft in list(self.every()):
            if draft.due:
                self._save(draft)
            elif draft.dirty and draft.sending is not None:
                self._put(msgspec.structs.replace(draft, again=True))

    def _save(self, draft: Draft) -> None:
        number = draft.number
        self._put(draft.sent())
        self._send(
            draft,
            lambda note: self._kept(number, note),
            lambda why, gone: self._refused(number, why, gone),
        )

    def _kept(self, number: int, note: str | None) -> None:
        draft = self._find(number)
        if draft is None:
            return
        draft = draft.kept(note)
        self._put(draft)
        if draft.due and (draft.again or draft is not self.open):
            self._save(draft)
        elif draft is not self.open and not draft.dirty:
            del self._left[number]
        self._save_in(TRY_AGAIN_MS if draft.trouble else SAVE_AFTER_MS)
        self._changed(draft)

    def _refused(self, number: int, why: str, gone: bool) -> None:
        draft = self._find(number)
        if draft is None:
            return
        vanished = gone and draft.note is not None
        draft = draft.gone() if vanished else draft.refused(why)
        self._put(draft)
        if vanished and draft.due:
            self._save(draft)
        self._save_in(TRY_AGAIN_MS if draft.trouble else SAVE_AFTER_MS)
        self._changed(draft)

    def _find(self, number: int) -> Draft | None:
        return self.open if self.open.number == number else self._left.get(number)

    def _put(self, draft: Draft) -> None:
        if draft.number == self.open.number:
            self.open = draft
        else:
            self._left[draft.number] = draft
