"""The adapters that steps/kit/README.md gives to be copied: what they have passes, and what they
lack is said, or not offered.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from steps.kit import verdicts

CHECKOUT = Path(__file__).parents[2]
EXAMPLES = CHECKOUT / "steps" / "kit" / "examples"
LIMIT_S = 110
FIRST = "features/restore.feature"
PASSES = (
    "The very first start",
    "Ada signs in for the first time on this computer",
    "Ada mistypes her password",
)


def run(adapter: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--sut",
        adapter,
        "--tb=short",
        "-p",
        "no:cacheprovider",
        "-q",
        *words,
    ]
    return subprocess.run(
        command, cwd=CHECKOUT, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )


@pytest.mark.parametrize(
    "command", [f"{sys.executable} {EXAMPLES / 'minimal.py'}", f"node {EXAMPLES / 'minimal.mjs'}"]
)
def test_the_minimal_adapter_passes_its_first_scenarios(command: str) -> None:
    if not shutil.which(command.split()[0]):
        pytest.skip("Node is not there")
    wanted = " or ".join(name.lower().replace(" ", "_") for name in PASSES)
    done = run(command, FIRST, "features/sign_in.feature", "-k", wanted)
    assert done.returncode == 0, done.stdout[-3000:]
    assert f"{len(PASSES)} scenarios pass" in done.stdout
    assert "under test: minimal" in done.stdout


def test_what_the_minimal_adapter_has_not_is_not_offered_and_named() -> None:
    done = run(f"{sys.executable} {EXAMPLES / 'minimal.py'}", FIRST, "-k", "never_flashes")
    assert done.returncode == 0, done.stdout[-3000:]
    assert "1 not offered by the app under test: a session that outlives the app" in done.stdout


def test_the_report_of_a_run_names_the_app_and_has_every_rule(tmp_path: Path) -> None:
    run(
        f"{sys.executable} {EXAMPLES / 'minimal.py'}", FIRST, "--report", str(tmp_path / "app.json")
    )
    report = verdicts.read(tmp_path / "app.json")
    assert (report.implementation, report.version, report.capabilities) == (
        "minimal",
        "1",
        ("memory", "password"),
    )
    assert report.rules.keys() == verdicts.levels_in(CHECKOUT / "features" / "rules.toml").keys()
    assert {rule: report.rules[rule].state for rule in ("RS-2", "RS-4", "SI-1")} == {
        "RS-2": "passed",
        "RS-4": "not offered",
        "SI-1": "not run",
    }


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            {"protocol": 99},
            "This kit speaks version 1 of its protocol; the adapter speaks version 99.",
        ),
        ({"offers": []}, "the adapter names no version"),
    ],
)
def test_an_adapter_of_another_version_stops_the_run_with_a_sentence(
    answer: object, says: str, tmp_path: Path
) -> None:
    other = tmp_path / "other.py"
    other.write_text(f"input()\nprint({json.dumps(answer)!r}, flush=True)\ninput()\n")
    done = run(f"{sys.executable} {other}", FIRST)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert says in done.stderr
    assert "steps/kit/README.md" in done.stderr
