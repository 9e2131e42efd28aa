"""What can't be read or run is said in its own words, with its place, and is no result: a file that
is no Gherkin, a record that another version wrote, a run that did not come about.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import msgspec
import pytest

from steps.gherkin import specification
from steps.site import __main__ as command, needed, record
from steps.site.record import Ran, Run
from steps.site.run_record import where_it_ran

pytest_plugins = ["pytester"]

FEATURE = "Feature: f\n  Scenario: It opens\n    Given a\n    When b\n    Then c\n"
TORN = FEATURE + "      | x | y |\n      | 1 |\n"
RAN = Ran("a.feature", "It opens", (), (), "", "passed", (), ())
PLUGINS = (
    "pytest_bdd.plugin",
    "steps.gherkin.collector",
    "steps.gherkin.enforce",
    "steps.site.run_record",
)
STEPS = """
import pytest
from pytest_bdd import given, then, when

def pytest_addoption(parser):
    parser.addoption("--server", default="embedded")

@pytest.fixture(params=["inproc"])
def driver_name(request): return request.param

@given("a")
def _(driver_name): pass

@when("b")
def _(): pass

@then("c")
def _(): pass
"""


def run(pytester: pytest.Pytester, text: str) -> pytest.RunResult:
    (pytester.path / "features").mkdir(exist_ok=True)
    (pytester.path / "features" / "a.feature").write_text(text)
    pytester.makeconftest(
        STEPS
        + "\ndef pytest_generate_tests(metafunc):"
        + '\n    metafunc.fixturenames.append("driver_name")'
        + '\n    metafunc.parametrize("driver_name", ["inproc"])'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        return pytester.runpytest_inprocess(
            *(part for name in PLUGINS for part in ("-p", name)), "--record", "features"
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TORN.encode(), "a.feature:7: inconsistent cell count within the table"),
        (b"Feature: \xff\n", "a.feature: is no UTF-8"),
    ],
)
def test_a_file_that_is_no_gherkin_is_named_with_the_line(
    tmp_path: Path, text: bytes, said: str
) -> None:
    path = tmp_path / "a.feature"
    path.write_bytes(text)
    with pytest.raises(specification.NotGherkin, match=said):
        specification.read(path)


def test_a_run_says_that_without_lines_of_python(pytester: pytest.Pytester) -> None:
    result = run(pytester, TORN)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    said = result.stdout.str()
    assert "a.feature:7: inconsistent cell count within the table" in said
    assert "in read" not in said
    assert "specification.py" not in said


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "a.feature").write_text(FEATURE)
    monkeypatch.setattr(command, "CHECKOUT", tmp_path)
    return tmp_path


def test_the_site_says_it_too(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "features" / "a.feature").write_text(TORN)
    assert command.main(["--run", "--out", str(checkout / "site")]) == 2
    assert "a.feature:7: inconsistent cell count" in capsys.readouterr().err


@pytest.mark.parametrize(("code", "ran"), [(0, True), (1, True), (2, False), (4, False)])
def test_a_run_that_did_not_come_about_is_no_result(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, code: int, ran: bool
) -> None:
    monkeypatch.setattr(needed, "ended", lambda _command, _folder: code)
    if ran:
        assert needed.run(checkout, checkout / "records")
    else:
        with pytest.raises(needed.NotRun, match=f"pytest ended with {code}"):
            needed.run(checkout, checkout / "records")


def test_a_record_that_can_t_be_read_is_made_anew(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / "inproc.ndjson").write_text('{"type":"run","of":"another version"}\n')
    monkeypatch.setattr(needed, "ended", lambda _command, _folder: 0)
    assert needed.run(checkout, checkout)


def test_a_run_puts_its_record_in_place_of_one_that_can_t_be_read(
    pytester: pytest.Pytester,
) -> None:
    path = pytester.path / "build" / "spec" / "inproc.ndjson"
    path.parent.mkdir(parents=True)
    path.write_text('{"type":"run","of":"another version"}\n')
    result = run(pytester, FEATURE)
    assert result.ret == pytest.ExitCode.OK
    found = record.read(path)
    assert found is not None
    assert [one.name for one in found[1]] == ["It opens"]
    assert f"{path} is no record of a run, or of another version. It was replaced." in (
        result.stdout.str()
    )


def test_a_record_holds_what_is_no_unicode(tmp_path: Path) -> None:
    odd = msgspec.structs.replace(RAN, name="a \udcff")
    record.write(tmp_path / "a.ndjson", Run("inproc", 0.0, "c", "Linux"), [odd])
    found = record.read(tmp_path / "a.ndjson")
    assert found is not None
    assert found[1][0].name == "a \\udcff"


def test_a_folder_without_a_record_is_not_compared_with(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--against", str(checkout), "--out", str(checkout / "site")]) == 2
    assert f"{checkout} holds no record of a run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "text"),
    [("a.feature", FEATURE + FEATURE.partition("\n")[2]), ("b.feature", "Feature: g\n")],
)
def test_what_a_run_would_refuse_is_run_though_each_example_has_a_result(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, file: str, text: str
) -> None:
    """Two examples of one name have one result between them; no example needs none."""
    monkeypatch.setattr(record, "code_hash", lambda _: "now")
    monkeypatch.setattr(needed, "ended", lambda _command, _folder: 4)
    [scenario] = specification.read(checkout / "features" / "a.feature").scenarios
    steps = record.text_hash(scenario.examples[0].steps)
    ran = msgspec.structs.replace(RAN, text=steps, code="now")
    record.write(checkout / "inproc.ndjson", Run("inproc", 0.0, "now", "Linux"), [ran])
    assert not needed.run(checkout, checkout)
    (checkout / "features" / file).write_text(text)
    with pytest.raises(needed.NotRun):
        needed.run(checkout, checkout)


def test_two_runs_that_end_at_once_keep_each_other_s_results(pytester: pytest.Pytester) -> None:
    folder = pytester.path / "build" / "spec"
    folder.mkdir(parents=True)
    other, on = msgspec.structs.replace(RAN, name="Of the other run"), where_it_ran()
    began = threading.Event()

    def other_run() -> None:
        with record.alone(folder):
            began.set()
            time.sleep(1)
            record.write(folder / "inproc.ndjson", Run("inproc", 0.0, "c", on), [other])

    thread = threading.Thread(target=other_run)
    thread.start()
    began.wait()
    result = run(pytester, FEATURE)
    thread.join()
    assert result.ret == pytest.ExitCode.OK
    found = record.read(folder / "inproc.ndjson")
    assert found is not None
    assert [one.name for one in found[1]] == ["Of the other run", "It opens"]


def test_what_another_system_ran_is_replaced_and_that_is_said(pytester: pytest.Pytester) -> None:
    path = pytester.path / "build" / "spec" / "inproc.ndjson"
    other = msgspec.structs.replace(RAN, name="Of another system")
    record.write(path, Run("inproc", 0.0, "c", "Plan 9, Python 2"), [other])
    said = run(pytester, FEATURE).stdout.str()
    found = record.read(path)
    assert found is not None
    assert [one.name for one in found[1]] == ["It opens"]
    assert f"{path} was of Plan 9, Python 2, and not of {where_it_ran()}. It was replaced." in said


def test_a_run_that_ran_nothing_leaves_nothing(pytester: pytest.Pytester) -> None:
    run(pytester, TORN)
    assert not (pytester.path / "build").exists()


def test_a_run_that_is_interrupted_may_write_down_what_it_has(tmp_path: Path) -> None:
    """Ctrl-C reaches both. The run's end takes longer than the quarter of a second that
    ``subprocess.run`` leaves it.
    """
    run_of_all = """
        import pathlib, time
        try:
            pathlib.Path("began").touch()
            time.sleep(60)
        except KeyboardInterrupt:
            time.sleep(1)
            pathlib.Path("record").touch()
            raise SystemExit(2)
    """
    program = """
        import sys
        from pathlib import Path
        from steps.site import needed
        sys.exit(needed.ended([sys.executable, "run.py"], Path()))
    """
    for name, text in {"run.py": run_of_all, "program.py": program}.items():
        (tmp_path / name).write_text(textwrap.dedent(text))
    path = os.pathsep.join([str(Path(__file__).parents[4]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    asked = subprocess.Popen([sys.executable, "program.py"], cwd=tmp_path, env=environment)
    while not (tmp_path / "began").exists():
        time.sleep(0.01)
    children = Path(f"/proc/{asked.pid}/task/{asked.pid}/children").read_text().split()
    for one in (*map(int, children), asked.pid):
        os.kill(one, signal.SIGINT)
    assert asked.wait(10) == 2
    assert (tmp_path / "record").exists()
