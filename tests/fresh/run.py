"""``make fresh``: the README's two commands on minimal systems, from nothing, as root and as a user with sudo.

    make fresh                                        # Debian 12 and 13, every situation
    make fresh ARGS="trixie --only run"               # one system, without its tests
    make fresh ARGS="noble=http://archive.ubuntu.com/ubuntu"

In each situation `make run` has to bring the tour or the window, and `make test` to be green. A row for each: seconds,
megabytes on disk, what passed, failed and was skipped, and why. The logs and the table are in build/fresh. Needs root,
debootstrap and Xvfb.

Exit codes: 0 all was green, 1 something was not, 2 wrong arguments or no root.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import dataclasses
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.fresh.minimal_system import USER, MinimalSystem, SystemMissing

CHECKOUT = Path(__file__).parents[2]
SYSTEMS = ("bookworm", "trixie")
PATIENCE_S = 900
COUNTED = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")
SUMMARY = re.compile(r"^=*\s*(?:\d+ \w+,? ?)+ in [\d.]+s", re.MULTILINE)
SKIPPED = re.compile(r"^SKIPPED \[(\d+)\] \S+: (.*)$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Situation:
    """``name`` for people; ``display`` and ``bus``: what `make run` finds; ``test``: whether `make test` is run too."""

    name: str
    who: str
    display: bool
    bus: bool
    test: bool


SITUATIONS = (
    Situation("root, no display", "root", display=False, bus=False, test=True),
    Situation("user, no display", USER, display=False, bus=False, test=False),
    Situation("user, display, no bus", USER, display=True, bus=False, test=True),
    Situation("user, display, bus", USER, display=True, bus=True, test=False),
)


@dataclasses.dataclass
class Row:
    """What one command came to. ``went``: what was seen of it."""

    system: str
    situation: str
    command: str
    seconds: float
    megabytes: int
    went: str
    good: bool
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    skipped: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)


def main() -> int:
    """Run what the command line names; the exit code."""
    parser = argparse.ArgumentParser(prog="make fresh", description=__doc__.partition("\n")[0])
    parser.add_argument("systems", nargs="*", default=list(SYSTEMS), metavar="SUITE[=MIRROR]")
    parser.add_argument("--only", choices=("run", "test"), help="one of the two commands")
    parser.add_argument("--keep", action="store_true", help="leave the systems where they are, in build/fresh")
    options = parser.parse_args()
    lacking = [name for name in ("debootstrap", "Xvfb", "unshare", "setpriv") if shutil.which(name) is None]
    if os.geteuid() != 0 or lacking:
        sys.stderr.write(f"refapp: this needs root{' and ' + ', '.join(lacking) if lacking else ''}.\n")
        return 2
    out = CHECKOUT / "build/fresh"
    out.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    for system in options.systems:
        suite, _, mirror = system.partition("=")
        for situation in SITUATIONS:
            if options.only == "test" and not situation.test:
                continue
            made = MinimalSystem(suite, mirror, out / "root" / suite)
            try:
                rows += walk(made, suite, situation, out, options.only)
            except SystemMissing as error:
                rows.append(Row(suite, situation.name, "debootstrap", 0, 0, str(error), good=False))
            finally:
                if not options.keep:
                    made.delete()
    text = table(rows)
    (out / "table.txt").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0 if all(row.good for row in rows) else 1


def walk(made: MinimalSystem, suite: str, situation: Situation, out: Path, only: str | None) -> list[Row]:
    """Make the system and run the commands in it, one after the other. Raises SystemMissing."""
    named = re.sub(r"\W+", "-", f"{suite} {situation.name}")
    sys.stderr.write(f"refapp: {suite}, {situation.name}: making the system\n")
    made.make(out / f"{named}-debootstrap.log")
    made.clone(CHECKOUT, "root" if situation.who == "root" else f"home/{situation.who}")
    rows = []
    empty = made.megabytes()
    for command in ("run", "test"):
        if only not in (None, command) or (command == "test" and not situation.test):
            continue
        log = out / f"{named}-{command}.log"
        log.write_bytes(b"")
        sys.stderr.write(f"refapp: {suite}, {situation.name}: make {command}, see {log}\n")
        begun = time.monotonic()
        with display() if situation.display else contextlib.nullcontext({}) as env:
            row = _run(made, situation, env, log) if command == "run" else _test(made, situation, env, log)
        row.system, row.seconds, row.megabytes = suite, time.monotonic() - begun, made.megabytes() - empty
        rows.append(row)
    return rows


def _run(made: MinimalSystem, situation: Situation, env: dict[str, str], log: Path) -> Row:
    """`make run`: the tour walks its seven steps, or the window comes up and a keychain is behind it."""
    row = Row("", situation.name, "make run", 0, 0, "", good=False)
    make = ["make", "run", *(["ARGS=--trace /tmp/refapp-trace"] if situation.display else [])]
    if situation.bus:
        # The desktop's own bus, which is there before anything of refapp's is.
        made.run(
            "root",
            ["sh", "-c", "apt-get -q update && apt-get -q -y install --no-install-recommends dbus-daemon"],
            {},
            log,
        )
        make = ["dbus-run-session", "--", *make]
    command = ["sh", "-c", 'cd ~/refapp && exec "$@"', "sh", *make]
    if not situation.display:
        code = made.run(situation.who, command, env, log)
        steps = log.read_text(encoding="utf-8").count("... ok (")
        row.went, row.good = f"the tour, {steps} steps of 7", code == 0 and steps == 7
        return row
    with log.open("ab") as said:
        running = subprocess.Popen(
            made.command(situation.who, command, env), stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    try:
        row.went, row.good = _window(made.root / "tmp/refapp-trace", running)
    finally:
        running.kill()
        running.wait()
    return row


def _window(trace: Path, running: subprocess.Popen[bytes]) -> tuple[str, bool]:
    """Wait for the window's first request and for what is said of the keychain."""
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up:
        if running.poll() is not None:
            return f"it ended with {running.returncode}", False
        said = trace.read_text(encoding="utf-8") if trace.exists() else ""
        if '"initialize"' in said and (state := re.findall(r'"storage":\{"state":"(\w+)"', said)):
            return f"the window; keychain: {state[-1]}", state[-1] in ("ready", "locked")
        time.sleep(0.5)
    return f"no window in {PATIENCE_S} s", False


def _test(made: MinimalSystem, situation: Situation, env: dict[str, str], log: Path) -> Row:
    code = made.run(situation.who, ["sh", "-c", "cd ~/refapp && make test"], env, log)
    said = log.read_text(encoding="utf-8", errors="replace")
    counts = collections.Counter[str]()
    for summary in SUMMARY.findall(said):
        for number, what in COUNTED.findall(summary):
            counts[what.rstrip("s") if what.startswith("error") else what] += int(number)
    skipped = collections.Counter[str]()
    for number, why in SKIPPED.findall(said):
        skipped[why] += int(number)
    return Row("", situation.name, "make test", 0, 0, f"exit {code}", code == 0, dict(counts), skipped)


@contextlib.contextmanager
def display() -> Iterator[dict[str, str]]:
    """A display that anybody on this computer may use while the block runs."""
    readable, writable = os.pipe()
    command = ["Xvfb", "-displayfd", str(writable), "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writable], stderr=subprocess.DEVNULL)
    os.close(writable)
    with os.fdopen(readable) as pipe:
        number = pipe.readline().strip()
    try:
        yield {"DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait()


def table(rows: list[Row]) -> str:
    """The rows for people, and below them why tests were skipped."""
    lines = [
        f"{'system':10} {'situation':24} {'command':11} {'s':>6} {'MB':>6} {'passed':>7} {'failed':>7} {'skipped':>8}  came to"
    ]
    for row in rows:
        failed = row.counts.get("failed", 0) + row.counts.get("error", 0)
        numbers = [row.counts.get("passed", 0), failed, row.counts.get("skipped", 0)] if row.counts else ["", "", ""]
        lines.append(
            f"{row.system:10} {row.situation:24} {row.command:11} {row.seconds:6.0f} {row.megabytes:6} "
            f"{numbers[0]:>7} {numbers[1]:>7} {numbers[2]:>8}  {row.went}{'' if row.good else '  RED'}"
        )
    for row in rows:
        lines += [f"    {row.system}, {row.situation}: {n} skipped: {why}" for why, n in sorted(row.skipped.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
