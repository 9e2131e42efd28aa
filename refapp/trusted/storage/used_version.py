"""Which version of a file the session stands on: any other was written by another copy of the
app, and nobody has used it yet.

Owns that one memory. A version counts as used only once somebody says so: to read the file is not
to use it, or the window's own look at a token, or a look that met a locked keychain, would hide
another copy's sign-out for ever (NM-1). A write of this process is no news to the session that had
used what it replaced; it is as much news as that was to one that had not.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from refapp.trusted.files import atomic_file
from refapp.trusted.files.atomic_file import Signature

Version = Signature | None
"""None: there is no file."""


class UsedVersion:
    """Of the file ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._used: Version | Literal["none yet"] = "none yet"

    def now(self) -> Version:
        """The version that is there.
        Ask before reading: what is written in between is then looked at again.
        """
        return atomic_file.signature(self._path)

    def use(self, version: Version) -> None:
        """The session stands on ``version`` from now on."""
        self._used = version

    def changed(self) -> bool:
        """Is there another version than the one that the session stands on? One ``stat``."""
        return self.now() != self._used

    def replaced(self) -> bool:
        """The same once there was one: not where what is there could never be read."""
        return self._used != "none yet" and self.changed()

    @contextlib.contextmanager
    def own_write(self) -> Iterator[None]:
        """Write or delete the file inside the block, under the lease, so that nobody else does."""
        before = self.now()
        try:
            yield
        finally:
            if self._used == before:
                self._used = self.now()
