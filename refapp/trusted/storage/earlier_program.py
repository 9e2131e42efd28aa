"""What a program that uses the session as a library kept when all programs of a folder had their
files in one place: it goes to that program once. Blocking.

The sealed tokens say whose they are. Another program's stay where they are, and so does everything
that can't be read.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from refapp.trusted.errors import StorageError
from refapp.trusted.files import atomic_file, places
from refapp.trusted.storage import token_file
from refapp.trusted.storage.token_file import SealedFor

KINDS = ("refresh", "keys", "profile", "history", "tokens")
"""The tokens last: while they are there, the next start does what this one did not."""


def take_over(folder: Path, owner: SealedFor) -> None:
    """Rename the files of ``owner`` in ``folder``, unless it has some of its own."""
    former, place = places.program(owner.origin), places.program(owner.origin, owner.app)
    with contextlib.suppress(StorageError, OSError):
        found = atomic_file.read(folder / f"tokens-{former}.json")
        if former == place or found is None or (folder / f"tokens-{place}.json").exists():
            return
        token_file.parse(found[0], owner)
        for kind in KINDS:
            # What is not there was never kept, or another start of the program was quicker.
            with contextlib.suppress(FileNotFoundError):
                (folder / f"{kind}-{former}.json").rename(folder / f"{kind}-{place}.json")
