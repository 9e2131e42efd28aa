"""Copies of the app on the in-process driver's computer, which share its store, keychain and clock.
A part of ``inproc``.
"""

from __future__ import annotations

import io
from abc import abstractmethod
from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from refapp import messages as m
from refapp.trusted.config import Settings
from refapp.trusted.errors import ConfigError
from refapp.trusted.files.lease import Lease
from refapp.trusted.keys.prompts import SHOWN_AFTER_S
from refapp.trusted.recorder import Recorder
from refapp.trusted.services import notes_command
from refapp.trusted.start import window_settings
from refapp.trusted.storage.rotate_key import rotate
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.fake_window import FakeWindow
from steps.fakes.keychain_on_the_bus import KeychainOnTheBus
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.app_copy import Copy
from steps.in_process.witness import Witness, left_behind
from steps.servers.local_server import LocalServer


class InProcessCopies:
    """``running_copies``: the first is the one that the person uses."""

    running_copies: list[Copy]
    time: VirtualTime
    local: LocalServer
    folder: Path
    keychain: FakeKeychain | KeychainOnTheBus
    recorder: Recorder
    orphans: Collection[str]
    witness: Witness
    _lease: AsyncExitStack | None = None

    @property
    @abstractmethod
    def window(self) -> FakeWindow:
        """The person's window."""

    @abstractmethod
    def begin(self) -> None:
        """See ``driver.Driver``."""

    @abstractmethod
    def open_copy(self) -> Copy:
        """Start another copy of the app beside the first."""

    @abstractmethod
    def token_file(self) -> Path:
        """See ``driver.Driver``."""

    def amiss(self) -> Sequence[str]:
        """See ``sight.Looks``."""
        keys = self.keychain.items.keys() - set(self.orphans)
        found = left_behind(self.folder, self.witness.touched, keys)
        if self._lease is None and not self.keychain.asking:
            found += [f"it says: {said}" for copy in self.running_copies if (said := _waits(copy))]
        if (self.folder / window_settings.NAME).exists():
            found += [f"it looks {look}" for copy in self.running_copies if (look := _odd(copy))]
        return found

    def open_before_its_window(self) -> None:
        """See ``driver.InsideDriver``."""
        copy = Copy(self, comes_up=False)  # type: ignore[arg-type]  # the whole of ``inproc``
        self.running_copies.append(copy)

    def copy_signs_out(self) -> None:
        """Another copy of the app signs out; the first has time to notice.
        The When comes in between.
        """
        other = self.open_copy()
        self.begin()
        other.window.ask(m.SignOut, m.Nothing())
        self.time.advance(10)

    def copy_signs_out_beside(self, key: str) -> None:
        """The other copy signs out, and before this one has noticed its window reads ``key``."""
        self.running_copies[1].window.ask(m.SignOut, m.Nothing())
        self.time.settle()
        self.window.write(
            f'{{"jsonrpc":"2.0","method":"storage_get","id":9000,'
            f'"params":{{"key":"{key}"}}}}'.encode()
        )
        self.time.advance(10)

    def copy_renews(self) -> None:
        """The server is there for another copy of the app,
        which renews the tokens at its start and is closed.
        """
        self.local.outage = None
        copy = Copy(self)  # type: ignore[arg-type]  # the whole of ``inproc``
        copy.close()

    def replace_key(self) -> tuple[int, str]:
        """See ``driver.InsideDriver``."""
        said = io.StringIO()
        settings = Settings(origin=self.local.model.origin, data_dir=self.folder)
        asking = self.keychain.prompts.changed  # the command is a process of its own
        command = self.time.start(rotate(settings, self.keychain, self.recorder, said))
        self.time.settle()
        if isinstance(self.keychain, FakeKeychain) and self.keychain.asks:
            self.time.advance(SHOWN_AFTER_S)
            self.keychain.answer(yes=True)
            self.time.settle()
        if not command.done():  # another copy is in its way
            self.time.advance(settings.lock_deadline_s)
        self.keychain.prompts.changed = asking
        return command.result(), said.getvalue()

    def give_up_notes(self, folder: str) -> tuple[int, str]:
        """See ``driver.InsideDriver``."""
        said = io.StringIO()
        try:
            return notes_command.run(self.folder, folder, said), said.getvalue()
        except ConfigError as error:
            return 1, error.sentence

    def hold_lease(self) -> None:
        """Another copy of the app takes the lease on the token file."""

        async def hold() -> AsyncExitStack:
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(
                    Lease(self.token_file().with_suffix(".lock"), 1.0).held()
                )
                return stack.pop_all()

        self._lease = self.time.run(hold())

    def give_lease_back(self) -> None:
        """That copy is done, if it ever began."""
        if self._lease is not None:
            self.time.run(self._lease.aclose())
            self._lease = None

    def close_while_held(self, seconds: float) -> None:
        """The person closes the window;
        the lease is given back ``seconds`` later, and the app has time to end.
        """
        copy = self.running_copies.pop(0)
        copy.window.die(0)
        self.time.advance(seconds)
        self.give_lease_back()
        self.time.advance(10)
        copy.running.result()


def _waits(copy: Copy) -> str:
    """What its window says is waited for."""
    return copy.window.snapshots[-1].storage.waiting if copy.window.snapshots else ""


def _odd(copy: Copy) -> str:
    """How its window looks, if that is not how the next one would come up."""
    if not copy.window.snapshots:
        return ""
    look = copy.window.snapshots[-1].theme
    return "" if look == window_settings.words(str(copy.folder), copy.colours)[1] else look
