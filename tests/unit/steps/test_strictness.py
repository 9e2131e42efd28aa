"""Every way in which pytest-bdd passes a broken specification turns the run red here:
one inner run for each.
"""

from __future__ import annotations

import textwrap
from xml.etree import ElementTree

import pytest

pytest_plugins = ["pytester"]

STEPS = """
    from pytest_bdd import given, parsers, then, when

    @given("a")
    def _(): pass

    @given(parsers.parse("b {thing}"))
    def _(thing): pass

    @when("w")
    def _(): pass

    @then("t")
    def _(): pass
"""

SOUND = """
    Feature: f
      Background:
        Given a
      Rule: r
        Scenario: one
          Given b x
          * a
          When w
          Then t
        Scenario Outline: two <x>
          Given b <x>
          When w
          Then t
          Examples:
            | x |
            | 1 |
            | 2 |
"""


def run(
    pytester: pytest.Pytester, feature: str, steps: str = STEPS, *args: str
) -> pytest.RunResult:
    pytester.makeconftest(textwrap.dedent(steps))
    pytester.makeini(
        "[pytest]\naddopts = --strict-markers\nmarkers =\n    known: a tag\n    R-1: a rule\n"
    )
    folder = pytester.mkdir("features")
    (folder / "f.feature").write_text(textwrap.dedent(feature))
    return again(pytester, *(args or ("features",)))


def again(pytester: pytest.Pytester, *args: str) -> pytest.RunResult:
    plugins = [
        "pytest_bdd.plugin",
        "steps.gherkin.collector",
        "steps.gherkin.enforce",
        "steps.gherkin.report",
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        return pytester.runpytest_inprocess(
            *(part for name in plugins for part in ("-p", name)), *args
        )


def refused(pytester: pytest.Pytester, feature: str, complaint: str, steps: str = STEPS) -> None:
    result = run(pytester, feature, steps)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert complaint in result.stderr.str()


def test_a_sound_specification_passes(pytester: pytest.Pytester) -> None:
    run(pytester, SOUND).assert_outcomes(passed=3)


def test_a_feature_file_runs_by_its_path_and_a_scenario_by_its_name(
    pytester: pytest.Pytester,
) -> None:
    run(pytester, SOUND, STEPS, "features/f.feature::test_one").assert_outcomes(passed=1)


def test_an_async_step(pytester: pytest.Pytester) -> None:
    steps = STEPS.replace('@then("t")\n    def', '@then("t")\n    async def')
    refused(pytester, SOUND, "an async step is never awaited", steps)


def test_a_step_that_yields(pytester: pytest.Pytester) -> None:
    steps = STEPS.replace('@then("t")\n    def _(): pass', '@then("t")\n    def _(): yield')
    refused(pytester, SOUND, "a step that yields", steps)


def test_two_scenarios_of_one_name_under_different_rules(pytester: pytest.Pytester) -> None:
    feature = SOUND + "      Rule: s\n        Scenario: one\n          When w\n          Then t\n"
    refused(
        pytester,
        feature,
        "features/f.feature:20: the scenario name 'one' is taken by features/f.feature:6",
    )


def test_two_scenarios_of_one_name_in_different_features(pytester: pytest.Pytester) -> None:
    pytester.mkdir("more")
    (pytester.path / "more" / "g.feature").write_text(
        "Feature: g\n Scenario: one\n  When w\n  Then t\n"
    )
    result = run(pytester, SOUND, STEPS, "features", "more")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "the scenario name 'one' is taken by" in result.stderr.str()


@pytest.mark.parametrize("thing", ["x", "2"])
def test_two_examples_with_the_same_steps(pytester: pytest.Pytester, thing: str) -> None:
    also = "* a" if thing == "x" else ""
    again = (
        f"        Scenario: three\n          Given b {thing}\n          {also}\n          When "
        "w\n          Then t\n"
    )
    first = "features/f.feature:6" if thing == "x" else "features/f.feature:18"
    refused(pytester, SOUND + again, f"its steps are those of {first}")


@pytest.mark.parametrize("rows", ["", "Examples:", "Examples:\n            | x |"])
def test_an_outline_without_rows(pytester: pytest.Pytester, rows: str) -> None:
    head = SOUND.split("Examples:")[0]
    refused(pytester, head + rows + "\n", "features/f.feature:11: the outline has no rows")


def test_a_row_that_stands_twice(pytester: pytest.Pytester) -> None:
    refused(
        pytester,
        SOUND.replace("| 2 |", "| 1 |"),
        "features/f.feature:18: the row stands in the outline twice",
    )


def test_a_placeholder_that_is_no_column(pytester: pytest.Pytester) -> None:
    refused(pytester, SOUND.replace("b <x>", "b <y>"), "<y> is not a column")


def test_a_placeholder_in_a_plain_scenario(pytester: pytest.Pytester) -> None:
    refused(pytester, SOUND.replace("Given b x", "Given b <x>"), "<x> is not a column")


def test_a_column_that_nothing_uses(pytester: pytest.Pytester) -> None:
    feature = (
        SOUND.replace("| x |", "| x | y |")
        .replace("| 1 |", "| 1 | 3 |")
        .replace("| 2 |", "| 2 | 4 |")
    )
    refused(pytester, feature, "the column <y> is not used")


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("", "the scenario has no steps"),
        ("Given a\nWhen w", "the scenario has no Then"),
        ("Given a\nThen t", "the scenario has 0 When steps, not one"),
        ("When w\nAnd w\nThen t", "the scenario has 2 When steps, not one"),
        ("When w\nThen t\nGiven a", "a Given after a Then"),
        ("Then t\nWhen w", "a When after a Then"),
        ("When w\nGiven a\nThen t", "a Given after a When"),
    ],
)
def test_the_shape_of_a_scenario(pytester: pytest.Pytester, body: str, complaint: str) -> None:
    scenario = "\n" + textwrap.indent(f"Scenario: odd\n{textwrap.indent(body, '  ')}\n", " " * 8)
    refused(pytester, SOUND + scenario, complaint)


def test_a_feature_without_a_scenario(pytester: pytest.Pytester) -> None:
    refused(pytester, "Feature: f\n", "the feature has no scenario")


def test_a_scenario_that_became_no_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steps.gherkin.collector.scenarios", lambda _path: None)
    refused(pytester, SOUND, "features/f.feature:6: the scenario 'one' became no test")


def test_a_when_in_a_background(pytester: pytest.Pytester) -> None:
    refused(
        pytester,
        SOUND.replace("Background:\n        Given a", "Background:\n        When w"),
        "a When in a background",
    )


def test_a_long_background(pytester: pytest.Pytester) -> None:
    feature = SOUND.replace("Given a\n", "Given a\n        And a\n        And a\n        And a\n")
    refused(pytester, feature, "a background of 4 steps")


def test_an_unknown_tag(pytester: pytest.Pytester) -> None:
    result = run(pytester, SOUND.replace("Rule: r", "@unknown\n      Rule: r"))
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*features/f.feature:5: unknown tag @unknown"])


def test_a_known_tag_selects(pytester: pytest.Pytester) -> None:
    feature = SOUND.replace("Rule: r", "@R-1\n      Rule: r").replace(
        "Scenario: one", "@known\n        Scenario: one"
    )
    run(pytester, feature, STEPS, "features", "-m", "known").assert_outcomes(passed=1, deselected=2)
    again(pytester, "features", "-m", "R-1").assert_outcomes(passed=3)


def test_a_then_that_returns(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        SOUND,
        STEPS.replace('@then("t")\n    def _(): pass', '@then("t")\n    def _(): return False'),
    )
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["*is a Then and returned False*"])


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("a\n            | x |", "the table of 'a' is not taken"),
        ('a\n            """\n            x\n            """', "the docstring of 'a' is not taken"),
    ],
)
def test_what_a_step_says_and_its_definition_does_not_take(
    pytester: pytest.Pytester, given: str, complaint: str
) -> None:
    refused(pytester, SOUND.replace("Given b x", f"Given {given}"), complaint)


def test_an_argument_that_a_definition_does_not_take(pytester: pytest.Pytester) -> None:
    steps = STEPS.replace("def _(thing): pass", "def _(): pass")
    refused(pytester, SOUND, "the argument 'thing' of 'b x' is not taken", steps)


def test_two_definitions_that_match(pytester: pytest.Pytester) -> None:
    steps = STEPS + '\n    @given("b x")\n    def _(): pass\n'
    refused(pytester, SOUND, "2 definitions match 'b x'", steps)


def test_a_step_without_a_definition(pytester: pytest.Pytester) -> None:
    refused(
        pytester,
        SOUND.replace("Given b x", "Given c"),
        "features/f.feature:7: no definition for: Given c",
    )


@pytest.mark.parametrize(
    ("written", "typed", "line"),
    [
        ("Scenario: one", "Scenaro: one", 5),
        ("Given b x\n          * a", "Givn b x", 6),
        ("Given b x\n          * a", "Given: b x", 6),
        ("Given b x\n          * a", "given b x", 6),
        ("Background:\n        Given a", "Background:\n        Givn a", 3),
    ],
)
def test_a_step_that_a_slip_has_made_part_of_a_description(
    pytester: pytest.Pytester, written: str, typed: str, line: int
) -> None:
    """Gherkin takes what it does not know for prose, and the scenario is not missed."""
    refused(
        pytester,
        SOUND.replace(written, typed),
        f"features/f.feature:{line}: these words are no step, though one reads like that: ",
    )


def test_prose_that_speaks_of_steps(pytester: pytest.Pytester) -> None:
    prose = "Rule: r\n        What becomes of b x is told below, and when w was there.\n"
    run(pytester, SOUND.replace("Rule: r\n", prose)).assert_outcomes(passed=3)


def test_the_debugging_step_of_pytest_bdd(pytester: pytest.Pytester) -> None:
    refused(pytester, SOUND.replace("* a", "* trace"), "no definition for: Given trace")


def test_a_definition_that_nothing_uses(pytester: pytest.Pytester) -> None:
    steps = STEPS + '\n    @given("never")\n    def _(): pass\n'
    refused(pytester, SOUND, "no scenario uses this step definition (never)", steps)


def test_unused_definitions_are_not_asked_for_when_a_part_runs(pytester: pytest.Pytester) -> None:
    steps = STEPS + '\n    @given("never")\n    def _(): pass\n'
    assert run(pytester, SOUND, steps).ret == pytest.ExitCode.USAGE_ERROR
    (pytester.path / "features" / "g.feature").write_text(
        "Feature: g\n Scenario: o\n  Given never\n  When w\n  Then t\n"
    )
    again(pytester, "features/f.feature").assert_outcomes(passed=3)
    again(pytester, "features").assert_outcomes(passed=4)


def test_the_failed_step_is_named(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        SOUND,
        STEPS.replace('@then("t")\n    def _(): pass', '@then("t")\n    def _(): assert 0'),
    )
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        ["*features/f.feature:10: one*", "  Rule: r", "*ok  When w*", "*FAILED  Then t*"]
    )


def test_junit_xml_has_the_story_of_a_failure_and_no_line_of_pytests_own(
    pytester: pytest.Pytester,
) -> None:
    steps = STEPS.replace("pass", "assert 0")
    run(pytester, SOUND, steps, "features", "--junitxml=j.xml").assert_outcomes(failed=3)
    failed = ElementTree.parse(pytester.path / "j.xml").findall(".//failure")
    for one in failed:
        assert one.text is not None
        assert "features/f.feature:4: " in one.text
        assert "FAILED  Given a" in one.text
        assert "site-packages" not in one.text


def test_what_fails_after_the_last_step_has_its_scenario_beside_it(
    pytester: pytest.Pytester,
) -> None:
    """So it is when something happened that no step names."""
    steps = (
        STEPS
        + """
    def pytest_bdd_after_step(scenario, step):
        assert step is not scenario.steps[-1] or scenario.name != "one"
"""
    )
    feature = SOUND.replace("Rule: r", "@R-1\n      Rule: r")
    result = run(pytester, feature, steps)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "features/f.feature:7: one",
            "  Rule: R-1 r",
            "      ok  Then t",
            "  FAILED  at its end: nothing else happened, and nothing is amiss",
        ]
    )
