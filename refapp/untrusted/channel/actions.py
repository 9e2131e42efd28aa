"""What a person asks for, each as one request.
Owns the mapping from words of the window to messages; decides nothing.

What comes of a request is shown by the next snapshot.
A refusal's sentence goes to ``refused``, for a line in the window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from refapp import messages as m
from refapp.untrusted.channel.link import Link
from refapp.untrusted.presentation.draft import Draft
from refapp.untrusted.presentation.view import Ask
from refapp.untrusted.wording import sign_in_words

PASTED_LIMIT = 2048
NO_SUCH_NOTE = "no_such_note"

Say = Callable[[str], None]

ASKED: Mapping[Ask, Callable[..., m.Request]] = {
    "try_again": m.TryAgain,
    "restart": m.Restart,
    "unlock_storage": m.UnlockStorage,
    "cancel_prompt": m.CancelPrompt,
    "keep_in_memory": m.KeepInMemory,
    "send_verification": m.SignInSendVerification,
}
"""What a banner or the form offers -> the request that it makes."""


class Actions:
    """``refused`` is called with a sentence when the parent did not accept a request that has no
    line of its own.
    """

    def __init__(self, link: Link, refused: Say) -> None:
        self._link = link
        self._refused = refused

    def plain(self, request: Callable[..., m.Request]) -> None:
        """One of the requests that have no parameters and no answer but ``Done``;
        what comes of it is in the snapshots.
        """
        self._ask(request, m.Nothing())

    def banner(self, ask: Ask) -> None:
        """What a banner offers, but for "sign_in", which is a place in the window."""
        self.plain(ASKED[ask])

    def sign_in(self, email: str, password: str, taken: Callable[[], None] = lambda: None) -> None:
        """Try to sign in. The password is kept nowhere here.
        ``taken`` is called once the parent has begun.
        """
        self._ask(m.SignIn, m.SignInParams(email, password), taken)

    def sign_in_elsewhere(self, way: Literal["browser", "device"]) -> None:
        """Sign in where the window does not see the password."""
        self._ask(m.SignInElsewhere, m.SignInElsewhereParams(way))

    def paste(self, pasted: str) -> None:
        """Hand up the code that the page in the browser shows. It is kept nowhere here."""
        if len(pasted) > PASTED_LIMIT:
            self._refused(sign_in_words.no_pasted_code(len(pasted)))
        else:
            self._ask(m.SignInPaste, m.SignInPasteParams(pasted))

    def second_factor(
        self,
        factor: Literal["authenticator", "mail", "backup"],
        code: str,
        taken: Callable[[], None] = lambda: None,
        *,
        trust: bool,
    ) -> None:
        """Hand up the code of the second factor. It is kept nowhere here. ``taken``: see
        ``sign_in``.
        """
        self._ask(m.SignInSecondFactor, m.SecondFactorParams(factor, code, trust), taken)

    def revoke_session(self, session: str) -> None:
        """Sign out another session."""
        self._ask(m.RevokeSession, m.SessionParams(session))

    def answer_apart(self, answer: Literal["join", "keep", "undo"]) -> None:
        """What is to become of the notes beside hers."""
        self._ask(m.AnswerNotesApart, m.NotesApartParams(answer))

    def dismiss(self, notice: int) -> None:
        """The notice was read."""
        self._ask(m.Dismiss, m.DismissParams(notice))

    def remember_window(self, window: m.WindowParams) -> None:
        """Open it like that the next time."""
        self._ask(m.RememberWindow, window)

    def open_note(
        self, note: str, then: Callable[[str], None], not_opened: Callable[[], None]
    ) -> None:
        """``then`` gets the note's text; ``not_opened`` is called if there is none."""

        def refused(error: m.ErrorDetail) -> None:
            not_opened()
            self._tell(error)

        self._link.ask(
            m.NoteOpen, m.NoteParams(note), m.NoteText, lambda answer: then(answer.text), refused
        )

    def save_note(
        self, draft: Draft, kept: Callable[[str | None], None], refused: Callable[[str, bool], None]
    ) -> None:
        """``kept`` gets the note's id, None if nothing was left to save; ``refused`` why it was not
        saved, and whether that is because it is gone.
        """

        def not_kept(error: m.ErrorDetail) -> None:
            refused(error.message, error.reason == NO_SUCH_NOTE)

        params = m.NoteSaveParams(draft.note, draft.text, draft.owner)
        if draft.taken_back:
            self._link.ask(m.NoteSave, params, m.Done, lambda _: kept(None), not_kept)
            return
        self._link.ask(m.NoteSave, params, m.NoteSaved, lambda answer: kept(answer.note), not_kept)

    def delete_note(self, note: str, then: Callable[[], None], refused: Say) -> None:
        """Remove the note from this computer;
        ``then`` is called once it is gone, ``refused`` gets why it is not.
        """
        self._link.ask(
            m.NoteDelete,
            m.NoteParams(note),
            m.Done,
            lambda _: then(),
            lambda error: refused(error.message),
        )

    def summarise(self, note: str, then: Callable[[str], None], refused: Say) -> None:
        """``then`` gets the assistant's text."""
        self._link.ask(
            m.Summarise,
            m.NoteParams(note),
            m.Summary,
            lambda answer: then(answer.text),
            lambda error: refused(error.message),
        )

    def _ask(
        self,
        request: Callable[..., m.Request],
        params: object,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        self._link.ask(request, params, m.Done, lambda _: done(), self._tell)

    def _tell(self, error: m.ErrorDetail) -> None:
        self._refused(error.message)
