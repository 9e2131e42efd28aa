"""How the window ends: closed by a person, asked by the parent or a session manager, or because its
display is gone.

Owns the order: what was typed is handed up first, and the window ends when the parent has answered
(NT-1). A window that a person closes stays if something could not be saved, and says so; whoever
closes it again leaves without it.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable

from refapp import messages as m
from refapp.untrusted.channel.link import Link
from refapp.untrusted.content.notes_page import NotesPage
from refapp.untrusted.frame.kept_window import KeptWindow
from refapp.untrusted.wording import note_words

CLOSE_AGAIN_MS = 10_000


class Leaving:
    """``stay(sentence)`` shows why the window stays; ``end`` ends the process."""

    def __init__(
        self,
        root: tkinter.Tk,
        link: Link,
        notes: NotesPage,
        kept: KeptWindow,
        *,
        stay: Callable[[str], None],
        end: Callable[[], None],
    ) -> None:
        self._root, self._link, self._notes, self._kept = root, link, notes, kept
        self._stay, self._end = stay, end
        self._closing = False
        root.protocol("WM_DELETE_WINDOW", self.close)
        root.protocol("WM_SAVE_YOURSELF", self._save_yourself)

    def close(self) -> None:
        """A person closes the window.
        It leaves once everything is kept; at the second time at once, whatever waits.
        """
        if self._closing:
            self._end()
            return
        self._hand_up(self._on_all_answered)

    def leave(self) -> None:
        """The parent asks for what there is, and then for the end."""
        # What was typed by now is in the editor before it is saved.
        self._root.update()
        self._hand_up(self._end)

    def last_words(self) -> None:
        """The display is gone: hand up what the parent does not have, without Tk and without
        waiting for answers.
        """
        self._link.last(
            [m.NoteSaveParams(draft.note, draft.text, draft.owner) for draft in self._notes.last()]
        )

    def _hand_up(self, then: Callable[[], None]) -> None:
        self._closing = True
        self._notes.leave()
        self._kept.settle()
        self._link.when_sent(then)

    def _save_yourself(self) -> None:
        """A session manager of the old kind;
        it waits until the command that starts the app is told.
        """
        self._notes.leave()
        self._root.wm_command("refapp")

    def _on_all_answered(self) -> None:
        if not self._notes.unsaved:
            self._end()
            return
        self._stay(note_words.NOT_SAVED_AT_THE_END)
        self._root.after(CLOSE_AGAIN_MS, self._on_staying)

    def _on_staying(self) -> None:
        self._closing = False
