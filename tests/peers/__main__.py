"""``python -m tests.peers [PEER...]``: the matrix of implementations.
Runs the specification against each of them with the kit.

Writes a report of each into ``build/spec/reports``, the site with its page of peers, and a table to
standard output. What an app fails has to be on its list, and what is on its list has to fail: a run
where that is not so is red, and its output is shown.

Exit codes: 0 each run was as its list says; 1 one was not;
2 there is no such peer, or a report is missing.
"""

from __future__ import annotations

import dataclasses
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from steps.kit import verdicts
from steps.kit.verdicts import LEVELS, Report, State

CHECKOUT = Path(__file__).parents[2]
TESTS = CHECKOUT / "tests"
REPORTS = CHECKOUT / "build" / "spec" / "reports"
PYTHON = sys.executable
COUNTED: tuple[State, ...] = ("passed", "failed as known", "failed", "not offered", "not run")
OUTPUT_SHOWN = 6000


@dataclasses.dataclass(frozen=True)
class Peer:
    """``adapter`` is a command line, ``known`` the list of what the app is known to fail, ``only``
    more words for pytest.
    """

    adapter: Sequence[str]
    known: Path | None = None
    only: Sequence[str] = ()


PEERS = {
    # What one process alone can show needs a clock that is moved, or a look inside;
    # from outside it would not end.
    "refapp": Peer(
        [PYTHON, str(TESTS / "conformance" / "refapp_adapter.py")], only=["-m", "not inproc"]
    ),
    "recipe": Peer(
        [PYTHON, str(TESTS / "naive" / "adapter.py")], TESTS / "naive" / "known_failures.txt"
    ),
    "keyring": Peer(
        [PYTHON, str(TESTS / "peers" / "keyring_adapter.py")], TESTS / "peers" / "keyring_known.txt"
    ),
    "electron": Peer(
        ["node", str(TESTS / "peers" / "electron" / "adapter.mjs")],
        TESTS / "peers" / "electron" / "known.txt",
    ),
}


@dataclasses.dataclass(frozen=True)
class Ran:
    """``report`` is None if the run wrote none.
    Seconds: on the clock, and of all processes' CPU.
    """

    name: str
    green: bool
    output: str
    wall_s: float
    cpu_s: float
    report: Report | None


def run(name: str, peer: Peer, features: str = "features") -> Ran:
    """The specification against one of them."""
    report = REPORTS / f"{name}.json"
    REPORTS.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    listed = [] if peer.known is None else ["--expected-failures", str(peer.known)]
    command = [
        PYTHON,
        "-m",
        "pytest",
        features,
        "--sut",
        " ".join(peer.adapter),
        "--report",
        str(report),
        *listed,
        *peer.only,
    ]
    began, cpu = time.monotonic(), _cpu_s()
    done = subprocess.run(
        [*command, "-q", "-rfE", "--tb=short", "-p", "no:cacheprovider"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    wall, spent = time.monotonic() - began, _cpu_s() - cpu
    found = verdicts.read(report) if report.exists() else None
    return Ran(name, done.returncode == 0, done.stdout + done.stderr, wall, spent, found)


def _cpu_s() -> float:
    """Of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table(runs: Iterable[Ran]) -> str:
    """What came of it, in Markdown: how many rules of each level are in which state."""
    lines = [
        "| implementation | "
        + " | ".join(f"{level}: {', '.join(COUNTED)}" for level in LEVELS)
        + " | wall, CPU |"
    ]
    lines.append("| --- " * (len(LEVELS) + 2) + "|")
    for one in runs:
        if one.report is None:
            lines.append(
                f"| {one.name} | "
                + "no report | " * len(LEVELS)
                + f"{one.wall_s:.0f} s, {one.cpu_s:.0f} s |"
            )
            continue
        sums = [verdicts.tally(one.report.rules.values(), level) for level in LEVELS]
        cells = [", ".join(str(found[state]) for state in COUNTED) for found in sums]
        lines.append(
            f"| {one.report.implementation} | {' | '.join(cells)} | {one.wall_s:.0f} s, "
            f"{one.cpu_s:.0f} s |"
        )
    return "\n".join(lines)


def main(words: Sequence[str]) -> int:
    """Run those that are named, or all; the exit code."""
    unknown = [name for name in words if name not in PEERS]
    if unknown:
        sys.stderr.write(f"no peer is called {unknown[0]!r}; there are: {', '.join(PEERS)}\n")
        return 2
    runs = []
    for name in words or PEERS:
        sys.stderr.write(f"{name}: the specification runs against it\n")
        runs.append(run(name, PEERS[name]))
        if not runs[-1].green:
            sys.stderr.write(f"{runs[-1].output[-OUTPUT_SHOWN:]}\n{name}: not as its list says\n")
    sys.stdout.write(f"{table(runs)}\n")
    if any(one.report is None for one in runs):
        return 2
    reports = [
        str(REPORTS / f"{name}.json") for name in PEERS if (REPORTS / f"{name}.json").exists()
    ]
    site = [PYTHON, "-m", "steps.site", "--reports", *reports]
    built = subprocess.run(site, cwd=CHECKOUT, check=False, env=os.environ).returncode
    return 0 if built != 2 and all(one.green for one in runs) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
