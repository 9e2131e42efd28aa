"""How much memory the processes take, beside bare Tk and beside a browser's window;
and how often they wake up for nothing.

Memory is PSS: shared pages are divided among those who share them.
Both are run as a person runs them, without a trace.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from tests.benchmarks.desk import Desk, desk, processes, tree
from tests.benchmarks.rows import Row, interleaved

SETTLED_S = 3.0
PAGE = "data:text/html,<title>refapp</title><body style='background:%23d9d9d9'><h1>Sign in</h1>"


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of memory and idleness."""
    del out
    if os.geteuid() != 0:
        return [Row("memory", "", not_here="the app's parent shows its pages to root alone")]
    rounds = 2 if quick else 5
    children: list[float] = []
    gates: list[float] = []
    firsts: list[float] = []
    with desk() as place:

        def ours() -> float:
            with place.running(place.app()) as process:
                place.until(place.painted)
                time.sleep(SETTLED_S)
                pids = processes(process.pid)
                children.append(sum(map(_pss, pids["window"])))
                gates.append(sum(map(_own, pids["gate"])))
                firsts.append(sum(map(_own, pids["first"])))
                return sum(_pss(pid) for of in pids.values() for pid in of)

        found = interleaved(
            rounds, {"ours": ours, "plain": lambda: sum(_pss_of_each(place, place.plain()))}
        )
        rows = [
            Row("all processes, PSS", "MiB", found["ours"], "bare Tk", found["plain"], 3.8),
            Row("window process, PSS", "MiB", children, "bare Tk", found["plain"], 1.2),
            Row("display's gate, pages of its own", "MiB", gates, goal=3.0),
            Row("first process, pages of its own", "MiB", firsts, goal=3.0),
            _beside_chromium(place, found["ours"]),
        ]
        return rows + _idle(place, 10 if quick else 30)


def _pss_of_each(place: Desk, command: list[str]) -> list[float]:
    with place.running(command) as process:
        place.until(place.painted)
        time.sleep(SETTLED_S)
        return [_pss(pid) for pid in tree(process.pid)]


def _pss(pid: int) -> float:
    return _sum(pid, "Pss:")


def _own(pid: int) -> float:
    """What it shares with nobody: a fork shares the rest with the parent."""
    return _sum(pid, "Private_")


def _sum(pid: int, *beginnings: str) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(beginnings)) / 1024


def _beside_chromium(place: Desk, ours: list[float]) -> Row:
    name = "all processes, PSS"
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        return Row(name, "MiB", not_here="Chromium is not installed")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = [
            "--no-sandbox",
            "--no-first-run",
            "--window-size=900,640",
            "--window-position=190,53",
        ]
        command = [browser, *flags, f"--user-data-dir={profile}", f"--app={PAGE}"]
        whole = sum(_pss_of_each(place, command))
    return Row(name, "MiB", ours, "Chromium's app window", [whole] * len(ours), 0.17)


def _idle(place: Desk, seconds: int) -> list[Row]:
    with place.running(place.app()) as process:
        place.until(place.painted)
        time.sleep(2 * SETTLED_S)
        pids = processes(process.pid)
        before = {name: sum(map(_switches, of)) for name, of in pids.items()}
        time.sleep(seconds)
        woken = {
            name: (sum(map(_switches, of)) - before[name]) / seconds for name, of in pids.items()
        }
    return [
        Row(f"idle {name}, wake-ups in {seconds} s", "/s", [rate], goal=1.0)
        for name, rate in woken.items()
    ]


def _switches(pid: int) -> int:
    """How often its threads gave the processor up of their own accord: each time but the first they
    had been woken.
    """
    count = 0
    for path in Path(f"/proc/{pid}/task").glob("*/status"):
        count += next(
            int(line.split()[1])
            for line in path.read_text().splitlines()
            if line.startswith("voluntary_ctxt")
        )
    return count
