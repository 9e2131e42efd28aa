"""Copies of the app on the in-process driver's computer, which share its store, keychain and clock;
and what is left when all of them have ended. A part of ``inproc``.
"""

from __future__ import annotations

import io
from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from refapp import messages as m
from refapp.trusted.config import Settings
from refapp.trusted.errors import ConfigError
from refapp.trusted.files import places
from refapp.trusted.files.lease import Lease
from refapp.trusted.keys.prompts import SHOWN_AFTER_S
from refapp.trusted.recorder import Recorder
from refapp.trusted.services import notes_command
from refapp.trusted.start import window_settings
from refapp.trusted.storage.rotate_key import rotate
from refapp.trusted.window import gate
from steps.fakes.fake_browser import FakeBrowser
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.keychain_on_the_bus import KeychainOnTheBus
from steps.fakes.virtual_time import VirtualTime
from steps.fakes.windows import shown_buttons, told_windows
from steps.fakes.windows.fake_window import FakeWindow
from steps.in_process.app_copy import Copy
from steps.in_process.witness import Witness, left_behind
from steps.programs.every_program import EveryProgram
from steps.scenario.driver import Pair
from steps.servers import request_form
from steps.servers.local_server import LocalServer

if TYPE_CHECKING:
    from steps.network.own_network import OwnNetwork

OPENS = {"sign-in", "second factor", "code exchange", "device check"}
"""The calls that open a session."""
DONE_WITH = {"write tokens", "sign-out"}
"""What the app does with one."""


class InProcessCopies:
    """``running_copies``: the first is the one that the person uses."""

    running_copies: list[Copy]
    time: VirtualTime
    local: LocalServer
    folder: Path
    keychain: FakeKeychain | KeychainOnTheBus
    recorder: Recorder
    orphans: Collection[str]
    programs: EveryProgram
    browser: FakeBrowser
    network: OwnNetwork | None
    trusts: int
    witness: Witness
    _lease: AsyncExitStack | None = None
    _ended = False
    _unended: Sequence[str] = ()

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

    @abstractmethod
    def tokens(self) -> Pair | None:
        """See ``driver.Driver``."""

    @property
    @abstractmethod
    def servers(self) -> Sequence[LocalServer]:
        """All that the app was started for."""

    @abstractmethod
    def left_of_starts(self) -> list[str]:
        """What the command line has left."""

    @abstractmethod
    def mend(self) -> None:
        """Nothing of the computer is in trouble any more, and no step waits for a call."""

    def endless(self) -> str:
        """See ``sight.Looks``."""
        asked = [server.endless for server in self.servers if server.endless]
        if asked:
            return f"the app asks without end: {asked[0]}"
        return "the app goes on without end" if self.time.endless else ""

    def amiss(self) -> Sequence[str]:
        """See ``sight.Looks``: of a window without a screen nothing can be told but its texts."""
        if isinstance(self.keychain, KeychainOnTheBus):
            self.time.advance(SHOWN_AFTER_S)  # what it asked is not said once it was answered
        found = self._seen_amiss()
        sent = [request for server in self.servers for request in server.seen]
        found += request_form.amiss(sent, whole=self.network is None or not self.network.is_met)
        found += request_form.amiss_in(self.browser.links) + self.browser.odd
        for server in self.servers:
            found += server.revisions.unknown
        if request_form.trusting(sent) > self.trusts:
            found.append("second factor: the server is to trust this computer, and nobody said so")
        if self.trusts and not request_form.trusting(sent):
            found.append("second factor: somebody trusts this computer, and the server is not told")
        waits = sum(copy.waits_for_browser() for copy in self.running_copies)
        if len(self.browser.open_ports()) > waits + self.programs.waiting():
            found.append("a way back from the browser is open, and no sign-in waits for it")
        if self.browser.ends_with_the_terminal:
            found.append("the browser ends by Ctrl and C in the app's terminal")
        may_be_late = any(server.model.holds or server.opens_early for server in self.servers)
        found += [f"left when the app had ended: {left}" for left in self.left_of_starts()]
        self.end()
        if not may_be_late and self._opened_for_nobody():
            found.append("a session was opened that the app has neither stored nor ended")
        left = [*self._unended, *(task.get_coro() for task in self.time.left())]
        found += [f"left when the app had ended: {work}" for work in left]
        if self.browser.open_ports():
            found.append("left when the app had ended: a way back from the browser")
        if self.network is not None and self.network.kept_open():
            found.append("left when the app had ended: a connection")
        return found

    def _seen_amiss(self) -> list[str]:
        """What is on the computer and in the windows while the app runs, and should not be."""
        keys = self.keychain.items.keys() - set(self.orphans)
        found = left_behind(self.folder, self.witness.touched, keys)
        may_wait = self._lease is not None or self.keychain.asking
        has_looks = (self.folder / window_settings.NAME).exists()
        for copy in self.running_copies:
            found += told_windows.amiss(one for window in copy.windows for one in window.snapshots)
            found += told_windows.exchanged(copy.windows)
            if not may_wait and (said := _waits(copy)):
                found.append(f"it says: {said}")
            if has_looks:
                found += told_windows.odd(copy.window, copy.folder, copy.colours)
            found += told_windows.unsaid(copy.window)
            found += _in_vain(copy)
        return found

    def _opened_for_nobody(self) -> bool:
        """Whether the newest session is good, and the app has done nothing with it."""
        happened = [effect.what for effect in self.witness.happened]
        opened = max((at for at, what in enumerate(happened) if what in OPENS), default=None)
        if opened is None or any(what in DONE_WITH for what in happened[opened:]):
            return False
        pair = self.tokens()
        held = pair.access.partition(".")[0] if pair is not None else ""
        return any(server.model.open_for("refapp/", "acme-") - {held} for server in self.servers)

    def end(self) -> None:
        """The scenario is over, and so is all that runs in it."""
        if self._ended:
            return
        self._ended = True
        self.mend()
        self.give_lease_back()
        self.programs.close()
        for copy in self.running_copies:
            copy.window.die(0)
            # A sign-out that is under way is waited for, though not for long (SO-1).
            self.time.advance(5)
            if not copy.running.done():
                self._unended = [*self._unended, "the app, though its window was closed"]
                copy.running.cancel()
                self.time.advance(5)

    def open_before_its_window(self) -> None:
        """See ``driver.InsideDriver``."""
        copy = Copy(self, comes_up=False)  # type: ignore[arg-type]  # the whole of ``inproc``
        self.running_copies.append(copy)

    def open_with_other_make(self) -> None:
        """See ``driver.InsideDriver``."""
        copy = Copy(self, leaves=False)  # type: ignore[arg-type]  # the whole of ``inproc``
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

    def run_notes(self, given_up: str | None) -> tuple[int, str]:
        """See ``driver.InsideDriver``."""
        said = io.StringIO()
        try:
            return notes_command.run(self.folder, given_up, said), said.getvalue()
        except ConfigError as error:
            return 1, error.sentence

    def hold_lease(self) -> None:
        """Another copy of the app takes the lease on the token file."""

        of = places.program(self.local.origin)

        async def hold() -> AsyncExitStack:
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(
                    Lease(self.folder / f"tokens-{of}.lock", 1.0).held()
                )
                return stack.pop_all()

        self._lease = self.time.run(hold())

    def give_lease_back(self) -> None:
        """That copy is done, if it ever began."""
        if self._lease is not None:
            self.time.run(self._lease.aclose())
            self._lease = None

    def hold_on(self, seconds: float, *, closing: bool) -> None:
        """See ``driver.InsideDriver``."""
        copy = self.running_copies.pop(0) if closing else None
        if copy is not None:
            copy.window.die(0)
        self.time.advance(seconds)
        self.give_lease_back()
        self.time.advance(10)
        if copy is not None:
            copy.running.result()


def _waits(copy: Copy) -> str:
    """What its window says is waited for."""
    return copy.window.snapshots[-1].storage.waiting if copy.window.snapshots else ""


def _in_vain(copy: Copy) -> Iterator[str]:
    """What can be pressed in its window although the gate would refuse it now."""
    window, phase = copy.window, copy.app.store.state.phase
    if window.ended or window.silent or not window.snapshots:
        return
    for name, button in shown_buttons.buttons(window.screen).items():
        asked = shown_buttons.asks_for(button) if button.usable else None
        if asked is not None and phase not in gate.PERMITTED[asked]:
            yield f'"{name}" can be pressed, and the app refuses it'
