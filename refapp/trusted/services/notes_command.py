"""``refapp notes``: whose notes are on this computer, and those of an account that is gone given to
whoever signs in next.

For an account that its owner can't sign in to any more, under no e-mail of hers: the window asks
about all others (NT-3). It is a command since a window shows one person's notes and never
another's; who can run it can read the files anyway.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TextIO

from refapp.trusted.errors import ConfigError
from refapp.trusted.files import places
from refapp.trusted.files.owner import NOBODY
from refapp.trusted.recorder import Recorder
from refapp.trusted.services.note_files import NoteFiles
from refapp.trusted.wording import command_words


def run(folder: Path, release: str | None, out: TextIO) -> int:
    """List them, or give up those under the name ``release``.
    Raises ConfigError for a name that is none, StorageError.
    """
    nobodys = places.notes(folder, NOBODY)
    found = {files.place.name: files for files in _all(nobodys.parent)}
    if release is None:
        for name, files in found.items():
            out.write(f"{name:<18} {_said(files)}\n")
        out.write(
            command_words.note_folders(len(found), nobodys.parent)
            if found
            else command_words.no_note_folders(nobodys.parent)
        )
        return 0
    if release not in found or release == nobodys.name:
        raise ConfigError(command_words.no_such_notes(release), command_words.CURE_NO_SUCH_NOTES)
    to = NoteFiles(nobodys, Recorder())
    to.look()
    moved = found[release].alive()
    for note in moved:
        with to.coming(to.adopt(note)):
            found[release].give_up(note)
    out.write(command_words.notes_released(len(moved)))
    return 0


def _all(folder: Path) -> list[NoteFiles]:
    found = []
    with contextlib.suppress(FileNotFoundError):
        for place in sorted(path for path in folder.iterdir() if path.is_dir()):
            files = NoteFiles(place, Recorder())
            files.look()
            if files.alive() or files.trouble:
                found.append(files)
    return found


def _said(files: NoteFiles) -> str:
    notes = files.alive()
    last = max(
        (time.strftime("%Y-%m-%d", time.localtime(note.changed_at)) for note in notes),
        default="no day",
    )
    new = sum(note.unsynced for note in notes)
    whose = (
        "written signed out"
        if files.place.name == places.notes(Path(), NOBODY).name
        else "an account's"
    )
    said = command_words.notes_of(whose, len(notes), last, new)
    return f"{said}. {files.trouble}" if files.trouble else said
