"""What the app did to the world, seen from outside and in order: the in-process driver's ledger.

Requests are seen where they arrive, files by Python's own report of them, the keychain and the
browser at the service, notices at the window's pipe. The app is asked nothing.

Tokens and journal are to be there after a power cut, too: the file is written out before it takes
the old one's place, and the folder after that, before anything else happens (SS-11).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from refapp.snapshot import StateParams
from steps.scenario.disk_words import Change, word_of
from steps.scenario.effects import Effect, Party, masked_time
from steps.scenario.own_record import only_news

TO_STAY = {"write tokens", "delete tokens", "write journal", "delete journal"}
TOO_SOON = "before the disk had all of it"


class Witness:
    """``folder`` is the app's. ``happened``: everything so far.

    ``is_known_way``: whether a deed that Python reports is one of those that a real network needs.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.happened: list[Effect] = []
        self.is_known_way: Callable[[str], bool] = lambda _: False
        self._notice = -1
        self._whole: set[int] = set()
        self._awaited: int | None = None

    def saw(self, party: Party, what: str) -> None:
        """It happened at that party."""
        self._blame()
        self.happened.append(Effect(party, what))

    def file(self, change: Change) -> None:
        """See ``audit.Listener``."""
        word = word_of(change, self.folder)
        if word is None:
            return
        self.saw("disk", word)
        if word in TO_STAY:
            self._awaited = change.path.parent.stat().st_ino
            if change.kind != "deleted":
                self._come_whole(change.path.stat().st_ino)

    def written_out(self, inode: int) -> None:
        """See ``audit.Listener``."""
        self._whole.add(inode)
        if inode == self._awaited:
            self._awaited = None

    def _come_whole(self, inode: int) -> None:
        if inode not in self._whole:
            self._blame()
        self._whole.discard(inode)  # a later file may have its number

    def _blame(self) -> None:
        """The last change of a file was relied on too soon, if its folder is still awaited."""
        if self._awaited is not None:
            self.happened[-1] = Effect("disk", f"{self.happened[-1].what} {TOO_SOON}")
        self._awaited = None

    def other_way(self, what: str) -> None:
        """See ``audit.Listener``."""
        if not self.is_known_way(what):
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
        self._blame()
        return only_news(self.happened[place:])
