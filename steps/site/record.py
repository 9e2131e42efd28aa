"""The record of a run of the specification, ``build/spec/<driver>.ndjson``: a line for the run, one
for each scenario that ran.

Owns the shapes and the two hashes that tell an old record from a new one, and reads and writes the
file. What was exchanged comes from the app's recorder, masked there; why a scenario failed from its
assertion, masked by who knows the secrets (``why``).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from refapp.trusted.errors import RefappError
from refapp.trusted.recorder import Entry
from steps.gherkin.specification import Step

Row = tuple[tuple[str, str], ...]
Key = tuple[str, str, Row]
PLACE = Path("build/spec")


class RecordDamaged(RefappError):
    """A record can't be read."""

    code = "record_damaged"
    cure = "Delete it, or run the specification again with --record."


class Run(msgspec.Struct, frozen=True, tag="run", forbid_unknown_fields=True):
    """One run. ``at`` is unix seconds; ``code`` is ``code_hash`` of what ran; ``on`` says where."""

    driver: str
    at: float
    code: str
    on: str


class Taken(msgspec.Struct, frozen=True):
    """A step, with its placeholders filled in, and how it went."""

    text: str
    status: Literal["passed", "failed", "not reached"]


class Why(msgspec.Struct, frozen=True):
    """Why a step failed: what it said, and both sides of what it compared, line by line;
    empty if it compared nothing.

    ``seen``: what could be read in the window at the end.
    """

    says: str
    expected: tuple[str, ...] = ()
    actual: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()


class Ran(msgspec.Struct, frozen=True, tag="scenario", forbid_unknown_fields=True):
    """One scenario, or one row of its table.
    ``feature`` is a file name, ``text`` is ``text_hash`` of what it said then.

    ``rules`` are its tags; ``entries`` is what went between the parts since the When; ``picture``
    is a PNG beside the record, or empty. ``code`` and ``at`` are those of the run that it comes
    from: a run of a few scenarios replaces theirs alone.
    """

    feature: str
    name: str
    row: Row
    rules: tuple[str, ...]
    text: str
    outcome: Literal["passed", "failed"]
    steps: tuple[Taken, ...]
    entries: tuple[Entry, ...]
    picture: str = ""
    why: Why | None = None
    code: str = ""
    at: float = 0.0

    @property
    def key(self) -> Key:
        """What identifies it: file, name, row."""
        return self.feature, self.name, self.row


def text_hash(steps: Sequence[Step]) -> str:
    """A hash of everything that ``steps`` say."""
    said = [(step.kind, step.text, step.table, step.docstring) for step in steps]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]


def code_hash(checkout: Path) -> str:
    """A hash of the app and the step library in ``checkout``: of all that decides how a scenario
    ends, but for its text.
    """
    digest = hashlib.sha256()
    for folder in ("refapp", "steps"):
        for path in sorted((checkout / folder).rglob("*.py")):
            name = path.relative_to(checkout).as_posix()
            if not name.startswith(("steps/site/", "refapp/tour/page", "refapp/doctor/")):
                digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Two runs can end at once, and each reads the record before it writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def write(path: Path, run: Run, scenarios: Iterable[Ran]) -> None:
    """Put the record in place of an older one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_bytes(b"".join(_encoded(line) + b"\n" for line in (run, *scenarios)))
    new.replace(path)


def _encoded(line: msgspec.Struct) -> bytes:
    try:
        return msgspec.json.encode(line)
    except UnicodeEncodeError:
        # A failure can quote the name of a file that is no Unicode.
        return msgspec.json.encode(_as_unicode(msgspec.to_builtins(line)))


def _as_unicode(value: object) -> object:
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, dict):
        return {_as_unicode(name): _as_unicode(one) for name, one in value.items()}
    return [_as_unicode(one) for one in value] if isinstance(value, list | tuple) else value


def read(path: Path) -> tuple[Run, list[Ran]] | None:
    """The record at ``path``, None if there is none.

    Raises:
        RecordDamaged: it is no record.
    """
    try:
        lines = [
            msgspec.json.decode(line, type=Run | Ran) for line in path.read_bytes().splitlines()
        ]
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise RecordDamaged(f"{path} is no record of a run, or of another version.") from error
    runs, scenarios = (
        [one for one in lines if isinstance(one, Run)],
        [one for one in lines if isinstance(one, Ran)],
    )
    if len(runs) != 1:
        raise RecordDamaged(f"{path} is no record of a run.")
    return runs[0], scenarios
