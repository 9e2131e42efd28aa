"""What does not depend on the machine's speed or load: instructions, system calls, requests to the
display, modules that are loaded. These rows may be taken on a busy machine.

Owns how a piece of work is counted: an arm does it ``few`` times and ``many`` times in processes of
its own, under a program that counts all that they do; the difference, divided, is one piece without
the start. Both ends of the channel count; the server, the keychain and the display do not.
Instructions are counted by valgrind (a processor's own counters are not to be had on a virtual
one), and are those of the processes alone, without the kernel's.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from refapp.tour.desktop import PrivateDesktop
from refapp.tour.secret_service import PrivateSecretService
from tests.benchmarks.desk import Desk, desk, processes, tree
from tests.benchmarks.one_arm import arm
from tests.benchmarks.rows import Row, interleaved
from tests.benchmarks.signed_in_app import canned_server

LIMIT_S = 1200.0
SETTLED_S = 3.0
LATER = 20
"""Under valgrind a client is so many times slower; so the storm's answers are as many times later,
or the first would be there before the last request has left."""


@dataclasses.dataclass(frozen=True, slots=True)
class Counter:
    """``program`` writes into ``{out}``, a folder; ``found`` takes the number from each file."""

    unit: str
    program: Sequence[str]
    found: str
    later: int = 1

    def count(self, module: str, words: Sequence[object], env: Mapping[str, str]) -> int:
        """Of an arm and all that it starts."""
        with tempfile.TemporaryDirectory(prefix="refapp-counts-") as out:
            under = [word.format(out=out) for word in self.program]
            same = {**env, "PYTHONHASHSEED": "0"}
            arm(same, module, *words, under=under, limit_s=LIMIT_S)
            said = [path.read_text() for path in Path(out).iterdir()]
        numbers = [re.search(self.found, text, re.M) for text in said]
        if not said or None in numbers:
            raise RuntimeError(f"{self.program[0]} did not get to its end: {said}")
        return sum(int(number[1].replace(",", "")) for number in numbers if number)


INSTRUCTIONS = Counter(
    "instructions",
    ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--trace-children=yes",
     "--cachegrind-out-file=/dev/null", "--log-file={out}/%p"),
    r"I +refs: +([\d,]+)",
    LATER,
)  # fmt: skip
CALLS = Counter(
    "system calls",
    ("strace", "-f", "-c", "-o", "{out}/all"),
    r"^100\.00 +[\d.]+ +\d+ +(\d+) .*total$",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Work:
    """One piece of it, by us and by the baseline: the words of the arm, without how often.
    ``goals``: for instructions and for system calls, as ratios to the baseline's. How often a pipe
    of 64 KiB has to be read for a million bytes is the scheduler's matter: there is none for that.
    """

    name: str
    module: str
    ours: Sequence[object]
    baseline: str
    base: Sequence[object]
    few: int
    many: int
    goals: tuple[float, float | None]

    def row(self, counter: Counter, env: Mapping[str, str], rounds: int) -> Row:
        """The row of the table."""
        if shutil.which(counter.program[0]) is None:
            return Row(self.name, "", not_here=f"{counter.program[0]} is not installed")

        def one(words: Sequence[object]) -> float:
            words = [word(counter) if callable(word) else word for word in words]
            least, most = (
                counter.count(self.module, [*words, times], env) for times in (self.few, self.many)
            )
            return (most - least) / (self.many - self.few)

        found = interleaved(
            rounds, {"ours": lambda: one(self.ours), "base": lambda: one(self.base)}
        )
        goal = self.goals[counter is CALLS]
        name = f"{self.name}: {counter.unit}"
        return Row(name, "", found["ours"], self.baseline, found["base"], goal)


def http(origin: str, ours: str = "ours") -> Work:
    """An authenticated GET; ``ours`` is the arm that is the app's."""
    words, base = (ours, origin), ("bare", origin)
    return Work("authenticated GET", "http_arm", words, "httpx's own", base, 5, 105, (1.2, 1.2))


def measure(*, quick: bool, out: Path) -> list[Row]:
    """The rows, counted before timed."""
    rows: list[Row] = []
    rounds = 1 if quick else 2

    def add(work: Work, env: Mapping[str, str] = os.environ) -> None:
        rows.extend(work.row(counter, env, rounds) for counter in (INSTRUCTIONS, CALLS))

    with PrivateDesktop() as desktop:
        for name, up, down, few, many, goals in (
            ("100 B", 100, 100, 100, 300, (4.5, 1.9)),
            ("10 KB", 10_000, 10_000, 100, 200, (19.0, 1.9)),
            ("1 MB down", 100, 1_000_000, 10, 60, (120.0, None)),
        ):
            ours, base = ("unlocked", up, down), ("raw", up, down)
            what = f"round trip {name}"
            add(Work(what, "channel_arm", ours, "pipe + Tk", base, few, many, goals), desktop.env)
    with canned_server() as origin:
        add(http(origin))
        delays = (lambda counter: 25 * counter.later, lambda counter: 20 * counter.later)
        ours, base = ((which, origin, 100, 0, *delays) for which in ("ours", "floor"))
        what, floor = "storm of 100 401s", "1 refresh + 100 GETs"
        add(Work(what, "storm_arm", ours, floor, base, 1, 3, (1.2, 1.4)))
    with PrivateSecretService() as keychain, tempfile.TemporaryDirectory(dir=out) as folder:
        env = keychain.environment(os.environ)
        arm(env, "storage_arm", "save", folder, 1)  # the key is made once, and not counted
        for what, which, baseline, other, goals in (
            ("load a pair, cold", "cold", "keyring per token", "keyring-load", (0.7, 3.5)),
            ("save a pair", "save", "the same bytes to the disk", "disk", (9.0, 9.0)),
        ):
            ours, base = (which, folder), (other, folder)
            add(Work(what, "storage_arm", ours, baseline, base, 2, 12, goals), env)
    with desk() as place:
        return rows + start(place)


def start(place: Desk) -> list[Row]:
    """A start up to the signed-in window: what it asks of the display, counted in the gate, and the
    modules that each process reads from the disk, which those built into Python are not.
    """
    with place.started("--log-level", "debug") as process:
        process.terminate()
        assert process.stderr is not None
        log = process.stderr.read()
    [(requests, round_trips)] = re.findall(rb"display's gate: gone 0 (\d+) (\d+)", log)
    rows = [
        Row("start: requests to the display", "", [float(requests)], goal=5000),
        Row("start: waits for the display's answer", "", [float(round_trips)], goal=200),
    ]
    if shutil.which("strace") is None:
        return [*rows, Row("start: modules", "", not_here="strace is not installed")]
    with tempfile.TemporaryDirectory(prefix="refapp-counts-") as out:
        under = ("strace", "-ff", "-e", "trace=openat", "-o", f"{out}/opened")
        with place.started(under=under) as process:
            pids = processes(tree(process.pid)[1])
            _settled(Path(out))
            read = {path: len(re.findall(r"\.pyc\", .* = \d", path.read_text()))
                    for path in Path(out).iterdir()}  # fmt: skip
    # One file a thread: those of the parent's are all that are left.
    window, gate = (
        float(sum(read.pop(Path(out, f"opened.{pid}")) for pid in pids[name]))
        for name in ("window", "gate")
    )
    return [
        *rows,
        Row("start: modules of the parent", "", [float(sum(read.values()))], goal=600),
        Row("start: modules of the window", "", [window], goal=120),
        Row("start: modules of the display's gate", "", [gate], goal=12),
    ]


def _settled(out: Path) -> None:
    """Nothing more is opened."""
    before = -1
    while (now := sum(path.stat().st_size for path in out.iterdir())) != before:
        before = now
        time.sleep(SETTLED_S)
