"""What the app did to the world, seen from outside and in order: the in-process driver's ledger.

Requests are seen where they arrive, files by Python's own report of them, the keychain and the
browser at the service, notices at the window's pipe. The app is asked nothing.

Tokens and journal are to be there after a power cut, too: the file is written out before it takes
the old one's place, and the folder after that, before anything else happens (SS-11).
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Collection
from pathlib import Path

from refapp.snapshot import StateParams
from steps.in_process.audit import OTHERS
from steps.scenario.disk_words import Change, word_of
from steps.scenario.effects import Effect, Party
from steps.scenario.own_record import only_news

TO_STAY = {"write tokens", "delete tokens", "write journal", "delete journal"}
HALF = ".tmp"
TOO_SOON = "before the disk had all of it"


class Witness:
    """``folder`` is the app's. ``happened``: everything so far; ``touched``: the files written.

    ``is_known_way``: whether a deed that Python reports is one of those that a real network needs.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.happened: list[Effect] = []
        self.touched: set[Path] = set()
        self.is_known_way: Callable[[str], bool] = lambda _: False
        self._notice = -1
        self._kept_at = ""
        self._whole: set[int] = set()
        self._awaited: int | None = None

    def saw(self, party: Party, what: str) -> None:
        """It happened at that party."""
        self._blame()
        self.happened.append(Effect(party, what))

    def file(self, change: Change) -> None:
        """See ``audit.Listener``."""
        now = change.to or change.path
        self.touched -= {change.path, now}
        if change.kind == "written" or change.path.suffix == HALF:
            self.touched.add(now)
        word = word_of(change, self.folder)
        if word is None:
            return
        self.saw("disk", word)
        if word == "write note":
            self._kept_at = time.strftime("%H:%M:%S")
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
                self.saw("notice", self._timed(notice.text))
            self._notice = max(self._notice, notice.number)

    def _timed(self, said: str) -> str:
        """With "hh:mm:ss" for the moment at which the newest note was written, and for no other."""
        return said.replace(self._kept_at, "hh:mm:ss") if self._kept_at else said

    def forget_notices(self) -> None:
        """The app is started anew, and no copy runs: it counts its notices from the beginning."""
        self._notice = -1

    def since(self, place: int) -> list[Effect]:
        """What happened from ``place`` in ``happened`` on, as far as it is news."""
        self._blame()
        return only_news(self.happened[place:])


def left_behind(folder: Path, touched: Collection[Path], keys: Collection[str]) -> list[str]:
    """Of the files in ``folder`` that the app has ``touched``, and of ``keys`` in the keychain, by
    their ids.
    """
    found = []
    for path in touched:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            others = path.lstat().st_mode & OTHERS
            if path.suffix == HALF:
                found.append(f"{path.name} is left of a file")
            if others and path.is_relative_to(folder):
                found.append(f"others may look into {path.relative_to(folder)}")
    needed = set[str]()
    if keys:
        for path in folder.glob("tokens-*.json"):
            # One that can't be read keeps its key: nobody knows which that is.
            needed |= _key_of(path) or set(keys)
        for path in folder.glob("keys-*.json"):
            needed |= set(json.loads(path.read_bytes()))
    return [*found, *(f"no file needs the key {key}" for key in sorted(set(keys) - needed))]


def _key_of(tokens: Path) -> set[str]:
    with contextlib.suppress(ValueError, KeyError, OSError, RecursionError):
        return {json.loads(tokens.read_bytes())["kid"]}
    return set()
