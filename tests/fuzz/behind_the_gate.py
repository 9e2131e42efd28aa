"""A whole app behind its gate in a phase of one's choice, and lines said to it: what each may do,
and what it must leave.

Owns the judgement of one line, for ``test_fuzz_channel``, ``test_fuzz_phases`` and
``coverage_guided``: a line that is refused changes nothing, and whatever it is, the app neither
ends nor hangs.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from refapp import messages as m
from refapp.snapshot import Phase
from refapp.trusted.window.gate import PERMITTED
from refapp.trusted.window.window_ends import DELAYS_S
from refapp.wire import ProtocolError, decode_up
from steps.in_process.inproc import InProcess
from tests.boundary.test_channel_attacks import WAYS

HARMLESS = {m.Initialize, m.Dismiss, m.NoteOpen, m.StorageIsAvailable, m.StorageGet}


def understood(line: bytes) -> m.Up | ProtocolError:
    """What the decoder makes of ``line``."""
    try:
        return decode_up(line)
    except ProtocolError as error:
        return error


def changes_of(computer: InProcess) -> object:
    """All that a line can change: files, keys, requests to the server, and the session itself."""
    files = {path.name: path.read_bytes() for path in computer.folder.rglob("*") if path.is_file()}
    state = computer.copy.app.store.state
    # A fresh window is told of in a notice of its own.
    return (
        files,
        dict(computer.keychain.items),
        len(computer.local.seen),
        state.phase,
        state.profile,
        state.generation,
    )


def say(computer: InProcess, line: bytes) -> None:
    """Say ``line`` through the window that is up, and look what came of it.
    Raises AssertionError.
    """
    app, window = computer.copy.app, computer.window
    before, phase, person = changes_of(computer), app.store.state.phase, app.store.state.user_id
    window.write(line)
    computer.rest()
    message = understood(line)
    if isinstance(message, ProtocolError):
        assert window.ended
        assert changes_of(computer) == before
        return
    permitted = phase in PERMITTED.get(type(message), frozenset())
    if not permitted or type(message) in HARMLESS:
        assert changes_of(computer) == before
    # What a window says once and has said ends it;
    # a restart that is not offered is refused like any request.
    ends = isinstance(message, m.Hello | m.Confined) or (
        isinstance(message, m.Restart) and permitted
    )
    # And a window does not outlive the session that it has shown (SB-8).
    assert window.ended == (ends or (window.ended and app.store.state.user_id != person))


class Besieged:
    """An app that is in ``phase`` whenever something is said to it.
    ``said``: how many lines were, in that phase.
    """

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._computer: InProcess | None = None
        self.said = 0

    def say(self, line: bytes) -> None:
        """Say it, in the phase."""
        computer = self._ready()
        say(computer, line)
        assert not computer.copy.running.done() or computer.windows() > len(DELAYS_S), (
            "the app ended"
        )
        self.said += 1

    def _ready(self) -> InProcess:
        computer = self._computer
        if computer is not None and computer.window.ended and not computer.copy.running.done():
            computer.pass_time(DELAYS_S[-1])  # a fresh one comes up, a bounded number of times
        if (
            computer is not None
            and not computer.copy.running.done()
            and self._is_in_phase(computer)
        ):
            return computer
        self.close()
        self._folder = tempfile.TemporaryDirectory()
        computer = self._computer = InProcess(Path(self._folder.name))
        WAYS[self._phase](computer)
        assert computer.copy.app.store.state.phase is self._phase
        return computer

    def _is_in_phase(self, computer: InProcess) -> bool:
        return not computer.window.ended and computer.copy.app.store.state.phase is self._phase

    def close(self) -> None:
        """End it."""
        if self._computer is not None:
            self._computer.finish()
        if self._folder is not None:
            self._folder.cleanup()
        self._computer = self._folder = None
