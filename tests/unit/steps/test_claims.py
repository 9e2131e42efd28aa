"""The list of claims is whole: each sentence for readers that names a test has its edit, and each
fits. Its runner can miss.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from pytest_bdd.scenario import make_python_name

from steps import claims
from steps.gherkin import specification

ROOT = Path(__file__).parents[3]
CLAIMS = claims.read()


@pytest.mark.parametrize("claim", CLAIMS, ids=[one.test for one in CLAIMS])
def test_every_edit_fits_the_source_and_is_python(claim: claims.Claim) -> None:
    assert claims.misfit(claim) == ""
    source = (ROOT / claim.file).read_text(encoding="utf-8")
    compile(source.replace(claim.old, claim.new), claim.file, "exec")
    place, _, chosen = claim.test.partition(" -k ")
    if place.endswith(".py"):
        assert re.search(rf"def test_\w*{chosen}", (ROOT / place).read_text(encoding="utf-8"))
    elif place.startswith("features/"):
        scenarios = specification.read(ROOT / place.split()[0]).scenarios
        # A row's words stand in the name of its run.
        names = [f"test_{make_python_name(one.name)}{one.examples}" for one in scenarios]
        assert [name for name in names if chosen in name]


def test_every_promise_that_a_test_shows_is_tried() -> None:
    security = (ROOT / ".github" / "SECURITY.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.*`tests/.+) \|$", security, re.MULTILINE)
    tried = {one.says for one in CLAIMS if one.document == ".github/SECURITY.md"}
    assert len(rows) >= 19
    assert [says for says, _ in rows if not any(says.startswith(one) for one in tried)] == []


def test_a_test_that_does_not_notice_is_a_miss() -> None:
    [claim] = [one for one in CLAIMS if one.file == "refapp/demo_server/state/answers.py"]
    harmless = dataclasses.replace(claim, new=claim.old + "  # the same")
    assert "did not fail" in claims.tried(harmless)
    assert claims.tried(claim) == ""


def test_a_test_that_is_not_there_is_a_miss() -> None:
    [claim] = [one for one in CLAIMS if one.file == "refapp/demo_server/state/answers.py"]
    assert "no such test" in claims.tried(
        dataclasses.replace(claim, test="tests/unit/no_such_test.py")
    )


def test_a_name_that_no_claim_has_is_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["claims", "no_such_test"])
    with pytest.raises(SystemExit) as ended:
        claims.main()
    assert ended.value.code == 2
    assert "no claim names a test with no_such_test in its name" in capsys.readouterr().err
