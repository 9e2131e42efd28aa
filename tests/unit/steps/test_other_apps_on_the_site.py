"""An app that the kit has tested is one more driver on the site's own pages, if it was tested
against these very features.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from steps.gherkin import specification
from steps.kit import verdicts
from steps.kit.verdicts import Came, Report
from steps.site import frame, site
from steps.site.results import Results, State

CHECKOUT = Path(__file__).parents[3]
FEATURES = CHECKOUT / "features"
NAME = "a <small> app (2)"


def reported(*scenarios: Came) -> Report:
    features = verdicts.digest(FEATURES)
    return Report(
        1,
        1,
        "0.2",
        "a <small> app",
        "2",
        ("memory",),
        features,
        {},
        {},
        {},
        scenarios,
        1795790000.0,
    )


def shown(page: Path, scenario: str) -> str:
    """What stands at a scenario of a page, without its marks."""
    found = re.search(
        rf'<article class="scenario" id="{frame.slug(scenario)}">(.*?)</article>',
        page.read_text(),
        re.DOTALL,
    )
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1])


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """The site, given a report of these features and one of others."""
    rest = Came("restore.feature", "The very first start", (), "passed")
    known = Came("restore.feature", "The server takes its time", (), "failed as known")
    verdicts.write(tmp_path / "app.json", reported(rest, known))
    other = msgspec.structs.replace(
        reported(rest), implementation="an old one", features="sha256:0"
    )
    verdicts.write(tmp_path / "old.json", other)
    site.build(
        CHECKOUT,
        tmp_path,
        tmp_path / "site",
        reports=[tmp_path / "app.json", tmp_path / "old.json"],
    )
    return tmp_path / "site"


def test_a_feature_s_page_shows_it_beside_refapps_own_drivers(built: Path) -> None:
    page = built / "restore.html"
    assert "a &lt;small&gt; app (2): passed" in shown(page, "The very first start")
    assert "in one process: not run" in shown(page, "The very first start")
    assert "a &lt;small&gt; app (2): failed as known" in shown(page, "The server takes its time")
    assert "a &lt;small&gt; app (2): not run" in shown(
        page, "The window never flashes a login form"
    )
    assert "a &lt;small&gt; app (2): 1 failed as known" in (built / "index.html").read_text()


def test_what_was_tested_against_other_features_stands_on_the_page_of_implementations_alone(
    built: Path,
) -> None:
    pages = {path.name for path in built.glob("*.html") if "an old one" in path.read_text()}
    assert pages == {"peers.html"}
    assert "an old one (2): of other features than these" in (built / "peers.html").read_text()
    assert "<td>2026-11-27</td><td>0.2</td>" in (built / "peers.html").read_text()


def test_the_menu_leads_to_the_implementations_and_without_a_report_that_page_says_how_to_get_one(
    tmp_path: Path,
) -> None:
    site.build(CHECKOUT, tmp_path, tmp_path / "site")
    assert (
        '<a href="peers.html">Implementations</a>' in (tmp_path / "site" / "index.html").read_text()
    )
    assert "--report FILE" in (tmp_path / "site" / "peers.html").read_text()


def test_each_row_of_an_outline_has_its_own_state(tmp_path: Path) -> None:
    path = tmp_path / "doors.feature"
    path.write_text(
        "Feature: Doors\n  Scenario Outline: It opens\n    When <who> knocks\n"
        "    Examples:\n      | who |\n      | Ada |\n      | Bob |\n      | Eve |\n"
    )
    feature = specification.read(path)
    [scenario] = feature.scenarios
    report = reported(
        Came("doors.feature", "It opens", (("who", "Ada"),), "not offered"),
        Came("doors.feature", "It opens", (("who", "Bob"),), "failed"),
    )
    results = Results([feature], {"inproc": None, "desktop": None}, "now", [report])
    assert results.drivers == ("inproc", "desktop", NAME)
    states = [results.of(NAME, feature, scenario, example).state for example in scenario.examples]
    assert states == [State.NOT_OFFERED, State.FAILED, State.NOT_RUN]
    # The exit code of the site is about refapp: another app's failures are none of it.
    assert NAME not in results.standings


def test_two_reports_of_one_app_are_two_runs(tmp_path: Path) -> None:
    path = tmp_path / "doors.feature"
    path.write_text("Feature: Doors\n  Scenario: It opens\n    When Ada knocks\n")
    feature = specification.read(path)
    [scenario] = feature.scenarios
    [example] = scenario.examples
    reports = [
        reported(Came("doors.feature", "It opens", (), state)) for state in ("passed", "failed")
    ]
    results = Results([feature], {"inproc": None, "desktop": None}, "now", reports)
    assert results.drivers[2:] == (NAME, f"{NAME} (run 2)")
    assert [results.of(name, feature, scenario, example).state for name in results.drivers[2:]] == [
        State.PASSED, State.FAILED,
    ]  # fmt: skip
