"""Says which step of which feature file failed: without it a failure names Python lines alone."""

from __future__ import annotations

import pytest
from pytest_bdd import parser


def pytest_bdd_step_error(
    request: pytest.FixtureRequest,
    feature: parser.Feature,
    scenario: parser.Scenario,
    step: parser.Step,
) -> None:
    """Add the scenario to the report, with the failed step marked."""
    request.node.add_report_section("call", "scenario", _story(feature, scenario, step))


def pytest_bdd_step_func_lookup_error(
    request: pytest.FixtureRequest,
    feature: parser.Feature,
    scenario: parser.Scenario,
    step: parser.Step,
) -> None:
    """The same for a step that has no definition."""
    request.node.add_report_section("call", "scenario", _story(feature, scenario, step))


def _story(feature: parser.Feature, scenario: parser.Scenario, failed: parser.Step) -> str:
    lines = [f"{feature.rel_filename}:{failed.line_number}: {scenario.name}"]
    mark = "ok"
    for step in scenario.steps:
        if step is failed:
            mark = "FAILED"
        lines.append(f"  {mark:>6}  {step.keyword} {step.name}")
        if step is failed:
            mark = "-"
    return "\n".join(lines)
