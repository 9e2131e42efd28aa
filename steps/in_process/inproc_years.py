"""Sleep, stops, locks that go and a trace that grows, for the in-process driver.
A part of ``inproc``.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import types
from abc import abstractmethod
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path
from unittest import mock

from refapp import messages as m
from refapp.trusted.files import lease
from refapp.trusted.recorder import Entry, Recorder
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.keychain_on_the_bus import KeychainOnTheBus
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.app_copy import Copy
from steps.scenario.around_it import Lacking
from steps.scenario.sight import situation
from steps.servers.local_server import LocalServer

BUTTONS = {
    "sync": lambda window: window.ask(m.SyncNow, m.Nothing()),
    "sign in with a code": lambda window: window.ask(
        m.SignInElsewhere, m.SignInElsewhereParams("device")
    ),
}
LACKING: Mapping[Lacking, tuple[types.ModuleType, str, int]] = {
    "locks": (fcntl, "flock", errno.ENOLCK),
    "confirmations": (os, "fsync", errno.EINVAL),
}
NO_BLOCKS = types.SimpleNamespace(f_blocks=0, f_bavail=0)
"""What such a file system says of its space, if it counts none."""


class InProcessYears:
    """``running_copies``: the first is the one that the person uses.
    ``orphans``: keys that nothing tells the app of any more.
    """

    orphans: Collection[str] = ()
    keychain: FakeKeychain | KeychainOnTheBus
    running_copies: list[Copy]
    time: VirtualTime
    local: LocalServer
    folder: Path
    recorder: Recorder
    _lacking = contextlib.ExitStack()

    @abstractmethod
    def token_file(self) -> Path:
        """See ``driver.Driver``."""

    def press_in_copy(self, button: str) -> None:
        """See ``around_it.LongLived``."""
        BUTTONS[button](self.running_copies[1].window)
        self.time.settle()

    def situation_of_copy(self) -> str:
        """See ``around_it.LongLived``."""
        return situation(self.running_copies[1].window.texts())

    def sleep(self, seconds: float) -> None:
        """See ``around_it.LongLived``."""
        self.time.sleep(seconds)
        self.time.advance(30)

    def go_on_after(self, seconds: float) -> None:
        """See ``around_it.LongLived``."""
        self.time.stop(seconds)
        self.local.do("release")
        self.time.advance(1)

    def close_before_the_answer(self, seconds: float) -> None:
        """See ``around_it.LongLived``."""
        copy = self.running_copies.pop(0)
        copy.window.die(0)
        self.time.advance(seconds)
        self.local.do("release")
        self.time.settle()
        assert copy.running.done(), "the app still waits"
        copy.running.result()

    def delete_tokens(self) -> None:
        """See ``driver.Driver``."""
        self.token_file().unlink()
        self.orphans = set(self.keychain.items)

    def delete_lock(self) -> None:
        """See ``around_it.LongLived``."""
        self.token_file().with_suffix(".lock").unlink()

    def replace_lock(self) -> None:
        """See ``around_it.LongLived``."""
        file, sound = self.token_file().with_suffix(".lock"), lease.locked
        opened = file.stat().st_ino

        def late(fd: int) -> bool:
            if os.fstat(fd).st_ino == opened and file.stat().st_ino == opened:
                file.unlink()
                file.touch(0o600)
            return sound(fd)

        self._lacking = contextlib.ExitStack()
        self._lacking.enter_context(mock.patch.object(lease, "locked", late))

    def lack(self, what: Lacking) -> None:
        """See ``around_it.LongLived``."""
        module, name, number = LACKING[what]
        lost = OSError(number, os.strerror(number))
        self._lacking = contextlib.ExitStack()
        self._lacking.enter_context(mock.patch.object(module, name, side_effect=lost))
        self._lacking.enter_context(mock.patch.object(os, "statvfs", return_value=NO_BLOCKS))

    def lack_nothing(self) -> None:
        """The file system is the same for every scenario."""
        self._lacking.close()

    def begin_trace(self, mib: int) -> None:
        """See ``around_it.LongLived``."""
        path = self.folder / "trace.ndjson"
        path.write_bytes(b" " * (mib * 2**20))
        # Another copy of the app has the same file, and writes into it whenever this one has.
        for _ in range(2):
            self.recorder.listen(partial(_note, Recorder(path)))

    def traces(self) -> list[int]:
        """See ``around_it.LongLived``."""
        return [path.stat().st_size for path in sorted(self.folder.glob("trace.ndjson*"))]


def _note(to: Recorder, one: Entry) -> None:
    to.note(one.source, one.target, one.what, one.detail)
