"""Does the specification notice?
``python -m steps.sabotage`` breaks each rule in turn and demands that named scenarios turn red.

The edits are data: ``tests/sabotage.toml``. The features are collected once; each edit gets a fork
of that process, in which an import hook serves the edited source, so nothing on the disk is
touched. A named scenario must fail in its call phase, in a Then: a world that can't be set up says
nothing about the rule. Nor does an app that ends because the edit is nonsense. Harmless edits must
leave every in-process scenario green: a suite that is red whatever one does would pass otherwise.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import json
import os
import signal
import sys
import tempfile
import tomllib
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _pytest.runner import runtestprotocol

if TYPE_CHECKING:
    from pytest_bdd import parser

ROOT = Path(__file__).parent.parent
EDITS = ROOT / "tests" / "sabotage.toml"
HANGS_AFTER_S = 180  # of each scenario: a harmless edit is tried by all of them
AT_ONCE = len(os.sched_getaffinity(0))
ENOUGH = 5
"""Complaints about one edit; what comes after them tells nothing new."""
FOREIGN = (
    "cryptography.hazmat.primitives.ciphers.aead",
    "httpx",
    "keyring",
    "msgspec",
    "platformdirs",
)
"""What every fork would import anew.
Not the app itself: its modules have to come through the hook.
"""
QUIET = (
    "-W",
    "ignore:Module already imported so cannot be rewritten:pytest.PytestAssertRewriteWarning",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Edit:
    """``old`` becomes ``new`` in ``file``.
    ``red``: the scenarios, or single examples, that must fail; empty: nothing may.

    ``about`` is the id of the rule that is broken, or says what a harmless edit changes.
    """

    about: str
    file: str
    old: str
    new: str
    red: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The name under which the file is imported."""
        return self.file.removesuffix(".py").replace("/", ".")

    def edited(self) -> str:
        """The file's text with the edit in it.

        Raises:
            ValueError: the old text is not there, or more than once.
        """
        text = (ROOT / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(
                f"{self.about}: {self.file} has this {text.count(self.old)} times, not "
                f"once: {self.old}"
            )
        return text.replace(self.old, self.new)


def read(path: Path = EDITS) -> list[Edit]:
    """All edits, those that break a rule first."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    breaking = [
        Edit(one["rule"], one["file"], one["old"], one["new"], tuple(one["red"]))
        for one in found.get("breaks", [])
    ]
    return breaking + [
        Edit(one["says"], one["file"], one["old"], one["new"]) for one in found.get("harmless", [])
    ]


class Served(importlib.machinery.SourceFileLoader):
    """Finds and loads one module, from the edited text. ``asked``: somebody has imported it."""

    def __init__(self, edit: Edit) -> None:
        super().__init__(edit.module, str(ROOT / edit.file))
        self._text = edit.edited()
        self.asked = False

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The edited module's spec; of any other module nothing."""
        return (
            importlib.util.spec_from_file_location(name, self.path, loader=self)
            if name == self.name
            else None
        )

    def get_code(self, fullname: str) -> types.CodeType:
        """The edited text, compiled; byte code that lies on the disk is not looked at."""
        self.asked = True
        return compile(self._text, str(self.path), "exec", dont_inherit=True)


class Sabotage:
    """The pytest plugin that runs ``edits`` in place of the tests.
    ``misses`` is what did not come as it must.
    """

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._step = ""
        self.misses: list[str] = []

    def pytest_bdd_before_step(self, step: parser.Step) -> None:
        """Remember how far the scenario has come."""
        self._step = step.type

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run each edit in a fork."""
        assert not any(name.split(".")[0] == "refapp" for name in sys.modules), (
            "the app was imported at collection"
        )
        for name in FOREIGN:
            importlib.import_module(name)
        named = _by_name(session)
        running: collections.deque[tuple[Edit, Fork]] = collections.deque()
        for edit in self._edits:
            if len(running) == AT_ONCE:
                first, fork = running.popleft()
                self._came(first, fork.heard())
            running.append((edit, Fork(functools.partial(self._try, edit, session, named))))
        for edit, fork in running:
            self._came(edit, fork.heard())
        return True

    def _came(self, edit: Edit, wrong: list[str]) -> None:
        mark = "MISS" if wrong else ("red" if edit.red else "green")
        print(f"{mark:>5}  {edit.about:<6}  {edit.file}")  # noqa: T201
        for line in wrong:
            print(f"       {line}")  # noqa: T201
        self.misses += wrong

    def _try(
        self, edit: Edit, session: pytest.Session, named: dict[str, list[pytest.Function]]
    ) -> list[str]:
        if unknown := [name for name in edit.red if name not in named]:
            return [f"{edit.about}: there is no scenario {name!r}" for name in unknown]
        served = Served(edit)
        sys.meta_path.insert(0, served)
        every = [item for item in session.items if isinstance(item, pytest.Function)]
        items = [item for name in edit.red for item in named[name]] or every
        came = (self._complaint(item, must_fail=bool(edit.red)) for item in items)
        wrong = list(itertools.islice(filter(None, came), ENOUGH))
        return wrong if served.asked else [*wrong, f"{edit.about}: nothing imports {edit.file}"]

    def _complaint(self, item: pytest.Function, *, must_fail: bool) -> str:
        """What is wrong with the way in which this scenario came out, if anything."""
        self._step = ""
        signal.alarm(HANGS_AFTER_S)
        reports = runtestprotocol(item, log=False, nextitem=None)
        failed = [report.when for report in reports if report.failed]
        if not must_fail:
            return f"turned red: {item.name}" if failed else ""
        if any(report.skipped for report in reports):
            return f"was skipped: {item.name}"
        if "call" not in failed:
            return (
                f"stayed green: {item.name}"
                if not failed
                else f"failed in its {failed[0]}: {item.name}"
            )
        return (
            "" if self._step == "then" else f"failed in a {self._step.title()} already: {item.name}"
        )


def _by_name(session: pytest.Session) -> dict[str, list[pytest.Function]]:
    """The tests of each scenario, by its name as written and by the name of each example."""
    # Not before pytest has started: it rewrites the assertions of what it loads itself.
    from steps.gherkin.collector import COLLECTED, identity

    rows = {
        (scenario.name, example.row): {scenario.name, example.name}
        for file in session.config.stash[COLLECTED]
        for scenario in file.text.scenarios
        for example in scenario.examples
    }
    named: dict[str, list[pytest.Function]] = collections.defaultdict(list)
    for item in session.items:
        if isinstance(item, pytest.Function):
            for name in rows[identity(item)]:
                named[name].append(item)
    return named


class Fork:
    """``work`` in a process of its own."""

    def __init__(self, work: Callable[[], list[str]]) -> None:
        self._out, into = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.close(self._out)
            signal.alarm(HANGS_AFTER_S)
            with tempfile.TemporaryFile() as words:
                os.dup2(words.fileno(), 1)
                os.dup2(words.fileno(), 2)
            try:
                said = json.dumps(work() + _crashes())
            except BaseException as error:  # noqa: BLE001 - the top of this process; the parent reports it
                said = json.dumps([f"the run itself failed: {error!r}"])
            with os.fdopen(into, "w") as pipe:
                pipe.write(said)
            os._exit(0)
        os.close(into)

    def heard(self) -> list[str]:
        """What it returned, once it has; one complaint if it did not come to its end."""
        with os.fdopen(self._out) as pipe:
            said = pipe.read()
        os.waitpid(self._child, 0)
        silent = f"no word came, within the {HANGS_AFTER_S} s that a scenario has or at its end"
        found: list[str] = json.loads(said) if said else [silent]
        return found


def _crashes() -> list[str]:
    """What the app itself has written about mistakes in its program: an edit that breaks the app
    breaks no rule.
    """
    sys.stderr.flush()
    words = os.pread(2, 1 << 20, 0).decode(errors="replace")
    return [line for line in words.splitlines() if "a mistake in the program" in line]


def main() -> int:
    """0 if every edit came out as it must."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.sabotage", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "rules",
        nargs="*",
        metavar="RULE",
        help="only what breaks these; all edits, if none is named",
    )
    parser.add_argument("--edits", type=Path, default=EDITS, help="the file that holds them")
    chosen = parser.parse_args()
    try:
        every = read(chosen.edits)
    except (OSError, ValueError) as error:
        parser.error(f"{chosen.edits} can't be read: {error}")
    except KeyError as error:
        parser.error(f"{chosen.edits}: an edit has no {error}")
    if not every:
        parser.error(f"{chosen.edits} holds no edit")
    edits = [edit for edit in every if edit.about in chosen.rules or not chosen.rules]
    if missing := set(chosen.rules) - {edit.about for edit in edits}:
        parser.error(f"no edit is about {', '.join(sorted(missing))}")
    plugin = Sabotage(edits)
    words = [str(ROOT / "features"), "--driver=inproc", "-s", "-qq", "--no-summary"]
    code = pytest.main([*words, f"--rootdir={ROOT}", *QUIET], plugins=[plugin])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print("\nThe run itself failed; no edit was judged.")  # noqa: T201
        return 1
    print(f"\n{len(edits)} edits, {len(plugin.misses)} misses")  # noqa: T201
    return int(bool(plugin.misses))


if __name__ == "__main__":
    sys.exit(main())
