"""Where what belongs to somebody lies in the app's folder: by program and server, and by person at
that server (OW-6). Names, no files.

Several programs may share a folder. The app's own files are named by the server alone, as they were
before there were others.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from refapp.trusted.config import APP_ID
from refapp.trusted.files.owner import Owner

MARKED = ".of-"
"""Before what tells an e-mail, in the name of a mark."""


_OWN = re.compile(rf"{APP_ID}(-[0-9a-f]{{8}})?")
"""The app's own names: with ``--home`` it has another in the keychain (``launch``), and a folder to
itself.
"""


def program(base: str, app: str = APP_ID) -> str:
    """The part of a file's name that no other program, and no other server's file, has."""
    named = base if _OWN.fullmatch(app) else f"{app}\0{base}"
    return hashlib.sha256(named.encode()).hexdigest()[:8]


def profile(folder: Path, base: str, app: str = APP_ID) -> Path:
    """Who was signed in last at this server."""
    return folder / f"profile-{program(base, app)}.json"


def history(folder: Path, base: str, app: str = APP_ID) -> Path:
    """Why sessions with this server ended."""
    return folder / f"history-{program(base, app)}.json"


def notes(folder: Path, owner: Owner) -> Path:
    """The folder of the person's notes, the same in all her sessions; nobody's are at no server."""
    return folder / "notes" / (_person(owner) if owner.user_id else "nobody")


def mail_mark(base: str, email: str) -> str:
    """The ending of the marks beside all folders of notes whose owner had this e-mail at the
    server; no mark tells it.
    """
    named = hashlib.sha256("\0".join((base, email.strip().lower())).encode()).hexdigest()
    return f"{MARKED}{named[:16]}"


def answers(folder: Path, owner: Owner) -> Path:
    """What the person said of notes that are on this computer beside hers."""
    return notes(folder, owner).with_suffix(".apart.json")


def sync(folder: Path, owner: Owner) -> Path:
    """When the person's notes were synced last."""
    return folder / f"sync-{_person(owner)}.json"


def _person(owner: Owner) -> str:
    return hashlib.sha256(f"{owner.base}\0{owner.user_id}".encode()).hexdigest()[:16]
