"""What a real desktop's app did, seen from outside it: the server's own log, the kernel's list of
changed files, the keychain.

The app's trace says in which order things happened; what it lacks, or makes up, is an error here.
What can't be seen from outside a real desktop is how often a key was read, and what the window was
sent: both are the in-process driver's to see.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from steps.on_desktop.trace import Line
from steps.scenario.disk_words import news, word_of
from steps.scenario.effects import Effect
from steps.scenario.watch import Watch

NOT_THE_APPS = ("trace.ndjson", "links", "server")
"""Beside the app's folder: what the harness has there."""
KEYCHAINS = "keyrings"
"""The keychain's own folder."""


class DesktopWitness:
    """``folder`` is the app's, which need not be there yet; its parent is.
    ``home`` is the person's, ``keys`` gives the ids.
    """

    def __init__(self, folder: Path, home: Path, keys: Callable[[], set[str]]) -> None:
        self._folder = folder
        self._keys = keys
        self._watches = [Watch(folder.parent), *([Watch(home)] if home.is_dir() else [])]
        self._words: list[str] = []
        self.begin()

    def begin(self) -> None:
        """The When comes."""
        self.look()
        self._since = len(self._words)
        self._keys_before = self._keys()

    def look(self) -> None:
        """Take what the kernel has noted.
        Often: what happens in a folder is noted from the next look after its making on.
        """
        for watch in self._watches:
            words = [
                word_of(change, self._folder)
                for change in watch.changes()
                if self._is_the_apps(change.path)
            ]
            self._words += [word for word in words if word is not None]

    def _is_the_apps(self, path: Path) -> bool:
        beside = self._folder.parent
        if path.is_relative_to(beside):
            return path.relative_to(beside).parts[0] not in NOT_THE_APPS
        return KEYCHAINS not in path.parts

    def disk(self) -> list[str]:
        """What became of files since the When, in the features' words."""
        self.look()
        return news(self._words[self._since :])

    def compare(
        self,
        own: Sequence[Effect],
        lines: Sequence[Line],
        arrived: Sequence[str],
        disk: Sequence[str],
    ) -> list[Effect]:
        """``own``, with the changes of the disk in the order in which they were seen.

        ``lines`` is the app's trace since the When, ``arrived`` the server's log, ``disk`` what
        ``disk`` said at that moment.

        Raises:
            AssertionError: the trace lacks something, or has what nobody saw.
        """
        asked = [
            str(detail["request"])
            for source, target, _, detail in lines
            if (source, target) == ("parent", "server")
        ]
        unknown = Counter(arrived) - Counter(asked)
        assert not unknown, (
            f"the server was asked for what the app's own record lacks: {sorted(unknown)}"
        )
        self._compare_keys(own)
        noted = [one.what for one in own if one.party == "disk"]
        assert sorted(noted) == sorted(disk), (
            f"disk: the app's own record has {noted}, and the kernel {disk}"
        )
        seen = iter(disk)
        return [Effect("disk", next(seen)) if one.party == "disk" else one for one in own]

    def _compare_keys(self, own: Sequence[Effect]) -> None:
        now = self._keys()
        if not (now and self._keys_before):
            return  # locked, or gone: nobody can say
        did = {one.what for one in own if one.party == "keychain"}
        for what, changed in (
            ("write key", now - self._keys_before),
            ("delete key", self._keys_before - now),
        ):
            assert not changed or what in did, (
                f"the keychain: {what}, which the app's own record lacks"
            )

    def close(self) -> None:
        """Look no more."""
        with contextlib.ExitStack() as stack:
            for watch in self._watches:
                stack.callback(watch.close)
