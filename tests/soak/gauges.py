"""What a soak measures after each round: of the copy that stays open, on the disk, at the server
and in the keychain.

Memory and descriptors of the app's parent are root's to see;
for anybody else those are not measured, and the table says so.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService
from refapp.trusted.recorder import LARGEST_TRACE
from tests.benchmarks.desk import processes
from tests.soak.growth import Measured

MIB = 2**20
NAMES = ("first", "parent", "window", "gate")
ALLOWED_MIB: Mapping[str, float] = {"first": 0.5, "parent": 2.0, "window": 2.0, "gate": 0.5}
"""Within a soak of any length: what an allocator keeps for later is less."""
BOUND_TRACE_MIB = 2 * LARGEST_TRACE / MIB + 0.1
"""Two files, and a line on top."""


class Gauges:
    """``look`` measures all of it once. ``folders``: where the app may write."""

    def __init__(
        self,
        app: RunningApp,
        server: PrivateServer,
        keychain: PrivateSecretService,
        folders: tuple[Path, ...],
    ) -> None:
        self._app, self._server, self._keychain, self._folders = app, server, keychain, folders
        self._values: dict[str, list[float | None]] = {}
        self._window = 0

    def look(self, trace: Path) -> None:
        """Measure."""
        assert self._app.process is not None
        pids = processes(self._app.process.pid)
        if pids["window"][0] != self._window:
            # A new one says nothing of growth: what came before it does not count.
            self._window = pids["window"][0]
            for name, values in self._values.items():
                if name.startswith("window "):
                    values[:] = [None] * len(values)
        for name in NAMES:
            self._keep(f"{name} PSS", _sum(pids[name], _pss))
            self._keep(f"{name} RSS", _sum(pids[name], _rss))
            self._keep(f"{name} descriptors", _sum(pids[name], _descriptors))
        self._keep("processes", sum(map(len, pids.values())))
        self._keep("threads", sum(_entries(pid, "task") for of in pids.values() for pid in of))
        self._keep(
            "files", sum(len(files) for folder in self._folders for _, _, files in os.walk(folder))
        )
        self._keep(
            "folders",
            sum(len(names) for folder in self._folders for _, names, _ in os.walk(folder)),
        )
        self._keep("sessions", self._server.do("live_sessions", email=self._server.email))
        self._keep("keys", len(self._keychain.items()))
        self._keep(
            "trace", sum(path.stat().st_size for path in trace.parent.glob(f"{trace.name}*")) / MIB
        )

    def _keep(self, name: str, value: float | None) -> None:
        self._values.setdefault(name, []).append(value)

    def measured(self) -> list[Measured]:
        """All of it, with what each may grow by."""
        of = self._values
        found = [
            Measured(f"{name}, PSS", "MiB", of[f"{name} PSS"], ALLOWED_MIB[name]) for name in NAMES
        ]
        found += [
            Measured(f"{name}, RSS", "MiB", of[f"{name} RSS"], ALLOWED_MIB[name]) for name in NAMES
        ]
        found += [
            Measured(f"{name}, descriptors", "open", of[f"{name} descriptors"]) for name in NAMES
        ]
        found += [
            Measured("all of them, processes", "running", of["processes"]),
            Measured("all of them, threads", "running", of["threads"]),
            Measured("files in the app's folders", "files", of["files"]),
            Measured("folders in the app's folders", "folders", of["folders"]),
            Measured("sessions at the server", "alive", of["sessions"]),
            Measured("keys in the keychain", "items", of["keys"]),
            Measured("trace, both files", "MiB", of["trace"], bound=BOUND_TRACE_MIB),
        ]
        return found


def _sum(pids: list[int], of: object) -> float | None:
    try:
        return sum(of(pid) for pid in pids)  # type: ignore[operator]
    except PermissionError:
        return None


def _pss(pid: int) -> float:
    return _kib(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")


def _rss(pid: int) -> float:
    return _kib(Path(f"/proc/{pid}/status"), "VmRSS:")


def _kib(path: Path, name: str) -> float:
    return (
        sum(int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name))
        / 1024
    )


def _descriptors(pid: int) -> float:
    return _entries(pid, "fd")


def _entries(pid: int, folder: str) -> float:
    return float(len(list(Path(f"/proc/{pid}/{folder}").iterdir())))
