"""Another program of the person's looks into the app: it opens the memory of what was started at
once, and keeps that open.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable


class Looker:
    """Of the process ``pid``, which has just been started."""

    def __init__(self, pid: int) -> None:
        self._memory = self._map = -1
        with contextlib.suppress(PermissionError):  # it was closed sooner than it could be opened
            self._memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
            self._map = os.open(f"/proc/{pid}/maps", os.O_RDONLY)

    def sees(self, secrets: Iterable[str]) -> bool:
        """Whether any of them is to be read there now."""
        if self._map < 0:
            return False
        wanted = [secret.encode() for secret in secrets]
        with os.fdopen(os.dup(self._map)) as lines:
            for line in lines:
                start, end = (int(part, 16) for part in line.split()[0].split("-"))
                with contextlib.suppress(OSError, OverflowError):
                    found = os.pread(self._memory, end - start, start)
                    if any(secret in found for secret in wanted):
                        return True
        return False

    def close(self) -> None:
        """Look no more."""
        for fd in (self._memory, self._map):
            if fd >= 0:
                os.close(fd)
