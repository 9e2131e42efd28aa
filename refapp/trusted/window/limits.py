"""How often a window may ask for what costs the person something (SB-10): tries of a password,
tabs, prompts, what is written.

Owns the counting, over all windows of a run: a fresh window has no fresh account. Whatever a person
does is far below each bound; a window that was taken over gets no further than that. A request that
is one too many is refused with a sentence, and nothing has happened.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from refapp import messages as m
from refapp.trusted.wording import limit_words

WITHIN_S = 60.0

PER_MINUTE: Mapping[type[m.Request], int] = {
    m.SignIn: 10,  # each is a try of a password, at the server and in the person's name
    m.SignInElsewhere: 10,  # opens a tab, or has the server make a code
    m.SignInOpenLink: 10,
    m.SignInPaste: 20,
    m.SignInSecondFactor: 10,  # each is a try of a code, in the person's name
    m.SignInSendCode: 5,  # each is a message in the person's mailbox
    m.SignInSendVerification: 5,
    m.SignOut: 10,  # forgets the tokens
    m.SignOutEverywhere: 10,
    m.RevokeSession: 60,
    m.RevokeOtherSessions: 10,
    m.ListSessions: 60,
    m.TryAgain: 30,
    m.UnlockStorage: 10,  # how often the keychain asks at most, ``prompts`` says
    m.KeepInMemory: 10,
    m.Restart: 10,
    m.SyncNow: 30,
    m.Summarise: 30,
    m.NoteSave: 600,  # somebody who types without a pause saves once a second
    m.NoteDelete: 120,
    m.AnswerNotesApart: 30,
    m.StorageSet: 120,
    m.StorageDelete: 60,
    m.StorageClear: 20,
    m.RememberWindow: 600,
}
"""What is not here costs nothing: it shows what is there, or gives something up."""

WHAT = {
    m.SignIn: limit_words.SIGN_IN,
    m.SignInElsewhere: limit_words.SIGN_IN_ELSEWHERE,
    m.SignInSecondFactor: limit_words.SECOND_FACTOR,
    m.SignInSendCode: limit_words.CODES_SENT,
    m.SignInSendVerification: limit_words.MESSAGE_SENT,
    m.SignInOpenLink: limit_words.LINK_OPENED,
    m.NoteSave: limit_words.NOTE_SAVED,
    m.NoteDelete: limit_words.NOTE_DELETED,
}


class Limits:
    """``clock``: seconds, of any beginning."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._asked: dict[type[m.Request], deque[float]] = {
            kind: deque(maxlen=most) for kind, most in PER_MINUTE.items()
        }

    def too_often(self, request: m.Request) -> str:
        """Count ``request``;
        "" if it may be carried out, else the sentence for the person, and it is not counted.
        """
        kind, now = type(request), self._clock()
        asked = self._asked.get(kind)
        if asked is None:
            return ""
        # A clock that was set back is no reason to wait any longer.
        if len(asked) == asked.maxlen and 0 <= now - asked[0] < WITHIN_S:
            return f"{WHAT.get(kind, limit_words.OTHERWISE)} {limit_words.WAIT}"
        asked.append(now)
        return ""
