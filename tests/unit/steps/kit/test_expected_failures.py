"""The list of expected failures is neither longer nor shorter than the truth: whatever differs
turns the run red.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from steps.kit import expected
from steps.kit.adapter import Adapter

pytest_plugins = ["pytester"]

OUTCOMES = """
    import pytest

    def test_passes(): pass
    def test_fails(): assert False
    def test_is_not_offered(): pytest.skip("not offered by the app under test: wings")
"""
NAME = "test_{}"


def run(pytester: pytest.Pytester, *listed: str) -> pytest.RunResult:
    names = {NAME.format(one): "known" for one in listed}
    pytester.makeconftest(
        f"""
        from steps.kit.expected import Conformance

        def pytest_configure(config):
            config.pluginmanager.register(Conformance({names}), "conformance")
        """
    )
    pytester.makepyfile(test_it=textwrap.dedent(OUTCOMES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        return pytester.runpytest_inprocess()


def test_what_is_listed_and_fails_is_no_failure_of_the_run(pytester: pytest.Pytester) -> None:
    result = run(pytester, "fails")
    result.assert_outcomes(passed=1, xfailed=1, skipped=1)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["1 scenarios pass", "1 fail as expected", f"  {NAME.format('fails')}  # known"]
    )
    result.stdout.fnmatch_lines(
        ["1 could not be run", "*1 not offered by the app under test: wings"]
    )


def test_what_fails_and_is_not_listed_is_red_and_given_as_a_line_for_the_list(
    pytester: pytest.Pytester,
) -> None:
    result = run(pytester)
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines(
        ["1 fail; lines for the file of --expected-failures:", NAME.format("fails")]
    )


@pytest.mark.parametrize(
    ("listed", "came"), [("passes", "passed"), ("is_not_offered", "was not run")]
)
def test_what_is_listed_and_does_not_fail_is_red(
    pytester: pytest.Pytester, listed: str, came: str
) -> None:
    result = run(pytester, "fails", listed)
    assert result.parseoutcomes()["failed"] == 1
    result.stdout.fnmatch_lines([f"{NAME.format(listed)} is listed as a failure, and {came}"])


def test_a_line_that_names_no_scenario_stops_the_run(tmp_path: Path) -> None:
    listed = tmp_path / "failures"
    listed.write_text("services.feature: Ada dreams  # no such scenario\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "features/services.feature", "--sut", "false",
         "--expected-failures", str(listed)],
        cwd=Path(__file__).parents[4], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "services.feature: Ada dreams" in done.stderr


def test_a_list_without_an_app_stops_the_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "features/services.feature", "--expected-failures",
         str(tmp_path)],
        cwd=Path(__file__).parents[4], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "needs --sut" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# a comment\nrestor.feature: The very first start\n", ":2: no feature is called restor"),
        ("sometimes red\n", ":1: a line is FEATURE: SCENARIO"),
        (b"restore.feature: caf\xe9\n", ": is no UTF-8"),
    ],
)
def test_a_line_about_no_feature_stops_the_run(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    listed = tmp_path / "known.txt"
    listed.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(pytest.UsageError) as stopped:
        expected._listed(listed)
    assert f"{listed}{said}" in str(stopped.value)


def test_a_run_that_did_not_begin_counts_nothing(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest
        from steps.kit.expected import Conformance

        def pytest_configure(config):
            config.pluginmanager.register(Conformance({}), "conformance")

        def pytest_collection_finish():
            raise pytest.UsageError("the adapter ended before it answered hello")
        """
    )
    pytester.makepyfile(test_it=textwrap.dedent(OUTCOMES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        said = pytester.runpytest_inprocess().stdout.str()
    assert "no scenario was run" in said
    assert "0 scenarios pass" not in said


def test_what_is_no_answer_is_shown_as_the_adapter_wrote_it() -> None:
    program = "import sys; print('hällo' * 100, flush=True); sys.stdin.read()"
    adapter = Adapter(shlex.join([sys.executable, "-X", "utf8", "-c", program]))
    with pytest.raises(AssertionError) as said:
        adapter.greet(1)
    adapter.close()
    assert str(said.value).startswith("'hällohällo")
    assert "is no answer to hello: that is one JSON object on a line of its own" in str(said.value)
