"""What the app did to the world, seen from outside and in order: the in-process driver's ledger.

Requests are seen where they arrive, files by Python's own report of them, the keychain and the
browser at the service, notices at the window's pipe. The app is asked nothing.
"""

from __future__ import annotations

from pathlib import Path

from refapp.snapshot import StateParams
from steps.scenario.disk_words import Change, word_of
from steps.scenario.effects import Effect, Party, masked_time
from steps.scenario.own_record import only_news


class Witness:
    """``folder`` is the app's. ``happened``: everything so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.happened: list[Effect] = []
        self._notice = -1

    def saw(self, party: Party, what: str) -> None:
        """It happened at that party."""
        self.happened.append(Effect(party, what))

    def file(self, change: Change) -> None:
        """See ``audit.Listener``."""
        word = word_of(change, self.folder)
        if word is not None:
            self.saw("disk", word)

    def other_way(self, what: str) -> None:
        """See ``audit.Listener``."""
        self.saw("server", f"by another way: {what}")

    def shown(self, state: StateParams) -> None:
        """A window was sent this."""
        notice = state.notice
        if notice is not None:
            if notice.number > self._notice:
                self.saw("notice", masked_time(notice.text))
            self._notice = max(self._notice, notice.number)

    def forget_notices(self) -> None:
        """The app is started anew, and no copy runs: it counts its notices from the beginning."""
        self._notice = -1

    def since(self, place: int) -> list[Effect]:
        """What happened from ``place`` in ``happened`` on, as far as it is news."""
        return only_news(self.happened[place:])
