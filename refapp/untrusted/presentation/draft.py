"""One note that is written: what is saved, what is on its way, what is still to be saved, and what
is said of it. Pure.

Invariant: one save of a draft at a time. A new note gets its id from the first save's answer, so a
second save before that would make a second note. Nothing typed is given up: what could not be saved
stays to be saved. ``drafts`` has all of them, the one in the editor and those that were left.
"""

from __future__ import annotations

import msgspec

from refapp.snapshot import NOBODY
from refapp.untrusted.presentation.view import Editor
from refapp.untrusted.wording import note_words

LONGEST = 100_000
"""Characters in a note (``messages.NoteBody``)."""


class Draft(msgspec.Struct, frozen=True):
    """``note`` is None until a new note has an id;
    ``owner`` is whose it is, by the number of the snapshots.

    ``sending`` is the text that a save is under way with, ``again``: it was to be saved once more
    meanwhile. ``trouble`` is what the last save or deletion came to, if it came to nothing.
    ``outstanding``: a save of it was refused, so that the parent misses something until it is told
    what became of that. ``number`` tells it from the window's other drafts.
    """

    note: str | None = None
    text: str = ""
    saved: str = ""
    sending: str | None = None
    trouble: str = ""
    owner: int = NOBODY
    again: bool = False
    number: int = 0
    outstanding: bool = False

    @property
    def dirty(self) -> bool:
        """There is something that the parent does not have, or does not know."""
        return self.text != self.saved or self.outstanding

    @property
    def taken_back(self) -> bool:
        """Nothing is left of a new note."""
        return self.note is None and not self.text

    @property
    def due(self) -> bool:
        """A save can and should be sent now."""
        return self.dirty and self.sending is None and not self.too_long

    @property
    def too_long(self) -> bool:
        """The parent would not take it."""
        return len(self.text) > LONGEST

    @property
    def status(self) -> str:
        """A few words beside the editor."""
        if self.too_long:
            return note_words.too_long(len(self.text), LONGEST)
        if self.trouble:
            return self.trouble
        if self.dirty:
            return "Saving…"
        return "Saved on this computer" if self.note else ""

    def typed(self, text: str) -> Draft:
        """The editor holds ``text`` now."""
        return msgspec.structs.replace(self, text=text)

    def sent(self) -> Draft:
        """A save with the current text is under way."""
        return msgspec.structs.replace(self, sending=self.text, again=False)

    def kept(self, note: str | None) -> Draft:
        """The save succeeded; the note is ``note``, None if nothing was left of it."""
        return msgspec.structs.replace(
            self, note=note, saved=self.sending or "", sending=None, trouble="", outstanding=False
        )

    def refused(self, sentence: str) -> Draft:
        """The save failed. The text stays in the editor."""
        trouble = note_words.not_saved(sentence)
        return msgspec.structs.replace(self, sending=None, trouble=trouble, outstanding=True)

    def gone(self) -> Draft:
        """The note is not there any more (deleted elsewhere), but its text is here:
        it becomes a new note.
        """
        return msgspec.structs.replace(
            self, note=None, saved="", sending=None, again=True, outstanding=True
        )

    def not_deleted(self, sentence: str) -> Draft:
        """The deletion failed. The note stays as it is."""
        return msgspec.structs.replace(self, trouble=note_words.not_deleted(sentence))


def not_to_summarise(draft: Draft, owner: int) -> str:
    """Why the assistant is not asked about it, where the list is ``owner``'s; empty: it can be."""
    if draft.note is None:
        return note_words.NO_NOTE_TO_SUMMARISE
    return "" if draft.owner == owner else note_words.NOT_AMONG_HERS


def editor(
    draft: Draft,
    summary: str,
    *,
    editable: bool,
    deleted: bool,
    hers: bool = True,
    left: str = "",
    refused: str = "",
    full: bool = False,
    limit: str = "",
) -> Editor:
    """What the editor shows.

    ``editable``: notes are open at all; ``deleted``: a note was just deleted and can be had back;
    ``hers``: the note is among those of the list; ``left``: what is wrong with a note that was
    left; ``refused``: what was not taken into this one. ``full``: no note can be begun, and
    ``limit`` says why, or what to know before one is; a text that is there can go on.
    """
    status = refused or (note_words.DELETED if deleted else draft.status or "New note")
    if not hers and draft.note is not None and not draft.dirty:
        status = f"{status}, as it was begun: signed out"
    return Editor(
        status=note_words.and_of_one_left(status, left) if left else status,
        hint=""
        if draft.text or not editable
        else (limit if draft.note is None and limit else note_words.HINT),
        summary=summary,
        editable=editable and not (full and draft.note is None and not draft.text),
        can_delete=editable and hers and draft.note is not None,
        can_undo_delete=editable and deleted,
    )
