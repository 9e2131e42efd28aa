"""The driver: makes every attempt as a control and from inside, and prints what became of it.

A locked victim is started as the app starts its window, and nothing is tried before the parent's
own check found it locked; after every attempt it is checked again. One that the kernel ended is
replaced.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from refapp.attack import wording
from refapp.attack.attempt import MARK, Attempt
from refapp.attack.bait import Bait
from refapp.attack.catalogue import ALL
from refapp.trusted.errors import WindowRefused
from refapp.trusted.start.display import Display
from refapp.trusted.start.spawn import Child, environment, spawn
from refapp.trusted.window import confinement

_BYSTANDER = Path(__file__).parent / "bystander.py"
_VICTIM = Path(__file__).parent / "victim.py"
_TIME_LIMIT_S = 30.0

Verdict = Literal["stopped", "not proved", "SUCCEEDED", "BROKEN"]


class AttackResult(NamedTuple):
    """One line of the table. ``control`` and ``detail`` are for people."""

    id: str
    attempt: Attempt
    verdict: Verdict
    control: str
    detail: str


class Outcome(NamedTuple):
    """What a victim said of one attempt, or what was seen of its end."""

    kind: Literal["worked", "refused", "broken", "killed"]
    detail: str


def run(report: Callable[[str], None], display: Mapping[str, str] | None = None) -> int:
    """Make every attempt and report the table line by line;
    1 if one succeeded or proved nothing by its own fault, else 0.

    ``display``: DISPLAY and XAUTHORITY of a screen for the victims to open a Tk window on;
    None runs them without. Linux only. Raises WindowRefused if this system can't lock a window.
    """
    report(f"{'attempt':32} {'control':10} {'outcome':11} what it tried, and how it ended")
    counts: dict[Verdict, int] = {"stopped": 0, "not proved": 0, "SUCCEEDED": 0, "BROKEN": 0}
    for result in results(display or {}):
        counts[result.verdict] += 1
        control = "works" if result.control == "works" else "no"
        why = (
            result.detail
            if result.verdict != "not proved"
            else wording.with_control(result.detail, result.control)
        )
        report(
            f"{result.id:32} {control:10} {result.verdict:11} {result.attempt.tries} "
            f"[{result.attempt.how}]: {why}"
        )
    report(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    return 1 if counts["SUCCEEDED"] or counts["BROKEN"] else 0


def results(
    display: Mapping[str, str], only: Callable[[str], bool] = lambda _id: True
) -> Iterator[AttackResult]:
    """Every attempt whose id ``only`` takes,
    in the order of the catalogue, each when it is over.
    """
    chosen = {name: attempt for name, attempt in ALL.items() if only(name)}
    with (
        Bait() as bait,
        _Bystander(display) as stranger,
        _Victim(bait, "free", display, stranger) as control,
        _Victim(bait, "locked", display, stranger) as window,
    ):
        for name, attempt in chosen.items():
            free = control.outcome(name)
            bait.wake()
            judged = _judge(name, attempt, free, window.outcome(name))
            bait.wake()
            yield judged


def _judge(name: str, attempt: Attempt, control: Outcome, inside: Outcome) -> AttackResult:
    works = "works" if control.kind == "worked" else control.detail or control.kind
    if inside.kind == "worked":
        verdict: Verdict = "SUCCEEDED"
    elif inside.kind == "broken" or control.kind == "broken":
        verdict = "BROKEN"
    else:
        verdict = "stopped" if control.kind == "worked" else "not proved"
    return AttackResult(name, attempt, verdict, works, inside.detail)


class _Bystander:
    """Another program on the display, if there is one.
    ``window`` is its window's number, ``work`` has the person work there.
    """

    def __init__(self, display: Mapping[str, str]) -> None:
        self._env = {**environment({}, "/"), **display}
        self._process: subprocess.Popen[bytes] | None = None
        self.window = 0

    def __enter__(self) -> _Bystander:
        if "DISPLAY" in self._env:
            command = [sys.executable, "-I", "-S", str(_BYSTANDER), MARK.decode()]
            self._process = subprocess.Popen(
                command, env=self._env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            assert self._process.stdout
            self.window = int(self._process.stdout.readline() or 0)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()

    def work(self) -> None:
        if self._process:
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(b"work\n")
            self._process.stdin.flush()
            self._process.stdout.readline()


class _Victim:
    """A process to attack from, started when it is needed and again when it has ended."""

    def __init__(
        self,
        bait: Bait,
        mode: Literal["free", "locked"],
        display: Mapping[str, str],
        stranger: _Bystander,
    ) -> None:
        self._mode = mode
        self._stranger = stranger
        target = json.dumps(bait.target | {"stranger": stranger.window})
        self._command = [sys.executable, "-I", "-S", str(_VICTIM), target, mode]
        self._env = {**environment({}, "/"), **display}
        self._gate = (
            Display(self._env, tempfile.gettempdir()) if mode == "locked" and display else None
        )
        self._child: Child | None = None
        self._said, self._caught = b"", ""

    def __enter__(self) -> _Victim:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child:
            self._end()
        if self._gate:
            self._gate.close()

    def outcome(self, name: str) -> Outcome:
        """Have the attempt made. A victim that ends or hangs over it is reaped here."""
        child = self._child or self._start()
        self._stranger.work()
        os.write(child.stdin, name.encode() + b"\n")
        line = self._line(child)
        if self._caught:
            os.kill(child.pid, signal.SIGKILL)
            self._end()
            return Outcome("killed", f"the display's gate ended it ({self._caught})")
        if line is None:
            os.kill(child.pid, signal.SIGKILL)
            self._end()
            return Outcome("broken", "it hung")
        if not line:
            return self._ended()
        kind, detail = json.loads(line)
        if self._mode == "locked":
            confinement.verify(child.pid)
        return Outcome(kind, detail)

    def _start(self) -> Child:
        self._said, self._caught = b"", ""
        if self._gate:
            self._gate.admit()
        self._child = spawn(self._command, self._gate.env if self._gate else self._env)
        if self._gate:
            self._gate.admitted(self._child.pid)
        if self._line(self._child) != b"ready":
            os.kill(self._child.pid, signal.SIGKILL)
            said = os.read(self._child.stderr, 65536).decode(errors="replace").strip()
            self._end()
            raise WindowRefused(
                wording.not_started(said.splitlines()[-1] if said else "it said nothing")
            )
        if self._mode == "locked":
            confinement.verify(self._child.pid)
        return self._child

    def _line(self, child: Child) -> bytes | None:
        """The next line; empty if the pipe is closed, None if nothing came in time."""
        while b"\n" not in self._said:
            reports = [self._gate.reports] if self._gate else []
            ready = select.select([child.stdout, *reports], [], [], _TIME_LIMIT_S)[0]
            if not ready:
                return None
            if self._gate and self._gate.reports in ready:
                word, said = self._gate.report()
                if word == "forbidden":
                    self._caught = said
                    return b""
                if child.stdout not in ready:
                    continue
            piece = os.read(child.stdout, 65536)
            if not piece:
                return b""
            self._said += piece
        line, _, self._said = self._said.partition(b"\n")
        return line

    def _ended(self) -> Outcome:
        code = self._end()
        if code == -signal.SIGSYS:
            return Outcome("killed", "the kernel ended the process (SIGSYS)")
        return Outcome("broken", f"the process ended with {code}")

    def _end(self) -> int:
        child = self._child
        assert child
        self._child = None
        for descriptor in (child.stdin, child.stdout, child.stderr):
            os.close(descriptor)
        return os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
