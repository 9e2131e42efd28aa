"""The kit's own command:
``refapp-conformance`` where it is installed, ``python -m steps.kit`` in a checkout.

Owns what a person types; the run itself is pytest's, with the plugins of ``steps`` and no others.
It reads no settings of the project that it is started in, so that a run is the same everywhere, and
leaves nothing there but the report.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from steps.kit.capabilities import CAPABILITIES
from steps.kit.hello import PROTOCOL
from steps.kit.verdicts import levels_in

KIT = Path(__file__).parent
TOP = KIT.parents[1]
"""Where ``features`` and ``steps`` lie."""
TO_PRINT = {
    "guide": KIT / "README.md",
    "python": KIT / "examples" / "minimal.py",
    "node": KIT / "examples" / "minimal.mjs",
    "workflow": KIT / "examples" / "conformance.yml",
    "meanings": TOP / "features" / "meanings.toml",
    "capabilities": None,
}
"""What can be printed -> the file that it is, if it is one."""
ALONE = (
    f"-c {os.devnull} --noconftest --disable-plugin-autoload"
    " -p no:cacheprovider -p pytest_bdd.plugin -p steps"
    " -W ignore::pytest.PytestAssertRewriteWarning --strict-markers --no-header -rN --matrix"
    " -o verbosity_assertions=2"
).split()
"""With --matrix, what repeats the core with other servers says that it is not offered."""
ABOUT = """\
Runs refapp's specification of signing in against your app. COMMAND starts your adapter: a program
that reads one JSON object a line, does to your app what that says, and answers with one."""
MORE = """\
begin:
  refapp-conformance --print guide                        read this
  refapp-conformance --print python > adapter.py          an adapter to copy, with a tiny app in it
  refapp-conformance restore -k the_very_first_start --sut 'python adapter.py'
then:
  refapp-conformance sign_in restore sign_out --sut 'python adapter.py'
  refapp-conformance --sut 'python adapter.py' --expected-failures known.txt --report app.json

exit codes:
  0  whatever is offered passes, or fails as expected
  1  a scenario fails that is not listed, or one that is listed does not
  2  wrong arguments, or interrupted
  3  the kit itself failed
  4  an adapter or a list of failures that can't be worked with: it says why
  5  no scenario was chosen"""


def main(words: Sequence[str]) -> int:
    """Do what ``words`` say; the exit code."""
    parser = _parser()
    chosen = parser.parse_args(words)
    if chosen.print:
        file = TO_PRINT[chosen.print]
        has = "".join(f"{name}: {what}\n" for name, what in CAPABILITIES.items())
        sys.stdout.write(file.read_text(encoding="utf-8") if file else has)
        return 0
    if not chosen.sut:
        parser.error(
            "Which app? --sut 'COMMAND' starts its adapter; --print guide says what that is."
        )
    features = {path.stem: path for path in sorted((TOP / "features").glob("*.feature"))}
    names = [Path(name).name.removesuffix(".feature") for name in chosen.features] or list(features)
    if unknown := [name for name in names if name not in features]:
        parser.error(f"No feature is called {unknown[0]!r}; there are: {', '.join(features)}.")
    if chosen.rule and chosen.rule not in levels_in(TOP / "features" / "rules.toml"):
        parser.error(f"No rule is called {chosen.rule!r}; features/rules.toml has them all.")
    sys.stdout.write(f"{_version()}; the features are in {TOP / 'features'}\n")
    sys.stdout.flush()
    # Of this process alone: they are meant for the tests of the project that it runs in.
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ.pop("PYTEST_PLUGINS", None)
    given = {
        "-k": _both(chosen.k),
        "-m": chosen.rule,
        "--expected-failures": chosen.expected_failures,
        "--report": chosen.report,
    }
    options = [
        word for name, value in given.items() if value is not None for word in (name, str(value))
    ]
    run = ("--rootdir", str(TOP), "--sut", chosen.sut, "--tb", chosen.tb)
    code = int(pytest.main([*ALONE, *run, *options, *(str(features[name]) for name in names)]))
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        of = f" of {chosen.rule}" if chosen.rule else ""
        words_of = f" with {chosen.k!r} in its name" if chosen.k else ""
        sys.stderr.write(f"{parser.prog}: there is no scenario{of}{words_of} in these features.\n")
    return code


def _both(words: str | None) -> str | None:
    """Words side by side are all meant."""
    plain = words is not None and not re.search(r"[()]|\b(and|or|not)\b", words)
    return " and ".join(words.split()) if words and plain else words


def _version() -> str:
    from refapp import __version__

    return f"refapp-conformance {__version__}, version {PROTOCOL} of the protocol"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="refapp-conformance",
        description=ABOUT,
        epilog=MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "features",
        nargs="*",
        metavar="FEATURE",
        help="which features, by name; all, if none is named",
    )
    parser.add_argument(
        "--sut", metavar="COMMAND", help="the system under test: what starts your adapter"
    )
    parser.add_argument(
        "-k", metavar="WORDS", help="only scenarios whose names have these words: 'first start'"
    )
    parser.add_argument(
        "--rule", metavar="ID", help="only the scenarios of this rule, such as RF-2"
    )
    parser.add_argument(
        "--expected-failures",
        type=Path,
        metavar="FILE",
        help="what your app is known to fail, a scenario a line, and why",
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="write what came of each rule and scenario, as JSON",
    )
    parser.add_argument(
        "--tb",
        choices=("no", "line", "short", "long"),
        default="short",
        help="how much to show of a failure",
    )
    parser.add_argument(
        "--print",
        choices=TO_PRINT,
        help="the guide, an adapter to copy, a workflow for GitHub Actions, or a list that an "
        "adapter chooses from",
    )
    parser.add_argument(
        "--version", action="version", version=_version(), help="of the kit, and of its protocol"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
