"""What the kit saw itself, in order:
the requests that reached its server, and what became of the token file.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import httpx

from steps.scenario.disk_words import Change
from steps.scenario.effects import CALLS, Effect
from steps.scenario.watch import Watch

NAMES: Mapping[str, str] = {
    "POST /api/auth/sign-in": "sign-in",
    "GET /api/auth/get-session": "session check",
    "POST /api/auth/refresh": "refresh",
    "POST /api/auth/sign-out": "sign-out",
    "POST /api/auth/electron/token": "code exchange",
    "POST /api/auth/device/code": "device codes",
    "POST /api/auth/device/token": "device check",
    **CALLS,
}
"""How a request begins -> what the features call it."""

TELLS = ("write tokens", "delete tokens")
"""What can be seen from outside of what the features call the disk."""


class Observed:
    """``folder`` is the app's. Requests come on the server's thread, the rest on the test's.

    ``pairs``: it stores two tokens, so that each write counts. One token is stored by one write;
    what is written to the same file right after it is about something else.
    """

    def __init__(self, folder: Path, *, pairs: bool = True) -> None:
        self._pairs = pairs
        self._watch = Watch(folder)
        self._lock = threading.Lock()
        self._happened: list[Effect | Change] = []
        self._token_files: set[Path] = set()
        self._tokens: object = None
        self._reported: list[object] = []
        self._written_since = False

    def request(self, name: str) -> None:
        """A request came. Whatever was written before it stands before it."""
        with self._lock:
            since = self._changes()
            self._happened += since
            self._written_since |= bool(since)
            self._happened.append(Effect("server", name))

    def look(self) -> None:
        """Note what was written until now. Before the app is asked where its tokens are."""
        with self._lock:
            self._happened += self._changes()
            self._written_since = False

    def tokens_lie_in(self, file: Path | None, tokens: object) -> None:
        """The app says that its tokens are in ``file``, or nowhere: then the last write of their
        file was their end.

        If something was written since the last look, that is not known yet, and the next answer
        tells: also where a request that came meanwhile has noted it. Writes that left ``tokens`` as
        they were are about something else in that file.
        """
        with self._lock:
            if file is not None:
                self._token_files.add(file)
            since = self._changes()
            self._happened += since
            self._reported.append(tokens)
            if since or self._written_since:
                return
            writes = [
                one
                for one in self._happened
                if isinstance(one, Change) and one.path in self._token_files
            ]
            if all(one == self._tokens for one in self._reported):
                writes = []
            elif not self._pairs:
                writes = writes[:1]
            last = writes[-1] if file is None and writes else None
            known = {id(one): Effect("disk", _named(one, ended=one is last)) for one in writes}
            settled = [
                one if isinstance(one, Effect) else known.get(id(one)) for one in self._happened
            ]
            self._happened = [one for one in settled if one is not None]
            self._tokens, self._reported = tokens, []

    def effects(self) -> list[Effect]:
        """Everything until the last ``tokens_lie_in``."""
        with self._lock:
            return [one for one in self._happened if isinstance(one, Effect)]

    def _changes(self) -> list[Change]:
        """A file that is moved counts where it is then."""
        return [
            one if one.to is None else Change("written", one.to) for one in self._watch.changes()
        ]

    def close(self) -> None:
        self._watch.close()


def name_of(request: httpx.Request) -> str:
    """What the features call it; else its method and path."""
    line = f"{request.method} {request.url.path}"
    return next((name for begins, name in NAMES.items() if line.startswith(begins)), line)


def _named(change: Change, *, ended: bool) -> str:
    """What the features call a write of the token file,
    after which the tokens have ``ended`` or not.
    """
    return "delete tokens" if ended or change.kind == "deleted" else "write tokens"
