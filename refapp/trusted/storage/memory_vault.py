"""The secrets of this run alone, for a person who has no keychain and chose so (SS-18).
Nothing here reaches a disk.

It has ``vault``'s operations, and none of its troubles: no key, no file, no other copy of the app.
It ends with the process.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping


class MemoryVault:
    """Named values."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    @property
    def holds_something(self) -> bool:
        """Is anything kept at all?"""
        return bool(self._values)

    async def read(self, *names: str) -> dict[str, str]:
        """The values under ``names`` (all, if none is named);
        a name without a value is left out.
        """
        return {name: value for name, value in self._values.items() if not names or name in names}

    async def write(self, changes: Mapping[str, str | None]) -> None:
        """Keep each value under its name, or drop it where the value is None."""
        changed = {**self._values, **changes}
        self._values = {name: value for name, value in changed.items() if value is not None}

    async def write_if(
        self, holds: Mapping[str, str | None], changes: Mapping[str, str | None]
    ) -> bool:
        """``write`` if exactly these values are kept (None: no value)."""
        kept = self._holds(holds)
        if kept:
            await self.write(changes)
        return kept

    async def forget_value(self, name: str, *, with_file: bool = False) -> None:  # noqa: ARG002  # there is no file
        """Drop one value."""
        self._values.pop(name, None)

    async def forget(self) -> None:
        """Drop all."""
        self._values = {}

    async def forget_if(self, holds: Mapping[str, str | None], *, keep: str = "") -> bool:
        """``forget`` if exactly these values are kept, but for the value ``keep``."""
        kept = self._holds(holds)
        if kept:
            self._values = {name: value for name, value in self._values.items() if name == keep}
        return kept

    def held(self) -> contextlib.AbstractAsyncContextManager[None]:
        """No other copy of the app can change it, so there is nothing to hold."""
        return contextlib.nullcontext()

    def _holds(self, values: Mapping[str, str | None]) -> bool:
        return bool(self._values) and all(
            self._values.get(name) == value for name, value in values.items()
        )
