"""The list of expected failures is neither longer nor shorter than the truth: whatever differs
turns the run red.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

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
