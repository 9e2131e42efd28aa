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
        self._memory, self._map = (
            os.open(f"/proc/{pid}/{name}", os.O_RDONLY) for name in ("mem", "maps")
        )

    def sees(self, secrets: Iterable[str]) -> bool:
        """Whether any of them is to be read there now."""
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
            os.close(fd)
