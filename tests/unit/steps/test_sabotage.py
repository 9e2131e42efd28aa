"""The list of sabotage is whole: every rule is broken, every edit still fits the source.
Its runner finds what it must.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from steps import claims, sabotage
from steps.gherkin import specification

ROOT = Path(__file__).parents[3]
FEATURES = [specification.read(path) for path in sorted((ROOT / "features").glob("*.feature"))]
EDITS = sabotage.read()
BREAKING = [edit for edit in EDITS if edit.red]

UNFIT = """
[[breaks]]
rule = "stays green"
file = "refapp/trusted/keys/master_key.py"
old = "secrets.token_hex(8)"
new = "secrets.token_hex(12)"
red = ["The very first start"]

[[breaks]]
rule = "Given"
file = "refapp/trusted/storage/session_values.py"
old = "beside = msgspec.structs.asdict(session)"
new = "raise StorageError; beside = msgspec.structs.asdict(session)"
red = ["Ada syncs after a coffee"]

[[breaks]]
rule = "set-up"
file = "refapp/trusted/window/gate.py"
old = "PENDING_LIMIT = 32"
new = "PENDING_LIMIT = no_such_name"
red = ["The very first start"]

[[breaks]]
rule = "nonsense"
file = "refapp/trusted/shell/session_work.py"
old = "if session is None:"
new = "if no_such_name:"
red = ["The very first start"]

[[breaks]]
rule = "skipped"
file = "refapp/trusted/window/gate.py"
old = "PENDING_LIMIT = 32"
new = "PENDING_LIMIT = 1"
red = ["The window is locked in before it learns anything"]

[[breaks]]
rule = "unknown"
file = "refapp/trusted/window/gate.py"
old = "PENDING_LIMIT = 32"
new = "PENDING_LIMIT = 1"
red = ["There is no such scenario"]

[[breaks]]
rule = "misfit"
file = "refapp/trusted/window/gate.py"
old = "this stands nowhere"
new = ""
red = ["The very first start"]

[[breaks]]
rule = "not imported"
file = "refapp/tour/page.py"
old = "from __future__ import annotations"
new = ""
red = ["The very first start"]

[[harmless]]
says = "not harmless"
file = "refapp/trusted/window/gate.py"
old = "PENDING_LIMIT = 32"
new = "PENDING_LIMIT = no_such_name"
"""


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "steps.sabotage", *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.parametrize(
    "edit", EDITS, ids=[f"{number}-{edit.about}" for number, edit in enumerate(EDITS)]
)
def test_every_edit_fits_the_source_and_is_python(edit: sabotage.Edit) -> None:
    compile(edit.edited(), edit.file, "exec")


def test_every_scenario_that_must_notice_is_there() -> None:
    there = {
        name
        for text in FEATURES
        for scenario in text.scenarios
        for name in (scenario.name, *(example.name for example in scenario.examples))
    }
    assert {name for edit in BREAKING for name in edit.red} - there == set()


def test_every_rule_with_a_scenario_is_broken_where_one_of_its_own_scenarios_must_notice() -> None:
    noticed = {
        (edit.about, tag)
        for edit in BREAKING
        for text in FEATURES
        for scenario in text.scenarios
        if scenario.rule
        and {scenario.name, *(example.name for example in scenario.examples)} & set(edit.red)
        for tag in scenario.rule.tags
    }
    said = {claim.says for claim in claims.read()}
    noticed |= {
        (tag, tag)
        for text in FEATURES
        for rule in text.rules
        if rule.name in said  # what a window on a screen alone can keep
        for tag in rule.tags
    }
    rules = {tag for text in FEATURES for rule in text.rules for tag in rule.tags}
    assert {rule for rule in rules if (rule, rule) not in noticed} == set()


def test_every_edit_is_about_a_rule() -> None:
    rules = tomllib.loads((ROOT / "features" / "rules.toml").read_text())
    assert {edit.about for edit in BREAKING} <= rules.keys()


def test_some_edits_must_change_nothing() -> None:
    assert len(EDITS) - len(BREAKING) >= 3


def test_an_edit_that_breaks_a_rule_turns_its_scenario_red() -> None:
    done = run("SS-3")
    assert done.returncode == 0, done.stdout
    assert "red" in done.stdout


def test_whatever_does_not_come_as_it_must_is_a_miss(tmp_path: Path) -> None:
    edits = tmp_path / "unfit.toml"
    edits.write_text(UNFIT)
    done = run("--edits", str(edits))
    assert done.returncode == 1
    for complaint in (
        "stayed green: test_the_very_first_start",
        "failed in a Given already: test_ada_syncs_after_a_coffee",
        "failed in a When already: test_the_very_first_start",
        "a mistake in the program: NameError",
        "was skipped: test_the_window_is_locked_in_before_it_learns_anything",
        "there is no scenario 'There is no such scenario'",
        "has this 0 times, not once",
        "nothing imports refapp/tour/page.py",
        "turned red: test_",
    ):
        assert complaint in done.stdout, done.stdout
    assert not [
        line for line in done.stdout.splitlines() if line.split()[:1] in (["red"], ["green"])
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no toml", "can't be read"),
        ('[[breaks]]\nrule = "RF-2"\n', "an edit has no 'file'"),
        ("x = 1\n", "holds no edit"),
        (None, "No such file or directory"),
    ],
)
def test_a_file_that_holds_no_edits_is_said_and_is_no_success(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str | None,
    said: str,
) -> None:
    path = tmp_path / "edits.toml"
    if text is not None:
        path.write_text(text)
    monkeypatch.setattr("sys.argv", ["sabotage", "--edits", str(path)])
    with pytest.raises(SystemExit) as ended:
        sabotage.main()
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert f"error: {path}" in error
    assert said in error
