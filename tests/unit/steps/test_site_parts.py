"""The site explains a failure, leads from a step's word to its meaning, follows the recipe,
compares two runs, fits one file.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from steps.gherkin import specification
from steps.site import needed, record, search, site
from steps.site.glossary import Glossary
from steps.site.pages import compare_page, recipe_page
from steps.site.pages.happened import happened
from steps.site.record import Ran, Run, Why, text_hash
from steps.site.results import Results, State
from steps.site.why import Compared

CHECKOUT = Path(__file__).parents[3]
GUIDE = (CHECKOUT / "features" / "README.md").read_text()
RAN = Ran("a.feature", "It opens", (), (), "text", "failed", (), ())


def test_a_failure_shows_both_sides_line_beside_line() -> None:
    why = Why(
        "assert <a> == <b>",
        ("server: refresh", "disk: write tokens"),
        ("server: refresh", "disk: "),
    )
    text = happened(msgspec.structs.replace(RAN, why=why), "x")
    assert "assert &lt;a&gt; == &lt;b&gt;" in text
    assert '<th scope="row">same</th><td><code>server: refresh</code></td>' in text
    assert (
        "<td><mark><code>disk: write tokens</code></mark></td><td><mark><code>disk: "
        "</code></mark></td>" in text
    )


def test_a_failure_that_compared_nothing_says_where_to_look() -> None:
    assert "Why is in the output of the run." in happened(RAN, "x")


@pytest.mark.parametrize("said", ["the token t0ken!", "t0ken!t0ken!"])
def test_no_secret_of_the_scenario_is_in_the_reason(said: str) -> None:
    compared = Compared()
    compared.failed({"a": ["t0ken!", "x"]}, [said])
    assert "t0ken!" not in repr(compared.why(said, ["t0ken!", ""]))


def test_words_of_a_step_lead_to_what_they_mean_once_each() -> None:
    linked = Glossary(GUIDE).linked(
        'the journal says "the journal" to <var class="hole">journal</var>, and the journal'
    )
    assert linked.count('href="words.html#the-journal"') == 1
    assert '"the journal"' in linked
    assert ">journal</var>" in linked


def test_every_word_has_its_place_on_the_page_of_words() -> None:
    glossary = Glossary(GUIDE)
    page = glossary.with_places("".join(f'<th scope="row">{cell}</th>' for cell in glossary.rows))
    assert len(glossary.rows) > 20
    assert len(re.findall(r'id="([^"]+)"', page)) == len(set(glossary.rows))


def test_the_search_knows_the_words_of_steps_tables_and_tags() -> None:
    index = search.index([specification.read(CHECKOUT / "features" / "refresh.feature")])
    line = next(line for line in index.splitlines() if line.startswith("const scenarios"))
    for words in ("write journal", "access token has run out", "@rf-1"):
        assert words in line


def test_the_recipe_s_rows_name_rules_that_there_are() -> None:
    rules = tomllib.loads((CHECKOUT / "features" / "rules.toml").read_text())
    flows = recipe_page.flows_in(tomllib.loads((CHECKOUT / "features" / "recipe.toml").read_text()))
    assert {
        "Sign-in",
        "Session restoration",
        "Token refresh on 401",
        "Sign-out",
        "Validate",
        "Gotchas",
    } <= flows.keys()
    for rows in flows.values():
        assert all(names and rules.keys() >= set(names) for _, names in rows)


def test_what_came_out_otherwise_is_listed_and_nothing_else() -> None:
    other = msgspec.structs.replace(RAN, name="It closes")
    passed = msgspec.structs.replace(RAN, outcome="passed")
    assert compare_page.differences([RAN, other], [passed, other]) == [
        (RAN.key, "failed", "passed")
    ]
    assert compare_page.differences([], [other]) == [(other.key, "not run", "failed")]
    page = compare_page.page({"inproc": [RAN]}, {"inproc": [passed]})
    assert "<td>failed</td><td>passed</td>" in page
    assert page.count("Nothing is different.") == 1


def test_the_whole_site_fits_one_file_and_every_link_in_it_leads_somewhere(tmp_path: Path) -> None:
    site.build(CHECKOUT, tmp_path / "none", tmp_path / "site", single=True)
    text = (tmp_path / "site" / site.SINGLE).read_text()
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    links = re.findall(r'href="([^"]+)"', text)
    assert len(links) > 500
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert not [link for link in links if not link.startswith(("#", "http"))]
    assert 'src="pictures' not in text


def test_every_row_of_examples_has_a_link_of_its_own(tmp_path: Path) -> None:
    site.build(CHECKOUT, tmp_path / "none", tmp_path / "site")
    for path in (CHECKOUT / "features").glob("*.feature"):
        rows = sum(len(one.examples) for one in specification.read(path).scenarios if one.outline)
        page = (tmp_path / "site" / f"{path.stem.replace('_', '-')}.html").read_text()
        assert len(set(re.findall(r'id="([\w-]+-row-\d+)"', page))) == rows


def test_two_scenarios_of_older_code_make_a_run_old(tmp_path: Path) -> None:
    path = tmp_path / "a.feature"
    path.write_text("Feature: f\n  Scenario: It opens\n    Given a\n    When b\n    Then c\n")
    feature = specification.read(path)
    text = text_hash(feature.scenarios[0].examples[0].steps)
    ran = msgspec.structs.replace(RAN, text=text, outcome="passed", code="older")
    run = Run("inproc", 0.0, "now", "Linux")
    known = Results([feature], {"inproc": (run, [ran])}, "now").standings["inproc"]
    assert known.old
    assert known.states[State.PASSED] == 1
    ran = msgspec.structs.replace(ran, code="now")
    assert not Results([feature], {"inproc": (run, [ran])}, "now").standings["inproc"].old


@pytest.mark.parametrize(("code", "runs"), [("now", False), ("older", True)])
def test_the_features_are_run_only_if_that_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, runs: bool
) -> None:
    features = tmp_path / "features"
    features.mkdir()
    (features / "a.feature").write_text(
        "Feature: f\n  Scenario: It opens\n    Given a\n    When b\n    Then c\n"
    )
    monkeypatch.setattr(record, "code_hash", lambda _: "now")
    asked: list[object] = []
    monkeypatch.setattr(needed.subprocess, "run", lambda command, **_: asked.append(command))
    text = text_hash(specification.read(features / "a.feature").scenarios[0].examples[0].steps)
    ran = msgspec.structs.replace(RAN, text=text, outcome="passed", code=code)
    record.write(tmp_path / "records" / "inproc.ndjson", Run("inproc", 0.0, code, "Linux"), [ran])
    assert needed.run(tmp_path, tmp_path / "records") is runs
    assert len(asked) == runs
