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
    both: list[float] = []
    with desk() as place:

        def ours() -> float:
            with place.running(place.app()) as process:
                place.until(place.painted)
                time.sleep(SETTLED_S)
                pids = processes(process.pid)
                children.append(sum(map(_pss, pids["window"])))
                both.append(children[-1] + sum(map(_pss, pids["parent"])))
                gates.append(sum(map(_own, pids["gate"])))
                firsts.append(sum(map(_own, pids["first"])))
                return sum(_pss(pid) for of in pids.values() for pid in of)

        arms = {"ours": ours, "plain": lambda: _pss_of_all(place, place.plain())}
        browser = shutil.which("chromium") or shutil.which("chromium-browser")
        if browser is not None:
            arms["browser"] = lambda: _browser(place, browser)
        found = interleaved(rounds, arms)
        whole = found["ours"]
        rows = [
            Row("parent and window, PSS", "MiB", both, goal=50.0),
            Row("all processes, PSS", "MiB", whole, "bare Tk", found["plain"]),
            Row("window process, PSS", "MiB", children, "bare Tk", found["plain"], 1.5),
            Row("display's gate, pages of its own", "MiB", gates, goal=3.0),
            Row("first process, pages of its own", "MiB", firsts, goal=3.0),
            Row("all processes, PSS", "MiB", whole, "Chromium's app window", found["browser"], 0.17)
            if "browser" in found
            else Row("beside Chromium, PSS", "", not_here="Chromium is not installed"),
        ]
        return rows + _idle(place, 10 if quick else 30)


def _pss_of_all(place: Desk, command: list[str]) -> float:
    with place.running(command) as process:
        place.until(place.painted)
        time.sleep(SETTLED_S)
        return sum(map(_pss, tree(process.pid)))


def _browser(place: Desk, browser: str) -> float:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = ["--no-sandbox", "--no-first-run", "--window-size=900,640"]
        flags += ["--window-position=190,53", f"--user-data-dir={profile}", f"--app={PAGE}"]
        return _pss_of_all(place, [browser, *flags])


def _pss(pid: int) -> float:
    return _sum(pid, "Pss:")


def _own(pid: int) -> float:
    """What it shares with nobody: a fork shares the rest with the parent."""
    return _sum(pid, "Private_")


def _sum(pid: int, *beginnings: str) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(beginnings)) / 1024


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
