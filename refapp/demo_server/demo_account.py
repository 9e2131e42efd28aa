"""The demo account's password, which is this installation's own.
Owns the file ``demo-password`` beside the database.

A published password would let every other user of the computer, and every page that gets past the
check of the ``Host``, into the account in which the person writes her notes.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

DEMO_NAME, DEMO_EMAIL, DEMO_USERNAME = "Ada Lovelace", "ada@example.com", "ada"
FILE = "demo-password"
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is read for another: people type it."""


def demo_password(folder: Path) -> str:
    """The password that was made for ``folder``, or is made now; readable for this user alone.

    Raises:
        OSError: the file can't be read or written.
    """
    path = folder / FILE
    made = "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(3))
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made)
    except FileExistsError:
        return path.read_text().strip()
    return made


def kept_password(folder: Path) -> str | None:
    """The password that was made for ``folder``; None if there is none.
    Raises OSError like ``demo_password``.
    """
    return demo_password(folder) if (folder / FILE).exists() else None
