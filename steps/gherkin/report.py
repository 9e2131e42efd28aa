"""Says which step of which feature file failed, and what the window showed then: without it a
failure names Python lines alone. Of those, pytest's own and pytest-bdd's are left out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from typing import cast

import pytest
from _pytest._code.code import ExceptionRepr, TracebackEntry
from pytest_bdd import parser

from steps.scenario.driver import Driver
from steps.scenario.sight import OwnWindow, masked

AT_THE_END = "at its end: nothing else happened, and nothing is amiss"
WORLD = pytest.StashKey["Driver"]()
STORY = pytest.StashKey[str]()
_BETWEEN = {"_pytest", "pluggy", "pytest_bdd"}


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """A scenario's world is kept for when a step of it fails."""
    made = yield
    if fixturedef.argname == "driver":
        request.node.stash[WORLD] = cast("Driver", made)
    return made


def pytest_fixture_post_finalizer(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> None:
    """It has ended with its scenario: kept on, a thousand of them fill the memory."""
    if fixturedef.argname == "driver" and WORLD in request.node.stash:
        del request.node.stash[WORLD]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The failure of a scenario is its story, in ``--junitxml`` too."""
    story = item.stash.get(STORY, "")
    if call.when == "call" and call.excinfo is not None and story:
        found = call.excinfo.traceback
        call.excinfo.traceback = found.filter(_is_of_the_specification) or found
    report = yield
    if call.when == "call" and story and isinstance(report.longrepr, ExceptionRepr):
        report.longrepr.addsection("the scenario", story)
    return report


def _is_of_the_specification(entry: TracebackEntry) -> bool:
    return str(entry.frame.f_globals.get("__name__")).partition(".")[0] not in _BETWEEN


def pytest_bdd_step_error(
    request: pytest.FixtureRequest,
    feature: parser.Feature,
    scenario: parser.Scenario,
    step: parser.Step,
) -> None:
    """Add the scenario to the report, with the failed step marked."""
    _tell(request, feature, scenario, step)


@pytest.hookimpl(wrapper=True)
def pytest_bdd_after_step(
    request: pytest.FixtureRequest, feature: parser.Feature, scenario: parser.Scenario
) -> Generator[None, object, object]:
    """The same for what fails once the last step has passed: something that no step names."""
    __tracebackhide__ = True
    with contextlib.ExitStack() as failed:
        failed.callback(_tell, request, feature, scenario, None)
        done = yield
        failed.pop_all()
    return done


def _tell(
    request: pytest.FixtureRequest,
    feature: parser.Feature,
    scenario: parser.Scenario,
    step: parser.Step | None,
) -> None:
    told = _story(feature, scenario, step)
    world = request.node.stash.get(WORLD, None)
    if isinstance(world, OwnWindow):
        lines = "\n".join(world.readable()).splitlines()
        seen = "".join(f"\n  {line}" for line in lines) or " nothing since the When"
        told += f"\nWhat could be read in the window:{masked(seen, world.secrets())}"
    request.node.stash[STORY] = told


def pytest_bdd_step_func_lookup_error(
    request: pytest.FixtureRequest,
    feature: parser.Feature,
    scenario: parser.Scenario,
    step: parser.Step,
) -> None:
    """The same for a step that has no definition."""
    request.node.stash[STORY] = _story(feature, scenario, step)


def _story(feature: parser.Feature, scenario: parser.Scenario, failed: parser.Step | None) -> str:
    place = scenario if failed is None else failed
    lines = [f"{feature.rel_filename}:{place.line_number}: {scenario.name}"]
    if scenario.rule is not None:
        lines.append("  " + " ".join(["Rule:", *sorted(scenario.rule.tags), scenario.rule.name]))
    mark = "ok"
    for step in scenario.steps:
        if step is failed:
            mark = "FAILED"
        lines.append(f"  {mark:>6}  {step.keyword} {step.name}")
        if step is failed:
            mark = "-"
    if failed is None:
        lines.append(f"  {'FAILED':>6}  {AT_THE_END}")
    return "\n".join(lines)
