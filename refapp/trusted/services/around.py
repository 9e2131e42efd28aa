"""The services as the session sees them: which of them run follows from the session's state alone
(IN-1, IN-2, EX-4).
"""

from __future__ import annotations

from refapp.snapshot import Phase
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.rules.session_state import State
from refapp.trusted.services.apart_notes import ApartNotes
from refapp.trusted.services.assistant import Assistant
from refapp.trusted.services.own_sessions import OwnSessionList
from refapp.trusted.services.sync import Sync
from refapp.trusted.services.workspace import Workspace
from refapp.trusted.wording import note_words

WHY_PAUSED = {
    Phase.EXPIRED: note_words.PAUSED_EXPIRED,
    Phase.OFFLINE: note_words.PAUSED_OFFLINE,
    Phase.RESTORING: note_words.WAITING,
}


WITH_PERSON = frozenset({Phase.SIGNED_IN, Phase.RESTORING, Phase.OFFLINE, Phase.EXPIRED})


class Around:
    """Workspace, sync, assistant and the list of the person's sessions together."""

    def __init__(
        self,
        workspace: Workspace,
        sync: Sync,
        assistant: Assistant,
        own_sessions: OwnSessionList,
        apart: ApartNotes,
    ) -> None:
        self.workspace = workspace
        self.apart = apart
        self.sync = sync
        self.assistant = assistant
        self.own_sessions = own_sessions

    @property
    def trouble(self) -> str:
        """What of the notes can't be shown: hers first, then those beside them; empty: nothing."""
        return self.workspace.trouble or self.apart.trouble

    def follow(self, state: State, owner: Owner) -> bool:
        """Enable, pause or disable what ``state`` calls for;
        True if sync became ready, or another's.

        ``owner`` is whose the session is.
        """
        self.own_sessions.follow(state.phase, owner)
        email = state.profile.email if state.profile is not None else ""
        self.workspace.belong_to(owner, email)
        if state.phase in WITH_PERSON:
            self.apart.follow(owner, email)
        elif state.phase is not Phase.SIGNING_OUT:
            self.apart.follow(NOBODY, "")
        if state.phase is Phase.SIGNED_IN and owner.user_id:
            self.assistant.enable()
            return self.sync.enable(owner)
        if state.phase in WHY_PAUSED and owner.user_id:
            self.sync.pause(WHY_PAUSED[state.phase], owner)
            self.assistant.pause(WHY_PAUSED[state.phase])
        elif state.phase not in {Phase.SIGNING_IN, Phase.SIGNING_OUT}:
            self.sync.disable()
            self.assistant.disable()
        return False

    def reset(self, owner: Owner) -> bool:
        """Drop what belongs to the session of ``owner`` (SO-4);
        True if that needs a restart (SO-5).
        """
        self.assistant.disable()
        return self.sync.reset(owner)
