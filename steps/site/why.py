"""Why a scenario failed, as the record keeps it: what was expected beside what came, without any
secret of the scenario.

Owns the masking: an assertion shows what it compared, and that may be a token. Whoever knows the
scenario's secrets says them (``driver.secrets``); what is not known to be harmless is not shown at
all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from steps.scenario.sight import HIDDEN, masked
from steps.site.record import Why

LONGEST = 600


class Compared:
    """Both sides of the comparison that failed last; pytest tells of each."""

    def __init__(self) -> None:
        self._sides: tuple[object, object] | None = None

    def begin(self) -> None:
        """Another step."""
        self._sides = None

    def failed(self, left: object, right: object) -> None:
        """Steps compare what came with what is expected, in this order.
        Whether something is so says nothing to a person.
        """
        self._sides = None if isinstance(left, bool) else (left, right)

    def why(self, says: str, secrets: Iterable[str], seen: Iterable[str] = ()) -> Why:
        """``says`` is the assertion's own message, ``seen`` the texts of the window."""
        known = list(secrets)
        first = next((line for line in says.splitlines() if line.strip()), "")
        expected: tuple[str, ...] = ()
        actual: tuple[str, ...] = ()
        if self._sides is not None:
            actual, expected = map(lines_of, self._sides)
        return Why(
            _masked(first.removeprefix("AssertionError: "), known),
            tuple(_masked(line, known) for line in expected),
            tuple(_masked(line, known) for line in actual),
            tuple(_masked(line, known) for line in seen),
        )


def lines_of(value: object) -> tuple[str, ...]:
    """``value`` as a person would lay it out: a line for each member.
    Bytes are sealed: a person can say if they are the same.
    """
    if value is None:
        return ("nothing",)
    if isinstance(value, bytes):
        return (f"{len(value)} bytes with the hash {hashlib.sha256(value).hexdigest()[:8]}",)
    if isinstance(value, Mapping):
        return tuple(
            f"{name}: {', '.join(map(str, what)) if _is_list(what) else what}"
            for name, what in value.items()
        )
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(str(one) for one in value)
    return tuple(str(value).splitlines())


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _masked(said: str, secrets: Iterable[str]) -> str:
    said = masked(said, secrets)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}{HIDDEN}"
