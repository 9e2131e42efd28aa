"""What other programs read of a run: Cucumber Messages, by its own schema and formatter, and JUnit
XML with the rules' ids.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from steps.gherkin import specification
from steps.site import cucumber_messages
from steps.site.record import Ran, Run, Taken, Why, text_hash

CHECKOUT = Path(__file__).parents[3]
CUCUMBER = CHECKOUT / "tests" / "cucumber"
PATHS = sorted((CHECKOUT / "features").glob("*.feature"))

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (CUCUMBER / "node_modules").is_dir(),
    reason="Cucumber's formatter needs Node and its packages: `make test` installs them",
)


def everything() -> list[Ran]:
    """A record in which all passed, but for one scenario."""
    found = []
    for path in PATHS:
        for scenario in specification.read(path).scenarios:
            for example in scenario.examples:
                steps = tuple(Taken(step.text, "passed") for step in example.steps)
                found.append(
                    Ran(path.name, scenario.name, example.row, (), text_hash(example.steps),
                        "passed", steps, ())
                )  # fmt: skip
    first = found[0]
    failed = (*first.steps[:-1], Taken(first.steps[-1].text, "failed"))
    found[0] = Ran(
        *first.key,
        (),
        first.text,
        "failed",
        failed,
        (),
        why=Why("It differs <b>", ("server: a",), ("server: b",)),
    )
    return found


@needs_node
def test_every_message_fits_cucumber_s_schema_and_its_formatter_shows_them(tmp_path: Path) -> None:
    found = cucumber_messages.messages(
        PATHS, Run("inproc", 1.5, "c0de", "Linux, Python 3.11"), everything()
    )
    (tmp_path / "run.ndjson").write_text(cucumber_messages.ndjson(found))
    command = [
        "node",
        str(CUCUMBER / "check.mjs"),
        str(tmp_path / "run.ndjson"),
        str(tmp_path / "run.html"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout[:2000] + done.stderr[:2000]
    assert done.stdout.endswith(" messages, 0 do not fit\n")
    assert "testRunFinished" in (tmp_path / "run.html").read_text()


@needs_node
def test_what_does_not_fit_is_said(tmp_path: Path) -> None:
    (tmp_path / "run.ndjson").write_text('{"testRunFinished": {"success": "yes"}}\n')
    command = [
        "node",
        str(CUCUMBER / "check.mjs"),
        str(tmp_path / "run.ndjson"),
        str(tmp_path / "run.html"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1


def test_each_step_has_its_outcome_and_a_failure_both_sides() -> None:
    ran = everything()
    found = list(cucumber_messages.messages(PATHS, Run("inproc", 1.5, "c0de", "Linux"), ran))
    steps = [
        one["testStepFinished"]["testStepResult"] for one in found if "testStepFinished" in one
    ]
    assert len(steps) == sum(len(one.steps) for one in ran)
    assert [one["message"] for one in steps if one["status"] == "FAILED"] == [
        "It differs <b>\nexpected: server: a\nactual: server: b"
    ]
    assert found[-1]["testRunFinished"]["success"] is False
    meta = json.loads(cucumber_messages.ndjson(iter(found[:1])))["meta"]
    assert meta["protocolVersion"]
    assert meta["implementation"]["version"] == "c0de"
    assert "c0de" not in str(meta["cpu"])


def test_a_scenario_that_did_not_run_is_no_test_case() -> None:
    found = list(
        cucumber_messages.messages(PATHS, Run("inproc", 1.5, "c0de", "Linux"), everything()[:3])
    )
    assert sum("testCase" in one for one in found) == 3
    assert sum("pickle" in one for one in found) > 300


def test_junit_xml_has_the_rules_of_each_scenario(tmp_path: Path) -> None:
    out = tmp_path / "junit.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "features/window.feature",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--junitxml={out}",
    ]
    subprocess.run(command, cwd=CHECKOUT, capture_output=True, timeout=100, check=True)
    cases = ElementTree.parse(out).getroot().findall(".//testcase")
    assert cases
    for case in cases:
        assert [one.get("name") for one in case.findall("./properties/property")] == ["rule"]
