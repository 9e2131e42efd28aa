"""What the features call a change of a file, told from the file's name alone:
nothing is asked of the app.

Owns the table of names. A change that no row names keeps its path, which no scenario states: it
turns the scenario red. What is no news: the app's folders, its lock files, its trace, and a file
that is there only while another is being made.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["written", "deleted", "moved"]

NOTE = "note"
_WORDS = {
    re.compile(r"tokens-\w+\.json"): "tokens",
    re.compile(r"profile-\w+\.json"): "profile",
    re.compile(r"refresh-\w+\.json"): "journal",
    re.compile(r"history-\w+\.json"): "history",
    re.compile(r"sync-\w+\.json"): "sync state",
    re.compile(r"keys-\w+\.json"): "stray keys",
    re.compile(r"window\.conf"): "window settings",
    re.compile(r"notes/\w+/\w+\.json"): NOTE,
    re.compile(r"notes/\w+\.of-\w+"): "whose notes",
    re.compile(r"notes/\w+\.apart\.json"): "what stays apart",
}
_EARLIER = re.compile(r"(settings|sync|history)\.json|notes/\w+")
_ONE_NOTE = re.compile(r"notes/\w+/(?P<note>\w+\.json)")
_UNCLAIMED = re.compile(r"notes/unclaimed-\w+")
_ASIDE = re.compile(r"(?P<was>[\w/-]+)\.[\w-]+-\d+(-\d+)?\.json")
_PLACED = re.compile(r"(?P<kind>tokens|profile|history|keys|refresh)-[0-9a-f]{8}\.json")
_NO_NEWS = re.compile(r"(.*/)?(\.[\w.-]+\.tmp|[\w-]+\.lock|trace\.ndjson(\.1)?|demo-port)")
SCRATCH = "stray keys"
"""Noted before a key is made or deleted, and forgotten after it: only what stays is news."""


TAKE_OVER = "take over earlier files"
TAKE_OVER_SESSION = "take over earlier session"
"""Several files at once; the first of them is news."""


class Change(NamedTuple):
    """A file was put in place (``written``), ``deleted``, or moved to ``to``."""

    kind: Kind
    path: Path
    to: Path | None = None


def word_of(change: Change, folder: Path) -> str | None:
    """Such as "write tokens", or what was done to which path; None if it is no news.
    ``folder`` is the app's.
    """
    if _no_news(change.path, folder):
        if change.to is None:
            return None
        word = word_of(Change("written", change.to), folder)
        if word == f"write {NOTE}" and _is_tombstone(
            change.path if change.path.exists() else change.to
        ):
            return f"delete {NOTE}"
        return word
    name = _inside(change.path, folder)
    to = _inside(change.to, folder) if change.to is not None else None
    if change.kind == "moved":
        aside = _ASIDE.fullmatch(to or "")
        if aside is not None and name == f"{aside['was']}.json" and _called(name) is not None:
            return f"set aside {_called(name)}"
        if _EARLIER.fullmatch(name or "") and to is not None:
            return "set aside earlier notes" if _UNCLAIMED.fullmatch(to) else TAKE_OVER
        if to is not None and _placed(name) == _placed(to) is not None:
            return TAKE_OVER_SESSION
        one = _ONE_NOTE.fullmatch(name or ""), _ONE_NOTE.fullmatch(to or "")
        if one[0] and one[1] and one[0]["note"] == one[1]["note"]:
            return TAKE_OVER
        return f"moved {change.path} to {change.to}"
    if change.kind == "deleted" and _EARLIER.fullmatch(name or ""):
        return TAKE_OVER
    called = _called(name)
    if called is None:
        return f"{change.kind} {change.path}"
    return f"{'write' if change.kind == 'written' else 'delete'} {called}"


def news(words: Iterable[str]) -> list[str]:
    """``words`` without the notes that were there only for a while; one that stays counts once,
    and so does what was taken over.
    """
    found: list[str] = []
    noted = f"write {SCRATCH}"
    for word in words:
        if word == f"delete {SCRATCH}" and noted in found:
            found = [one for one in found if one != noted]
        elif word not in (TAKE_OVER, TAKE_OVER_SESSION, noted) or word not in found:
            found.append(word)
    return found


def _no_news(path: Path, folder: Path) -> bool:
    name = _inside(path, folder)
    return name is not None and _NO_NEWS.fullmatch(name) is not None


def _is_tombstone(path: Path) -> bool:
    """Whether what is put in place says that a note was deleted: a note that only vanished would
    come back with the next sync.
    """
    try:
        return b'"deleted":true' in path.read_bytes()
    except OSError:
        return False


def _placed(name: str | None) -> str | None:
    """What a program keeps for one server, wherever that program's place is."""
    found = _PLACED.fullmatch(name or "")
    return None if found is None else found["kind"]


def _inside(path: Path, folder: Path) -> str | None:
    inside = str(path).removeprefix(f"{folder}/")
    return None if inside == str(path) else inside


@functools.cache
def _called(name: str | None) -> str | None:
    return next(
        (word for shape, word in _WORDS.items() if name is not None and shape.fullmatch(name)), None
    )
