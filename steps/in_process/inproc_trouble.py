"""What goes wrong with the computer of the in-process driver: its keychain, its network, its disk,
which is mended again.

A part of ``inproc``.
The disk is ``atomic_file``'s: functions of its are replaced while it is in trouble, and what the
system says of the space on it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import types
from abc import abstractmethod
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx

from refapp.trusted import errors
from refapp.trusted.files import atomic_file
from refapp.trusted.recorder import Recorder
from steps.fakes.fake_keychain import ITEMS, TROUBLES, FakeKeychain
from steps.fakes.keychain_on_the_bus import KeychainOnTheBus
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.witness import Witness
from steps.scenario.driver import DiskTrouble, KeychainProgram, KeychainTrouble, Outage
from steps.servers.local_server import LocalServer

if TYPE_CHECKING:
    from steps.network.own_network import OwnNetwork

SOUND_DISK = {name: vars(atomic_file)[name] for name in ("_temporary", "remove", "confirmed")}
SPACE = os.statvfs
NO_SPACE = types.SimpleNamespace(f_blocks=1, f_bavail=0)

ON_A_REAL_NETWORK: Mapping[Outage, str] = {
    "unreachable": "is not there",
    "unknown name": "has a name that nobody has",
    "no name service": "has a name that can't be looked up",
    "untrusted": "has a certificate that nobody here knows",
    "silent": "does not answer",
    "half an answer": "does not end its answer",
}


class InProcessTrouble:
    """``keychain`` and ``local`` are the computer's, and the server it reaches."""

    keychain: FakeKeychain | KeychainOnTheBus
    local: LocalServer
    time: VirtualTime
    folder: Path
    recorder: Recorder
    witness: Witness
    network: OwnNetwork | None = None
    _clock: contextlib.ExitStack

    @abstractmethod
    def rest(self) -> None:
        """See ``driver.Driver``."""

    def choose_keychain(self, program: KeychainProgram) -> None:
        """See ``driver.Driver``."""
        seen = partial(self.witness.saw, "keychain")
        place = self.folder.parent
        self.keychain = KeychainOnTheBus(program, place, self.recorder, self._clock, seen)

    def trouble_keychain(self, trouble: KeychainTrouble | None) -> None:
        """See ``driver.Driver``."""
        if isinstance(self.keychain, KeychainOnTheBus):
            self.keychain.trouble(trouble)
            return
        if trouble == "forgetful":
            self.keychain.items.clear()
        elif trouble == "asking":
            self.keychain.asks = True
        elif trouble == "keeping":
            self.keychain.keeps = True
        elif trouble is None:
            self.keychain.trouble = None
        elif trouble in ITEMS:
            self.keychain.item = ITEMS[trouble]
        else:
            assert trouble in TROUBLES, (
                f"only a real keychain is {trouble}: it needs the tag @desktop"
            )
            self.keychain.trouble = TROUBLES[trouble]

    def answer_keychain(self, *, yes: bool) -> None:
        """See ``driver.Driver``."""
        self.keychain.answer(yes=yes)
        self.rest()

    def break_off(self, path: str) -> None:
        """See ``driver.InsideDriver``."""
        self.local.breaks_off.add(path)

    def cut_off(self, outage: Outage | None) -> None:
        """See ``driver.Driver``."""
        if self.network is None or not self.network.is_met:
            self.local.outage = outage
        else:
            self.network.spoil_server(None if outage is None else ON_A_REAL_NETWORK[outage])

    def use_network(self, origin: str, *, sliding: bool) -> None:
        """See ``inside_driver.InsideDriver``."""
        from steps.network.own_network import OwnNetwork  # certificates take long to load

        self.local.model.close()
        self.local = LocalServer(self.time.now, "sliding" if sliding else "rotating", origin)
        asked = partial(self.witness.saw, "server")
        self.network = OwnNetwork(self.local, self.time, asked)
        self.witness.is_known_way = self.network.is_known_way

    def on_network(self) -> OwnNetwork:
        """See ``inside_driver.InsideDriver``."""
        assert self.network is not None, "the scenario has to say where the server is, first"
        return self.network

    def transport(self) -> httpx.MockTransport | None:
        """The network between the app and its server, watched; None: it is a real one."""
        if self.network is not None and self.network.is_met:
            return None
        self.local.arrived = partial(self.witness.saw, "server")
        return self.local.transport()

    def begin_on_network(self) -> None:
        """The When comes."""
        if self.network is not None:
            self.network.begin()

    def leave_network(self) -> None:
        """The resolver and the environment are the same for every scenario."""
        if self.network is not None:
            self.network.close()

    def trouble_disk(self, trouble: DiskTrouble | None) -> None:
        """See ``driver.Driver``."""
        self.mend_disk()
        if trouble is None:
            return

        def refuse(path: Path) -> tuple[int, str]:
            if trouble == "unable to write the profile" and not path.name.startswith("profile-"):
                return cast("tuple[int, str]", SOUND_DISK["_temporary"](path))
            if trouble == "full":
                # The file can be made, and nothing gets into it.
                fd, name = cast("tuple[int, str]", SOUND_DISK["_temporary"](path))
                os.close(fd)
                return os.open(name, os.O_RDONLY), name
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

        def keep(path: Path, *, durable: bool = True) -> bool:
            if trouble == "unable to delete the tokens" and not path.name.startswith("tokens-"):
                return bool(SOUND_DISK["remove"](path, durable=durable))
            raise errors.WriteFailed(f"The file {atomic_file.called(path)} could not be deleted.")

        def doubt(fd: int) -> bool:
            SOUND_DISK["confirmed"](fd)
            if stat.S_ISDIR(os.fstat(fd).st_mode):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return True

        if trouble == "unable to confirm a change":
            vars(atomic_file)["confirmed"] = doubt
            return
        if trouble != "unable to delete the tokens":
            vars(atomic_file)["_temporary"] = refuse
        if trouble == "full":
            vars(os)["statvfs"] = lambda _: NO_SPACE
        elif trouble != "unable to write the profile":
            vars(atomic_file)["remove"] = keep

    def mend_disk(self) -> None:
        """The disk is the same for every scenario."""
        vars(atomic_file).update(SOUND_DISK)
        vars(os)["statvfs"] = SPACE
