"""The matrix of implementations:
who is in it, its table, and that a run which is not as its list says is red.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from steps.kit.capabilities import STORES
from steps.kit.verdicts import FORMAT, Report, Verdict
from tests.peers.__main__ import PEERS, Peer, Ran, main, run, table

MINIMAL = Path(__file__).parents[2] / "steps" / "kit" / "examples" / "minimal.py"
PASSES = "restore.feature: The very first start"


def report(**states: str) -> Report:
    rules = {
        name: Verdict("must" if name < "M" else "should", state, {})
        for name, state in states.items()
    }
    return Report(FORMAT, 1, "1", "an app", "2", (STORES[0],), "sha256:0", rules, {}, {})


def test_the_table_counts_rules_by_level_and_state() -> None:
    ran = Ran(
        "app",
        True,
        "",
        61.2,
        12.9,
        report(A="passed", B="passed", C="failed as known", N="not offered"),
    )
    assert table([ran]).splitlines()[2] == "| an app | 2, 1, 0, 0, 0 | 0, 0, 0, 1, 0 | 61 s, 13 s |"


def test_a_run_without_a_report_is_in_the_table_too() -> None:
    assert "| app | no report | no report |" in table([Ran("app", False, "", 1.0, 1.0, None)])


@pytest.mark.parametrize(("listed", "green"), [("", True), (f"{PASSES}  # not true", False)])
def test_a_run_is_green_if_all_is_as_its_list_says(
    listed: str, green: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.peers.__main__.REPORTS", tmp_path)
    known = tmp_path / "known.txt"
    known.write_text(listed)
    ran = run(
        "minimal",
        Peer([sys.executable, str(MINIMAL)], known, ["-k", "very_first_start"]),
        "features/restore.feature",
    )
    assert ran.green == green, ran.output
    assert ran.report is not None
    assert ran.report.rules["RS-2"].state == ("passed" if green else "failed")


def test_only_those_that_there_are_can_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["refapp", "nobody"]) == 2
    assert "no peer is called 'nobody'" in capsys.readouterr().err


@pytest.mark.parametrize("name", PEERS)
def test_each_has_its_adapter_and_a_reason_for_each_failure(name: str) -> None:
    peer = PEERS[name]
    assert Path(peer.adapter[-1]).is_file()
    if peer.known is not None:
        lines = [
            line
            for line in peer.known.read_text().splitlines()
            if line and not line.startswith("#")
        ]
        assert lines
        assert [line for line in lines if not line.partition("  # ")[2]] == []
