"""``make fresh``: the README's two commands on minimal systems, from nothing, as root and as a user
with sudo; and a wheel.

    make fresh                                        # Debian 12 and 13, every situation
    make fresh ARGS="trixie --only run"               # one system, without its tests
    make fresh ARGS="noble=MIRROR"

In each situation `make run` has to bring the tour or the window, and `make test` to be green; then
doctor has nothing to complain of but the missing display. Where the app comes from a wheel by pipx,
doctor's own cures have to be all that is left to do. A row for each: seconds, megabytes on disk,
what passed, failed and was skipped, and why. The logs and the table are in build/fresh. Needs root,
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
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.fresh.minimal_system import USER, MinimalSystem, SystemMissing

CHECKOUT = Path(__file__).parents[2]
SYSTEMS = ("bookworm", "trixie")
PATIENCE_S = 900
COUNTED = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")
SUMMARY = re.compile(r"^=*\s*(?:\d+ \w+,? ?)+ in [\d.]+s", re.MULTILINE)
TRACE = "/tmp/refapp-trace"
STATE = re.compile(r'"storage":\{"state":"(\w+)"')
# Doctor's: a row that failed, a cure that is a command to install something, and the last line.
FAILED = re.compile(r"^FAILED +(\w+)", re.MULTILINE)
CURE = re.compile(r"-> (sudo apt-get install [a-z0-9 -]+?)(?:,|$)", re.MULTILINE)
ENDED = re.compile(r"^\d+ ok\b", re.MULTILINE)
SKIPPED = re.compile(r"^SKIPPED \[(\d+)\] \S+: (.*)$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Situation:
    """``name`` for people; ``display`` and ``bus``: what the commands find there;
    ``commands``: which are run, in this order.
    """

    name: str
    who: str
    display: bool
    bus: bool
    commands: tuple[str, ...]


SITUATIONS = (
    Situation("root, no display", "root", display=False, bus=False, commands=("run", "test")),
    Situation("user, no display", USER, display=False, bus=False, commands=("run",)),
    Situation("user, display, no bus", USER, display=True, bus=False, commands=("run", "test")),
    Situation("user, display, bus", USER, display=True, bus=True, commands=("run",)),
    Situation("user, display, wheel", USER, display=True, bus=False, commands=("pipx",)),
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
    parser.add_argument("--only", choices=("run", "test", "pipx"), help="one of the commands")
    parser.add_argument(
        "--keep", action="store_true", help="leave the systems where they are, in build/fresh"
    )
    options = parser.parse_args()
    lacking = [
        name for name in ("debootstrap", "Xvfb", "unshare", "setpriv") if shutil.which(name) is None
    ]
    if os.geteuid() != 0 or lacking:
        sys.stderr.write(
            f"refapp: this needs root{' and ' + ', '.join(lacking) if lacking else ''}.\n"
        )
        return 2
    out = CHECKOUT / "build/fresh"
    out.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    for system in options.systems:
        suite, _, mirror = system.partition("=")
        new = MinimalSystem(suite, mirror, out / "root" / suite)
        sys.stderr.write(f"refapp: {suite}: making the system\n")
        try:
            new.make(out / f"{suite}-debootstrap.log")
            for number, situation in enumerate(SITUATIONS):
                commands = [
                    command for command in situation.commands if options.only in (None, command)
                ]
                if not commands:
                    continue
                made = new.copy(out / "root" / f"{suite}-{number}")
                try:
                    rows += walk(made, suite, situation, out, commands)
                finally:
                    if not options.keep:
                        made.delete()
        except SystemMissing as error:
            rows.append(Row(suite, "", "debootstrap", 0, 0, str(error), good=False))
        finally:
            new.delete()
    text = table(rows)
    (out / "table.txt").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0 if all(row.good for row in rows) else 1


def walk(
    made: MinimalSystem, suite: str, situation: Situation, out: Path, commands: Sequence[str]
) -> list[Row]:
    """Run the commands in the system, one after the other."""
    named = re.sub(r"\W+", "-", f"{suite} {situation.name}")
    made.clone(CHECKOUT, "root" if situation.who == "root" else f"home/{situation.who}")
    rows = []
    empty = made.megabytes()
    does = {"run": _run, "test": _test, "pipx": _pipx}
    for command in commands:
        log = out / f"{named}-{command}.log"
        log.write_bytes(b"")
        sys.stderr.write(f"refapp: {suite}, {situation.name}: {command}, see {log}\n")
        begun = time.monotonic()
        with display() if situation.display else contextlib.nullcontext({}) as env:
            row = does[command](made, situation, env, log)
        row.system, row.seconds, row.megabytes = (
            suite,
            time.monotonic() - begun,
            made.megabytes() - empty,
        )
        rows.append(row)
    return rows


def _run(made: MinimalSystem, situation: Situation, env: dict[str, str], log: Path) -> Row:
    """`make run`: the tour walks its seven steps,
    or the window comes up and a keychain is behind it.
    """
    row = Row("", situation.name, "make run", 0, 0, "", good=False)
    bus = ["dbus-run-session", "--"] if situation.bus else []
    if bus:
        # The desktop's own bus, which is there before anything of refapp's is.
        made.run(
            "root",
            shell("apt-get -q update && apt-get -q -y install --no-install-recommends dbus-daemon"),
            {},
            log,
        )
    if not situation.display:
        code = made.run(situation.who, shell("cd ~/refapp && exec make run"), env, log)
        steps = log.read_text(encoding="utf-8").count("... ok (")
        row.went, row.good = f"the tour, {steps} steps of 7", code == 0 and steps == 7
    else:
        started = [*bus, *shell(f"cd ~/refapp && exec make run ARGS='--trace {TRACE}'")]
        row.went, row.good = _window(made, situation.who, started, env, log)
    complaints = _doctor(
        made, situation.who, [*bus, *shell("cd ~/refapp && exec make doctor")], env, log
    )
    if complaints != ([] if situation.display else ["Display"]):
        row.went, row.good = f"{row.went}; doctor: {', '.join(complaints)} failed", False
    return row


def _pipx(made: MinimalSystem, situation: Situation, env: dict[str, str], log: Path) -> Row:
    """A wheel with pipx, and no checkout.
    What doctor names as a cure is done, once; then the window has a keychain.
    """
    row = Row("", situation.name, "pipx", 0, 0, "", good=False)
    checkout, wheels = made.root / f"home/{USER}/refapp", made.root / "tmp/wheels"
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(wheels),
        str(checkout),
    ]
    with log.open("ab") as said:
        subprocess.run(build, stdout=said, stderr=said, check=True)
    shutil.rmtree(checkout)
    [wheel] = wheels.iterdir()
    made.run(
        "root",
        shell("apt-get -q update && apt-get -q -y install --no-install-recommends pipx"),
        {},
        log,
    )
    if (
        made.run(situation.who, ["pipx", "install", f"/tmp/wheels/{wheel.name}[demo]"], env, log)
        != 0
    ):
        row.went = "pipx could not install it"
        return row
    doctor = shell("exec ~/.local/bin/refapp doctor")
    complaints = _doctor(made, situation.who, doctor, env, log)
    cures = CURE.findall(log.read_text(encoding="utf-8"))
    for cure in cures:
        made.run(situation.who, shell(f"{cure} -y"), {}, log)
    left = _doctor(made, situation.who, doctor, env, log)
    went, good = _window(
        made, situation.who, shell(f"exec ~/.local/bin/refapp --trace {TRACE}"), env, log
    )
    named = ", ".join(complaints) or "nothing"
    row.went = (
        f"doctor: {named} failed, {len(cures)} cures, then {', '.join(left) or 'nothing'}; {went}"
    )
    row.good = good and not left
    return row


def shell(script: str) -> list[str]:
    """The command line that runs it."""
    return ["sh", "-c", script]


def _doctor(
    made: MinimalSystem, who: str, command: list[str], env: dict[str, str], log: Path
) -> list[str]:
    """What doctor says has failed there. Its words are added to ``log``, and nothing else is."""
    before = log.stat().st_size
    made.run(who, command, {**env, "COLUMNS": "250"}, log)
    said = log.read_bytes()[before:].decode(errors="replace")
    return FAILED.findall(said) if ENDED.search(said) else ["doctor itself"]


def _window(
    made: MinimalSystem, who: str, command: list[str], env: dict[str, str], log: Path
) -> tuple[str, bool]:
    """Wait for the window's first request and for what is said of the keychain; then it is
    ended.
    """
    with log.open("ab") as said:
        running = subprocess.Popen(
            made.command(who, command, env), stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    trace = made.root / TRACE.lstrip("/")
    give_up = time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < give_up:
            if running.poll() is not None:
                return f"it ended with {running.returncode}", False
            lines = trace.read_text(encoding="utf-8") if trace.exists() else ""
            if '"initialize"' in lines and (state := STATE.findall(lines)):
                return f"the window; keychain: {state[-1]}", state[-1] in ("ready", "locked")
            time.sleep(0.5)
        return f"no window in {PATIENCE_S} s", False
    finally:
        running.kill()
        running.wait()


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
    return Row(
        "", situation.name, "make test", 0, 0, f"exit {code}", code == 0, dict(counts), skipped
    )


@contextlib.contextmanager
def display() -> Iterator[dict[str, str]]:
    """A display that anybody on this computer may use while the block runs."""
    readable, writable = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writable),
        "-screen",
        "0",
        "1280x900x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
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
        (
            f"{'system':10} {'situation':24} {'command':11} {'s':>6} {'MB':>6} {'passed':>7} "
            f"{'failed':>7} {'skipped':>8}  came to"
        )
    ]
    for row in rows:
        failed = row.counts.get("failed", 0) + row.counts.get("error", 0)
        numbers = (
            [row.counts.get("passed", 0), failed, row.counts.get("skipped", 0)]
            if row.counts
            else ["", "", ""]
        )
        lines.append(
            f"{row.system:10} {row.situation:24} {row.command:11} {row.seconds:6.0f} "
            f"{row.megabytes:6} {numbers[0]:>7} {numbers[1]:>7} {numbers[2]:>8}  "
            f"{row.went}{'' if row.good else '  RED'}"
        )
    for row in rows:
        lines += [
            f"    {row.system}, {row.situation}: {n} skipped: {why}"
            for why, n in sorted(row.skipped.items())
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
