"""What `make fresh` makes of the output of a run: the numbers of all parts of it together, and why
tests were skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from refapp.doctor import findings
from refapp.doctor.probes import NOTHING_SEEN
from refapp.trusted.keys.keychain import StorageState
from tests.fresh import run
from tests.fresh.minimal_system import USER, MinimalSystem

OUTPUT = """All checks passed!
=========================== short test summary info ============================
SKIPPED [24] .venv/lib/python3.13/pytest_bdd/scenario.py:303: runs under --driver=desktop alone
SKIPPED [2] tests/boundary/test_sandbox.py:427: an ordinary user has no capability to keep
4000 passed, 26 skipped in 812.34s (0:13:32)
FAILED tests/unit/test_x.py::test_y - 3 passed, 1 failed in a quoted line
SKIPPED [3] tests/contracts/test_z.py:1: runs under --driver=desktop alone
1 failed, 158 passed, 3 skipped, 2 errors in 301.00s (0:05:01)
"""


class Done(MinimalSystem):
    """Whatever is run in it says ``OUTPUT`` and fails."""

    def run(self, who: str, command: object, env: object, log: Path) -> int:
        assert who == USER
        log.write_text(OUTPUT)
        return 2


@pytest.fixture
def row(tmp_path: Path) -> run.Row:
    [situation] = [one for one in run.SITUATIONS if "test" in one.commands and one.who == USER]
    return run._test(Done("trixie", "", tmp_path), situation, {}, tmp_path / "log")


def test_the_parts_of_a_run_are_added_up(row: run.Row) -> None:
    assert row.counts == {"passed": 4158, "failed": 1, "skipped": 29, "error": 2}
    assert not row.good


def test_the_table_says_what_was_red_and_why_tests_were_skipped(row: run.Row) -> None:
    row.system = "trixie"
    lines = run.table([row]).splitlines()
    assert "4158       3       29  exit 2  RED" in lines[1]
    assert [line.partition("bus: ")[2] for line in lines[2:]] == [
        "2 skipped: an ordinary user has no capability to keep",
        "27 skipped: runs under --driver=desktop alone",
    ]


def test_each_kind_of_desktop_is_tried() -> None:
    assert {(one.who == "root", one.display, one.bus) for one in run.SITUATIONS} == {
        (True, False, False), (False, False, False), (False, True, False), (False, True, True),
    }  # fmt: skip
    assert {one.who for one in run.SITUATIONS if "test" in one.commands} == {"root", USER}


def test_doctor_s_cures_are_read_as_commands() -> None:
    said = findings.table(
        [
            findings.keychain(
                StorageState("unavailable"), bus=False, lacking=["dbus-daemon", "gnome-keyring"]
            ),
            findings.versions((3, 13, 5), NOTHING_SEEN)[1],
        ],
        250,
    )
    assert run.FAILED.findall(said) == ["Keychain", "Tk"]
    assert run.ENDED.search(said)
    assert run.CURE.findall(said) == [
        "sudo apt-get install dbus-daemon gnome-keyring",
        "sudo apt-get install python3-tk",
    ]
