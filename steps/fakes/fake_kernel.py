"""The kernel's word on a window that has no process: what the app reads of it in /proc, and the
limits that it sets there.

``word`` is asked as ``confinement.verify`` is, whose own look it is.
"""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator, Mapping
from typing import get_args
from unittest import mock

from refapp.snapshot import Check
from refapp.trusted.window import confinement
from steps.scenario.inside_driver import WindowProcess

LOCKED: Mapping[str, str] = {
    "State": "S (sleeping)",
    **dict.fromkeys(("CapInh", "CapPrm", "CapEff", "CapAmb"), "0000000000000000"),
    "NoNewPrivs": "1",
    "Seccomp": "2",
}
OTHER: Mapping[WindowProcess, Mapping[str, str]] = {
    "does not confine itself": {"Seccomp": "0"},
    "starts an unlocked thread while the app looks": {"Seccomp": "0"},
    "has a thread that may gain privileges": {"NoNewPrivs": "0"},
    "has a thread that may be given a capability": {"CapInh": "0000000000200000"},
    "has ended by then": {"State": "Z (zombie)"},
}
"""What is other than of a thread that is locked."""
LIMITS = {
    resource.RLIMIT_CORE: "Max core file size",
    resource.RLIMIT_FSIZE: "Max file size",
    resource.RLIMIT_NPROC: "Max processes",
}


class _Path:
    """One below /proc, as far as the app looks there."""

    def __init__(self, read: Callable[[str], str], thread: str, names: Callable[[], list[str]]):
        self.name = thread
        self._read, self._names = read, names

    def __truediv__(self, name: str) -> _Path:
        return _Path(self._read, self.name if name == "status" else name, self._names)

    def iterdir(self) -> Iterator[_Path]:
        return (self / name for name in self._names())

    def read_text(self) -> str:
        return self._read(self.name)


class _Kernel:
    """``process``: what the window's does, or has done."""

    def __init__(self, process: WindowProcess) -> None:
        self._process = process
        self._threads = {"11": LOCKED, "12": LOCKED}
        self._limits = dict.fromkeys(LIMITS.values(), "unlimited")
        if not process.endswith("while the app looks"):
            self._threads["12"] = {**LOCKED, **OTHER.get(process, {})}

    def path(self, said: str) -> _Path:
        """``said`` as ``pathlib`` takes it."""
        if self._process == "may not be looked at":
            raise PermissionError
        return _Path(self._read, said.rpartition("/")[2], lambda: list(self._threads))

    def set(self, _: int, limit: int, to: tuple[int, int]) -> None:
        """See ``resource.prlimit``."""
        self._limits[LIMITS[limit]] = str(to[1])

    def _read(self, name: str) -> str:
        if name == "limits":
            return "".join(f"{row:<26}{to:<21}{to:<21}units\n" for row, to in self._limits.items())
        thread = self._threads[name]
        if self._process == "starts threads as long as the app looks":
            # One each time that all were looked at: with one for each look they would double.
            if name == list(self._threads)[-1]:
                self._threads[f"1{len(self._threads) + 1}"] = LOCKED
        elif self._process.endswith("while the app looks"):
            self._threads["13"] = {**LOCKED, **OTHER.get(self._process, {})}
        return "".join(f"{field}:\t{said}\n" for field, said in thread.items())


def word(process: WindowProcess) -> Callable[[int], list[Check]]:
    """What the app finds when it looks at such a window's process."""
    assert process in get_args(WindowProcess)

    def verify(pid: int) -> list[Check]:
        kernel = _Kernel(process)
        with (
            mock.patch.object(confinement, "Path", kernel.path),
            mock.patch.object(resource, "prlimit", kernel.set),
        ):
            return confinement.verify(pid)

    return verify
